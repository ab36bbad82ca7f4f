#include "analysis/correlation/weighted_line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <Eigen/Dense>
#include <boost/math/distributions/chi_squared.hpp>
#include <fmt/format.h>

namespace vitrum::analysis {

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

Eigen::MatrixXd parameter_covariance(const LinePoints& points, const Eigen::MatrixXd& derivatives,
                                     const Eigen::VectorXd& residuals, double& degrees_of_freedom, std::string& note) {
    const auto n = derivatives.rows();
    Eigen::VectorXd error = Eigen::VectorXd::Ones(n);
    for (Eigen::Index i = 0; i < n && !points.error.empty(); ++i) error(i) = points.error[static_cast<std::size_t>(i)];
    const Eigen::MatrixXd x = error.cwiseInverse().asDiagonal() * derivatives;
    const Eigen::MatrixXd inverse = (x.transpose() * x).inverse();
    const auto freedom = static_cast<double>(n - derivatives.cols());
    const double chi_square = residuals.cwiseQuotient(error).squaredNorm();
    if (points.error.empty()) {
        degrees_of_freedom = freedom;
        note = "errors: scatter about the law";
        return inverse * chi_square / freedom;
    }
    Eigen::MatrixXd covariance = inverse;
    if (points.covariance_factor.size() > 0) {
        const Eigen::MatrixXd moved =
            inverse * x.transpose() * error.cwiseInverse().asDiagonal() * points.covariance_factor;
        covariance = moved * moved.transpose();
        degrees_of_freedom = points.degrees_of_freedom;
        note = "errors: covariance of the points";
    } else {
        degrees_of_freedom = std::numeric_limits<double>::infinity();
        note = "errors: those of the points, taken as independent";
    }
    if (freedom > 0) {
        const double p =
            boost::math::cdf(boost::math::complement(boost::math::chi_squared(freedom), std::min(chi_square, 1e6)));
        note += fmt::format("; chi^2 = {:.3g} for {} degrees of freedom (p = {:.2g})", chi_square, freedom, p);
        if (p < 0.001) note += ": the law does not describe these points";
    }
    return covariance;
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
    const Eigen::MatrixXd covariance =
        parameter_covariance(points, derivatives, residuals, line.degrees_of_freedom, line.note);
    // Back from the mean of x to x = 0.
    Eigen::Matrix2d shift;
    shift << 1, -centre, 0, 1;
    const Eigen::Vector2d q = shift * p;
    line.intercept = q(0);
    line.slope = q(1);
    line.covariance = shift * covariance * shift.transpose();
    return line;
}

}  // namespace vitrum::analysis
