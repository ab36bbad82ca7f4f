// Fit of g2(dt) = baseline + contrast exp(-2 (dt/tau)^beta), the factor 2 always there (Cornet 2023, Zhang 2023).
// Weighted least squares (Ceres, several starts). The covariance of the parameters is that of this very estimator
// under the covariance of g2: A Sigma A^T with A = (J^T W J)^-1 J^T W, not the one that pretends independent lags.
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include "vitrum/analysis/fit/curve_fit.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct KwwOptions {
    double min_lag = 0;                                        // [unit of the curve] lags below are not used
    double max_lag = std::numeric_limits<double>::infinity();  // [unit of the curve]
    KwwWeights weights = KwwWeights::model;
    std::optional<double> baseline{};                  // fixed value; free if empty
    std::optional<double> beta{};                      // fixed value; free if empty
    std::optional<double> contrast{};                  // fixed value; free if empty
    double lowest_baseline = 0;                        // bound; below 0 for Pearson correlations
    bool profile = false;                              // profile-likelihood intervals in place of the linear ones
    double rejection_level = vitrum::rejection_level;  // of the law's p
};

struct KwwFit {
    double contrast = not_a_number;
    double tau = not_a_number;  // [unit of the curve]
    double beta = not_a_number;
    double baseline = not_a_number;
    Eigen::Matrix4d covariance = Eigen::Matrix4d::Zero();  // of (contrast, ln tau, beta, baseline); 0 where fixed
    Eigen::MatrixXd parameter_factor;                      // 4 x replicates of the errors of g2: covariance = F F^T
    double degrees_of_freedom = 0;
    double contrast_error_power = 0;  // k of error(contrast) ~ contrast^k about the fit, 0 to 3
    // 95 % profile intervals of (contrast, ln tau, beta, baseline): the sum of squares may rise by t^2 times the ratio
    // of the parameter's variance to its inverse curvature, so that for a linear law they are the linear intervals.
    // NaN on a side where a bound comes first. Empty unless asked for.
    std::vector<ProfileInterval> profile;
    Status status = Status::no_data;
    FitQuality quality;
    double first_lag = 0, last_lag = 0;  // range that was used
    std::size_t points = 0;
    std::string note;  // where the errors come from, which lags

    [[nodiscard]] double operator()(double lag) const;
};

// Status rather than number where the data do not carry one:
//   decay_not_reached  free baseline: less than 95 % of the decay lies inside the lags used, for tau at the upper end
//   of
//                      its 95 % interval, or two tau are not inside them; fixed baseline: tau beyond the lags
//   not_resolved       the decay is over before the second lag used, or ln tau has a standard error above 1
//   at_bound           beta at 0.1 or 3, tau or contrast at the edge of what can be meant
//   law_rejected       none of these, and p of the misfit (fit_test.hpp) lies below the level
[[nodiscard]] KwwFit fit_kww(const Curve& g2, const KwwOptions& options = {});

// tau, rate, beta, contrast, baseline with standard errors and 95 % intervals: of tau and rate symmetric in the
// logarithm, of the contrast in the power 1 - k in which its error is the same at both ends (at small beta the contrast
// is extrapolated far to lag 0, and a low one has a small error: k is about 2); kww_p.
[[nodiscard]] std::vector<Estimate> estimates_of(const KwwFit& fit, const std::string& time_unit);

}  // namespace vitrum::analysis
