#include "vitrum/core/data/curve_errors.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace vitrum {

void errors_from_factor(Curve& curve) {
    const Eigen::VectorXd error = curve.covariance_factor.rowwise().norm();
    curve.y_error.assign(error.begin(), error.end());
}

void set_jackknife(Curve& curve, const Eigen::MatrixXd& left_out, std::string_view groups_of) {
    if (left_out.cols() < 2) return;
    const auto groups = static_cast<double>(left_out.cols());
    const Eigen::VectorXd mean = left_out.rowwise().mean();
    curve.covariance_factor = (left_out.colwise() - mean) * std::sqrt((groups - 1) / groups);
    for (Eigen::Index i = 0; i < mean.size(); ++i)
        if (!std::isfinite(mean(i))) curve.covariance_factor.row(i).setZero();
    errors_from_factor(curve);
    for (Eigen::Index i = 0; i < mean.size(); ++i)
        if (!std::isfinite(mean(i)))
            curve.y_error[static_cast<std::size_t>(i)] = std::numeric_limits<double>::quiet_NaN();
    curve.degrees_of_freedom = groups - 1;
    curve.error_method = fmt::format("jackknife over {} {}", left_out.cols(), groups_of);
}

Eigen::MatrixXd side_by_side(const std::vector<std::vector<double>>& columns) {
    if (columns.empty()) return {};
    Eigen::MatrixXd out(static_cast<Eigen::Index>(columns.front().size()), static_cast<Eigen::Index>(columns.size()));
    for (std::size_t k = 0; k < columns.size(); ++k)
        out.col(static_cast<Eigen::Index>(k)) =
            Eigen::Map<const Eigen::VectorXd>(columns[k].data(), static_cast<Eigen::Index>(columns[k].size()));
    return out;
}

}  // namespace vitrum
