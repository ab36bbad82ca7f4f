// Time-scaled master curve: g2 of several series or ages, each less its fitted baseline, over its fitted contrast,
// against dt/tau of its own fit; and a test of whether the curves collapse onto one.
//
// Every curve is averaged in bins of ln(dt/tau) that all of them reach. Statistic: sum over curves and bins of (curve -
// weighted mean of the curves)^2 / variance. Its law under collapse comes from drawing the noise of every curve from
// its full covariance, lags and fitted parameters together (a parametric bootstrap to first order in the noise), so
// that neither the correlation of lags nor the scaling by fitted numbers counts as agreement. Curves are taken as
// independent: series, or ages apart by more than tau.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vitrum/analysis/relaxation/kww.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct MasterCurveOptions {
    KwwOptions kww{};            // range, weights, baseline, beta of every fit
    std::size_t bins = 8;        // over the common range of ln(dt/tau)
    std::size_t draws = 2000;    // of the bootstrap
    std::uint64_t seed = 1;      // of the bootstrap
    double false_alarms = 0.05;  // "no collapse" below this p-value
};

struct MasterCurve {
    std::vector<Curve> scaled;  // (g2 - baseline)/contrast against dt/tau, of the curves that were used
    Curve master;               // weighted mean in the bins
    std::vector<Estimate> rows;
};

// Curves need a covariance (g2.hpp) and a clean fit; others are left out and counted in the note. Rows:
//   master_curve_statistic   sum of squares over its expectation under collapse: 1 if the curves collapse
//   master_curve_p_value     probability of a sum as large under collapse; its standard error is that of the draws
//   master_curve_beta        exponent of one KWW through the master curve (no error: points are correlated)
// no_data: fewer than two usable curves, or fewer than three common bins. Throws InputError: bins < 3, draws < 100.
[[nodiscard]] MasterCurve master_curve(const std::vector<Curve>& g2, const MasterCurveOptions& options = {});

}  // namespace vitrum::analysis
