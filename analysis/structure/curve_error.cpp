#include "analysis/structure/curve_error.hpp"

#include <algorithm>

#include <Eigen/Dense>

namespace vitrum::analysis {

std::vector<double> parabola_top(const Curve& curve, double low, double high, double level) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    std::size_t top = curve.size();
    for (std::size_t i = 0; i < curve.size(); ++i)
        if (curve.x[i] >= low && curve.x[i] <= high && (top == curve.size() || curve.y[i] > curve.y[top])) top = i;
    if (top == curve.size() || top == 0 || top + 1 == curve.size()) return {nan, nan};
    if (curve.x[top - 1] < low || curve.x[top + 1] > high) return {nan, nan};
    std::size_t first = top;
    std::size_t last = top;
    while (first > 0 && curve.y[first - 1] > level * curve.y[top]) --first;
    while (last + 1 < curve.size() && curve.y[last + 1] > level * curve.y[top]) ++last;
    first = std::min(first, top - 1);
    last = std::max(last, top + 1);
    const double centre = curve.x[top];
    const double scale = std::max(curve.x[last] - centre, centre - curve.x[first]);
    Eigen::Matrix3d a = Eigen::Matrix3d::Zero();
    Eigen::Vector3d b = Eigen::Vector3d::Zero();
    for (std::size_t i = first; i <= last; ++i) {
        const double u = (curve.x[i] - centre) / scale;
        const Eigen::Vector3d row(1, u, u * u);
        a += row * row.transpose();
        b += row * curve.y[i];
    }
    const Eigen::Vector3d c = a.ldlt().solve(b);
    if (!(c[2] < 0)) return {nan, nan};
    const double u = -c[1] / (2 * c[2]);
    if (std::abs(u) > 1) return {nan, nan};
    return {centre + scale * u, c[0] + c[1] * u + c[2] * u * u};
}

}  // namespace vitrum::analysis
