#include "vitrum/analysis/fit/weighted_line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include <Eigen/Dense>

#include "vitrum/analysis/fit/fit_test.hpp"
#include "vitrum/core/numerics/least_squares.hpp"
#include "vitrum/core/numerics/statistics.hpp"

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
    const LeastSquares law(derivatives, points.error);
    ParameterCovariance out;
    if (points.error.empty()) {
        out.degrees_of_freedom = static_cast<double>(n - derivatives.cols());
        out.note = "errors: scatter about the law";
        out.matrix = law.covariance() * residuals.squaredNorm() / out.degrees_of_freedom;
        out.quality.errors = "the errors are the scatter about it";
        return out;
    }
    const FittedPoints fitted = in_order(points, derivatives, residuals);
    if (points.covariance_factor.size() > 0) {
        const Eigen::MatrixXd moved = law.parameters(points.covariance_factor);
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
    out.matrix = law.covariance();
    out.degrees_of_freedom = std::numeric_limits<double>::infinity();
    out.note = "errors: those of the points, taken as independent";
    const auto order = ascending(points.x);
    Eigen::VectorXd error(n);
    for (Eigen::Index i = 0; i < n; ++i) error(i) = points.error[order[static_cast<std::size_t>(i)]];
    out.quality = quality_of_independent(fitted, error, "those of the points");
    return out;
}

Line weighted_line(const LinePoints& points) {
    if (!enough(points)) throw std::logic_error("a line needs two points with errors at different places");
    const auto n = static_cast<Eigen::Index>(points.x.size());
    // About the mean of x: the two parameters are then nearly independent.
    const double centre = mean(points.x);
    Eigen::MatrixXd derivatives = Eigen::MatrixXd::Ones(n, 2);
    for (Eigen::Index i = 0; i < n; ++i) derivatives(i, 1) = points.x[static_cast<std::size_t>(i)] - centre;
    const LinearFit fit = fit_linear(derivatives, Eigen::Map<const Eigen::VectorXd>(points.y.data(), n), points.error);
    Line line;
    line.chi_square = fit.chi_square;
    ParameterCovariance found = parameter_covariance(points, derivatives, fit.residuals);
    line.degrees_of_freedom = found.degrees_of_freedom;
    line.note = std::move(found.note);
    line.quality = std::move(found.quality);
    // Back from the mean of x to x = 0.
    Eigen::Matrix2d shift;
    shift << 1, -centre, 0, 1;
    const Eigen::Vector2d q = shift * fit.parameters;
    line.intercept = q(0);
    line.slope = q(1);
    line.covariance = shift * found.matrix * shift.transpose();
    return line;
}

}  // namespace vitrum::analysis
