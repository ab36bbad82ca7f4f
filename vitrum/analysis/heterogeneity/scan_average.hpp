// Delta C over several scans of one pressure, as Cornet et al. 2023 do it: each scan's values C(t, t + tau) at its own
// tau, the normalised histograms averaged over the scans, the shortest interval that holds 90 % of the mean. Corrected:
// each scan's distribution is deconvolved with its own noise before it is averaged. Over contrast: the mean of the
// scans' contrasts. A spread of tau or contrast between scans does not widen it at the lag tau, a spread of the
// baseline does.
#pragma once

#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct ScanTrace {
    const Curve* trace = nullptr;  // C(t, t + tau), y_error = noise of one value
    std::size_t lag = 1;           // [frames] tau of this scan
    double contrast = not_a_number;
};

// Rows heterogeneity_width_scans, relative_heterogeneity_width_scans and both _corrected. Errors and intervals: blocks
// of 2 lags drawn again within each scan, 100 times; none where a scan is shorter than 16 lags. At least one scan.
[[nodiscard]] std::vector<Estimate> scan_averaged_width(const std::vector<ScanTrace>& scans);

struct ScanTau {
    double tau = not_a_number;  // any one unit
    double error = not_a_number;
};

// <tau> over the scans of one place, from two scans on: tau_over_scans, the plain mean with the standard error of its
// scan-to-scan spread (Student, n - 1 degrees of freedom), and tau_over_scans_p: chi^2 of the tau about their weighted
// mean under their own errors. A small p says that scans differ by more than each of them knows: then only the spread
// between scans is an error of <tau>.
[[nodiscard]] std::vector<Estimate> tau_over_scans(const std::vector<ScanTau>& scans);

}  // namespace vitrum::analysis
