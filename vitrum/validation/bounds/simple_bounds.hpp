// Bounds with short formulas: a straight line, curves with Gaussian errors, a power law, two-level rates, the contrast
// of one frame.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "vitrum/validation/bounds/bound.hpp"

namespace vitrum::validation {

// y = intercept + slope x with independent Gaussian errors of known standard deviation. Exact; the weighted line
// reaches it. Rows: intercept, slope, under the names given.
[[nodiscard]] std::vector<Bound> line_bounds(const std::vector<double>& x, const std::vector<double>& error,
                                             const std::string& intercept = "intercept",
                                             const std::string& slope = "slope");

// Information of a curve y_i(parameters) with Gaussian errors of known covariance that does not depend on the
// parameters: J^T covariance^-1 J, J = dy/dparameters (points x parameters). Throws InputError if the covariance is not
// positive definite.
[[nodiscard]] Eigen::MatrixXd curve_information(const Eigen::MatrixXd& derivatives, const Eigen::MatrixXd& covariance);

// g2 = baseline + contrast exp(-2 (lag/tau)^beta).
struct KwwCurve {
    double tau = 1;  // in the unit of the lags
    double beta = 1;
    double contrast = 1;
    bool baseline_known = false;
};

// What an estimator can get from this curve alone, with this noise: rows tau, beta, contrast and, unless it is known,
// baseline. Exact for Gaussian errors; the frames may hold more.
[[nodiscard]] std::vector<Bound> kww_curve_bounds(const KwwCurve& curve, const std::vector<double>& lags,
                                                  const Eigen::MatrixXd& covariance);

// Exponent of p(x) ~ x^-alpha, x >= x_min known, from n sizes: (alpha-1)^2/n. Exact; maximum likelihood has
// n^3/((n-1)^2 (n-2)) times this variance, and bias derivative 1/(n-1).
[[nodiscard]] Bound power_law_bound(double alpha, std::size_t n);

// Two levels with the rates `up` (1 to 2) and `down` (2 to 1) [1/s].
struct TwoLevelRates {
    double up = 1;
    double down = 1;
};

// From the times of `transitions` jumps in a row, starting with a jump up: the log-likelihood is a sum of exponential
// dwell times, I = diag((n_up)/up^2, (n_down)/down^2). Exact. Rows: rate_up, rate_down, tau = 1/(up + down). With one
// transition only rate_up has a bound.
[[nodiscard]] std::vector<Bound> jump_bounds(const TwoLevelRates& rates, std::size_t transitions);

// From the occupation of level 2, p(t) = p_eq + (p(0) - p_eq) exp(-(up + down) t) with p_eq = up/(up + down) and p(0)
// known, at given times with independent Gaussian errors. Exact. Rows as above.
[[nodiscard]] std::vector<Bound> relaxation_bounds(const TwoLevelRates& rates, double initial,
                                                   const std::vector<double>& times, const std::vector<double>& error);

// Contrast 1/M from the counts of `values` independent pixels (or independent frames of them): negative binomial with
// mean counts `mean` and M = 1/contrast, whole or not; both unknown. Exact. Frames that
// share their speckle are not independent.
[[nodiscard]] Bound contrast_bound(double contrast, double mean, double values);

}  // namespace vitrum::validation
