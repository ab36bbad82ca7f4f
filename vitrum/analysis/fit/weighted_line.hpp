// Straight line y = a + b x through points with errors: weights 1/error^2, covariance of the parameters from the full
// covariance of the points where it is known (A Sigma A^T, A = (X^T W X)^-1 X^T W), else from independent errors, else
// from the scatter about the line.
#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct LinePoints {
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> error;          // standard errors; empty if unknown
    Eigen::MatrixXd covariance_factor;  // points x replicates, Sigma = F F^T; empty if unknown
    double degrees_of_freedom = 0;      // of that covariance
};

struct Line {
    double intercept = 0;
    double slope = 0;
    Eigen::Matrix2d covariance = Eigen::Matrix2d::Zero();
    double degrees_of_freedom = 0;  // of the errors; infinite where errors were given
    double chi_square = 0;          // sum of (residual / error)^2; of residual^2 without errors
    std::string note;               // how the errors were made
    FitQuality quality;             // whether the line holds
};

// Needs two points at different x with errors, or three without: else std::logic_error. Check with `enough`.
[[nodiscard]] bool enough(const LinePoints& points);
[[nodiscard]] Line weighted_line(const LinePoints& points);

// Of any law fitted with weights 1/error^2: `derivatives` of the law by its parameters (points x parameters) and
// residuals at the solution.
struct ParameterCovariance {
    Eigen::MatrixXd matrix;
    double degrees_of_freedom = 0;  // as in Line
    std::string note;
    FitQuality quality;
};
[[nodiscard]] ParameterCovariance parameter_covariance(const LinePoints& points, const Eigen::MatrixXd& derivatives,
                                                       const Eigen::VectorXd& residuals);

// The points of (x, y, error) at which all that is given is finite and the error positive.
[[nodiscard]] LinePoints usable(const LinePoints& points);

}  // namespace vitrum::analysis
