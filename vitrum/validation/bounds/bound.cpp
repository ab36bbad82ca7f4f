#include "vitrum/validation/bounds/bound.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <Eigen/Dense>

#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::validation {

namespace {

// Scaled to a unit diagonal, so that units do not matter; empty if it is singular to rounding.
Eigen::MatrixXd inverse_of(const Eigen::MatrixXd& information) {
    const Eigen::VectorXd scale = information.diagonal().cwiseSqrt().cwiseInverse();
    if (!information.allFinite() || !scale.allFinite()) return {};
    const Eigen::MatrixXd scaled = scale.asDiagonal() * information * scale.asDiagonal();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(scaled);
    if (eigen.info() != Eigen::Success || !(eigen.eigenvalues().minCoeff() > 1e-12)) return {};
    return scale.asDiagonal() * scaled.inverse() * scale.asDiagonal();
}

Bound no_bound(const std::string& quantity, const std::string& source) {
    return {quantity, not_a_number, BoundKind::none, source + ": the information is singular"};
}

}  // namespace

std::string_view name(BoundKind kind) {
    constexpr std::array names{"exact", "limit", "loose", "none"};
    return names.at(static_cast<std::size_t>(kind));
}

std::vector<Bound> bounds_from(const Eigen::MatrixXd& information, const std::vector<std::string>& quantities,
                               BoundKind kind, const std::string& source) {
    const Eigen::MatrixXd inverse = inverse_of(information);
    std::vector<Bound> bounds;
    for (std::size_t i = 0; i < quantities.size(); ++i) {
        const auto k = static_cast<Eigen::Index>(i);
        if (inverse.size() == 0)
            bounds.push_back(no_bound(quantities[i], source));
        else
            bounds.push_back({quantities[i], inverse(k, k), kind, source});
    }
    return bounds;
}

Bound with_bias(Bound bound, double bias_derivative) {
    bound.variance *= (1 + bias_derivative) * (1 + bias_derivative);
    return bound;
}

Bound of_function(const Eigen::MatrixXd& information, const Eigen::VectorXd& gradient, const std::string& quantity,
                  BoundKind kind, const std::string& source) {
    const Eigen::MatrixXd inverse = inverse_of(information);
    if (inverse.size() == 0) return no_bound(quantity, source);
    return {quantity, gradient.dot(inverse * gradient), kind, source};
}

Measure efficiency(const Bound& bound, const std::vector<double>& estimates) {
    Measure m;
    m.name = "efficiency";
    m.replicates = estimates.size();
    if (bound.kind == BoundKind::none || estimates.size() < 3) return m;
    const auto n = static_cast<double>(estimates.size());
    const double centre = mean(estimates);
    const double sum = sample_variance(estimates) * (n - 1);
    if (!(sum > 0)) return m;
    m.value = bound.variance * (n - 1) / sum;
    // Without one replicate the sum of squares loses n/(n-1) times its squared deviation.
    std::vector<double> left_out;
    for (const double x : estimates)
        left_out.push_back(bound.variance * (n - 2) / (sum - n / (n - 1) * (x - centre) * (x - centre)));
    m.mcse = jackknife_error(left_out);
    const double half = student_factor(std::numeric_limits<double>::infinity()) * m.mcse;
    m.lower = m.value - half;
    m.upper = m.value + half;
    return m;
}

}  // namespace vitrum::validation
