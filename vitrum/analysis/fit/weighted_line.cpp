#include "vitrum/analysis/fit/weighted_line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include <Eigen/Dense>

#include "vitrum/analysis/fit/fit_test.hpp"

namespace vitrum::analysis {

namespace {

std::vector<std::size_t> ascending(const std::vector<double>& x) {
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    return order;
}

FittedPoints in_order(const LinePoints& points, const Eigen::MatrixXd& derivatives, const Eigen::VectorXd& residuals) {
    const auto n = derivatives.rows();
    const auto order = ascending(points.x);
    FittedPoints p{Eigen::VectorXd(n), Eigen::VectorXd(n), Eigen::VectorXd(n), Eigen::MatrixXd(n, derivatives.cols())};
    for (Eigen::Index i = 0; i < n; ++i) {
        const std::size_t k = order[static_cast<std::size_t>(i)];
        p.place(i) = points.x[k];
        p.value(i) = points.y[k];
        p.residual(i) = residuals(static_cast<Eigen::Index>(k));
        p.derivatives.row(i) = derivatives.row(static_cast<Eigen::Index>(k));
    }
    return p;
}

}  // namespace

bool enough(const LinePoints& points) {
    const std::size_t needed = points.error.empty() ? 3 : 2;
    if (points.x.size() < needed) return false;
    const auto [low, high] = std::minmax_element(points.x.begin(), points.x.end());
    return *low < *high;
}

LinePoints usable(const LinePoints& points) {
    LinePoints out;
    out.degrees_of_freedom = points.degrees_of_freedom;
    std::vector<Eigen::Index> rows;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        if (!std::isfinite(points.x[i]) || !std::isfinite(points.y[i])) continue;
        if (!points.error.empty() && !(points.error[i] > 0 && std::isfinite(points.error[i]))) continue;
        out.x.push_back(points.x[i]);
        out.y.push_back(points.y[i]);
        if (!points.error.empty()) out.error.push_back(points.error[i]);
        rows.push_back(static_cast<Eigen::Index>(i));
    }
    if (points.covariance_factor.size() > 0) {
        out.covariance_factor.resize(static_cast<Eigen::Index>(rows.size()), points.covariance_factor.cols());
        for (std::size_t i = 0; i < rows.size(); ++i)
            out.covariance_factor.row(static_cast<Eigen::Index>(i)) = points.covariance_factor.row(rows[i]);
    }
    return out;
}

ParameterCovariance parameter_covariance(const LinePoints& points, const Eigen::MatrixXd& derivatives,
                                         const Eigen::VectorXd& residuals) {
    const auto n = derivatives.rows();
    Eigen::VectorXd error = Eigen::VectorXd::Ones(n);
    for (Eigen::Index i = 0; i < n && !points.error.empty(); ++i) error(i) = points.error[static_cast<std::size_t>(i)];
    const Eigen::MatrixXd x = error.cwiseInverse().asDiagonal() * derivatives;
    const Eigen::MatrixXd inverse = (x.transpose() * x).inverse();
    ParameterCovariance out;
    if (points.error.empty()) {
        out.degrees_of_freedom = static_cast<double>(n - derivatives.cols());
        out.note = "errors: scatter about the law";
        out.matrix = inverse * residuals.squaredNorm() / out.degrees_of_freedom;
        out.quality.errors = "the errors are the scatter about it";
        return out;
    }
    const FittedPoints fitted = in_order(points, derivatives, residuals);
    if (points.covariance_factor.size() > 0) {
        const Eigen::MatrixXd moved =
            inverse * x.transpose() * error.cwiseInverse().asDiagonal() * points.covariance_factor;
        out.matrix = moved * moved.transpose();
        out.degrees_of_freedom = points.degrees_of_freedom;
        out.note = "errors: covariance of the points";
        const auto order = ascending(points.x);
        Eigen::MatrixXd factor(n, points.covariance_factor.cols());
        for (Eigen::Index i = 0; i < n; ++i)
            factor.row(i) = points.covariance_factor.row(static_cast<Eigen::Index>(order[static_cast<std::size_t>(i)]));
        out.quality = quality_of_correlated(fitted, factor, out.degrees_of_freedom, "covariance of the points");
        return out;
    }
    out.matrix = inverse;
    out.degrees_of_freedom = std::numeric_limits<double>::infinity();
    out.note = "errors: those of the points, taken as independent";
    const auto order = ascending(points.x);
    for (Eigen::Index i = 0; i < n; ++i) error(i) = points.error[order[static_cast<std::size_t>(i)]];
    out.quality = quality_of_independent(fitted, error, "those of the points");
    return out;
}

Line weighted_line(const LinePoints& points) {
    if (!enough(points)) throw std::logic_error("a line needs two points with errors at different places");
    const auto n = static_cast<Eigen::Index>(points.x.size());
    // About the mean of x: the two parameters are then nearly independent.
    double centre = 0;
    for (const double v : points.x) centre += v / static_cast<double>(n);
    Eigen::MatrixXd derivatives = Eigen::MatrixXd::Ones(n, 2);
    Eigen::VectorXd y(n);
    Eigen::VectorXd weight = Eigen::VectorXd::Ones(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        derivatives(i, 1) = points.x[k] - centre;
        y(i) = points.y[k];
        if (!points.error.empty()) weight(i) = 1 / (points.error[k] * points.error[k]);
    }
    const Eigen::MatrixXd weighted = derivatives.transpose() * weight.asDiagonal();
    const Eigen::Vector2d p = Eigen::Matrix2d(weighted * derivatives).inverse() * (weighted * y);
    const Eigen::VectorXd residuals = y - derivatives * p;
    Line line;
    line.chi_square = residuals.dot(weight.asDiagonal() * residuals);
    ParameterCovariance found = parameter_covariance(points, derivatives, residuals);
    line.degrees_of_freedom = found.degrees_of_freedom;
    line.note = std::move(found.note);
    line.quality = std::move(found.quality);
    // Back from the mean of x to x = 0.
    Eigen::Matrix2d shift;
    shift << 1, -centre, 0, 1;
    const Eigen::Vector2d q = shift * p;
    line.intercept = q(0);
    line.slope = q(1);
    line.covariance = shift * found.matrix * shift.transpose();
    return line;
}

}  // namespace vitrum::analysis
