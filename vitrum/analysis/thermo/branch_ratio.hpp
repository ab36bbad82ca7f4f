// Hysteresis of the dynamics: ln(tau on decompression / tau on compression) at one pressure. Ageing alone gives a ratio
// different from 1 unless both scans begin at the same waiting time after the change of pressure: then the ratio is
// that of hysteresis. Errors of the two scans are independent.
#pragma once

#include <vector>

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

// tau [any one unit] of both branches at one pressure.
struct BranchPair {
    Abscissa place;  // of the estimate: pressure, region
    double compression = not_a_number, compression_error = not_a_number;
    double decompression = not_a_number, decompression_error = not_a_number;
};

// One row, branch_log_ratio, for each pair. A tau that is not positive and finite: no_data.
[[nodiscard]] std::vector<Estimate> branch_log_ratio(const std::vector<BranchPair>& pairs);

}  // namespace vitrum::analysis
