#include "vitrum/analysis/structure/curve_error.hpp"

#include <algorithm>

#include <Eigen/Dense>

#include "vitrum/analysis/fit/fit_test.hpp"
#include "vitrum/core/numerics/least_squares.hpp"

namespace vitrum::analysis {

PeakPoints peak_points(const Curve& curve, double low, double high, double level) {
    constexpr PeakPoints none{1, 0, 0};
    std::size_t top = curve.size();
    for (std::size_t i = 0; i < curve.size(); ++i)
        if (curve.x[i] >= low && curve.x[i] <= high && (top == curve.size() || curve.y[i] > curve.y[top])) top = i;
    if (top == curve.size() || top == 0 || top + 1 == curve.size()) return none;
    if (curve.x[top - 1] < low || curve.x[top + 1] > high) return none;
    std::size_t first = top;
    std::size_t last = top;
    while (first > 0 && curve.y[first - 1] > level * curve.y[top]) --first;
    while (last + 1 < curve.size() && curve.y[last + 1] > level * curve.y[top]) ++last;
    first = std::min(first, top - 1);
    last = std::max(last, top + 1);
    return {first, top, last};
}

FitQuality parabola_quality(const Curve& curve, const PeakPoints& points) {
    if (points.last < points.first) return {.errors = "no peak"};
    if (curve.covariance_factor.size() == 0 && curve.y_error.empty()) return {.errors = "no errors of the curve"};
    const auto n = static_cast<Eigen::Index>(points.last - points.first + 1);
    FittedPoints p{Eigen::VectorXd(n), Eigen::VectorXd(n), Eigen::VectorXd(n), Eigen::MatrixXd(n, 3)};
    Eigen::VectorXd error(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const std::size_t k = points.first + static_cast<std::size_t>(i);
        const double u = (curve.x[k] - curve.x[points.top]) / (curve.x[points.last] - curve.x[points.first]);
        p.place(i) = curve.x[k];
        p.derivatives.row(i) << 1, u, u * u;
        p.value(i) = p.residual(i) = curve.y[k];  // less any parabola: contrasts do not see one
        if (!curve.y_error.empty()) error(i) = curve.y_error[k];
    }
    if (curve.covariance_factor.size() > 0)
        return quality_of_correlated(p, curve.covariance_factor.middleRows(static_cast<Eigen::Index>(points.first), n),
                                     curve.degrees_of_freedom, curve.error_method);
    return quality_of_independent(p, error, "those of the points");
}

std::vector<double> parabola_top(const Curve& curve, double low, double high, double level) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto [first, top, last] = peak_points(curve, low, high, level);
    if (last < first) return {nan, nan};
    const double centre = curve.x[top];
    const double scale = std::max(curve.x[last] - centre, centre - curve.x[first]);
    Eigen::MatrixXd columns(static_cast<Eigen::Index>(last - first + 1), 3);
    Eigen::VectorXd values(columns.rows());
    for (std::size_t i = first; i <= last; ++i) {
        const double u = (curve.x[i] - centre) / scale;
        columns.row(static_cast<Eigen::Index>(i - first)) << 1, u, u * u;
        values(static_cast<Eigen::Index>(i - first)) = curve.y[i];
    }
    const Eigen::Vector3d c = LeastSquares(columns).parameters(values);
    if (!(c[2] < 0)) return {nan, nan};
    const double u = -c[1] / (2 * c[2]);
    if (std::abs(u) > 1) return {nan, nan};
    return {centre + scale * u, c[0] + c[1] * u + c[2] * u * u};
}

}  // namespace vitrum::analysis
