// Cramer-Rao bounds: the least variance that an unbiased estimator can have, 1/I of the Fisher information I, and the
// efficiency of an estimator, bound over variance. A bound speaks of the data that its model says are seen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/validation/measures/performance.hpp"

namespace vitrum::validation {

enum class BoundKind {
    exact,  // of the very data that the estimator sees
    limit,  // of these data in a limit; not a bound away from it
    loose,  // a bound that nobody reaches: of data that hold more than the estimator sees
    none,   // not known
};

[[nodiscard]] std::string_view name(BoundKind kind);

struct Bound {
    std::string quantity;  // as in vitrum/core/quantities/quantity.hpp, where it is one
    double variance = not_a_number;
    BoundKind kind = BoundKind::none;
    std::string source;  // of which data, in which model; why there is none
};

// Diagonal of the inverse of the information: the other parameters are unknown too. An information that is singular to
// rounding (or not finite) gives no bound.
[[nodiscard]] std::vector<Bound> bounds_from(const Eigen::MatrixXd& information,
                                             const std::vector<std::string>& quantities, BoundKind kind,
                                             const std::string& source);

// Of an estimator with bias b(theta): (1 + b')^2 times the bound, b' the derivative of the bias by the parameter (of
// one parameter alone: the bias must not depend on the others).
[[nodiscard]] Bound with_bias(Bound bound, double bias_derivative);

// Bound of f(parameters), from the gradient of f: g^T I^-1 g.
[[nodiscard]] Bound of_function(const Eigen::MatrixXd& information, const Eigen::VectorXd& gradient,
                                const std::string& quantity, BoundKind kind, const std::string& source);

// Measure "efficiency" = bound / variance of the estimates, its Monte Carlo error by the jackknife over replicates. NaN
// without a bound, with fewer than three estimates, or where they do not scatter.
[[nodiscard]] Measure efficiency(const Bound& bound, const std::vector<double>& estimates);

}  // namespace vitrum::validation
