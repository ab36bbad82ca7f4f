// Does a law hold for the points that it was fitted to? Residuals r = y - f are seen through contrasts c = B^T r that
// no change of the fitted parameters can reach, B^T J = 0 with J the derivatives of the law: whatever the weights of
// the fit, c = B^T (noise) to first order, with covariance B^T Sigma B, and
//   independent errors      chi^2 = |c/error|^2 over all contrasts
//   Sigma = F F^T           T^2 = c^T (B^T Sigma B)^-1 c, Hotelling's where F comes from few replicates
// A covariance of m degrees of freedom bears at most m/3 contrasts, and more than 20 are never taken: the points are
// averaged in bins of equal width along `place` first, so that few contrasts still see the whole curve.
#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "vitrum/analysis/fit/curve_fit.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct FittedPoints {
    Eigen::VectorXd place;        // ascending; bins are equal in it
    Eigen::VectorXd value;        // y, for what counts as rounding
    Eigen::VectorXd residual;     // y - f or f - y
    Eigen::MatrixXd derivatives;  // points x free parameters
};

// Independent errors of the points. One that is not positive: no test.
[[nodiscard]] FitQuality quality_of_independent(const FittedPoints& points, const Eigen::VectorXd& error,
                                                std::string errors);

// Sigma = F F^T of `freedom` degrees of freedom (infinite: exact).
[[nodiscard]] FitQuality quality_of_correlated(const FittedPoints& points, const Eigen::MatrixXd& factor,
                                               double freedom, std::string errors);

// Of a fit to a curve, bins in the logarithm of x. The errors are those of the curve: its covariance, else its y_error
// as independent. No test: without errors, and where they are known to be too small (common practice, bootstrap, groups
// of pixels that share speckles).
[[nodiscard]] FitQuality quality_of_curve_fit(const CurveLaw& law, const Curve& curve, const FitPoints& points,
                                              const std::vector<bool>& fixed, const std::vector<double>& parameters);

}  // namespace vitrum::analysis
