#include "vitrum/core/numerics/least_squares.hpp"

#include <limits>

namespace vitrum {

namespace {

Eigen::VectorXd inverse_of(std::span<const double> error) {
    return Eigen::Map<const Eigen::VectorXd>(error.data(), static_cast<Eigen::Index>(error.size())).cwiseInverse();
}

}  // namespace

LeastSquares::LeastSquares(const Eigen::MatrixXd& columns, std::span<const double> error)
    : root_weight_(inverse_of(error)) {
    Eigen::MatrixXd weighed = columns;
    if (root_weight_.size() > 0) weighed.array().colwise() *= root_weight_.array();
    length_ = weighed.colwise().norm();
    for (double& length : length_)
        if (!(length > 0)) length = 1;
    if (columns.cols() > 0) qr_.compute(weighed * length_.cwiseInverse().asDiagonal());
}

Eigen::MatrixXd LeastSquares::parameters(const Eigen::MatrixXd& y) const {
    if (length_.size() == 0) return Eigen::MatrixXd(0, y.cols());
    Eigen::MatrixXd weighed = y;
    if (root_weight_.size() > 0) weighed.array().colwise() *= root_weight_.array();
    return length_.cwiseInverse().asDiagonal() * qr_.solve(weighed);
}

Eigen::MatrixXd LeastSquares::covariance() const {
    const Eigen::Index n = length_.size();
    if (n == 0) return {};
    if (qr_.rank() < n) return Eigen::MatrixXd::Constant(n, n, std::numeric_limits<double>::quiet_NaN());
    // A = Q R P^T: (A^T A)^-1 = P R^-1 R^-T P^T.
    const Eigen::MatrixXd inverse =
        qr_.matrixR().topLeftCorner(n, n).triangularView<Eigen::Upper>().solve(Eigen::MatrixXd::Identity(n, n));
    const Eigen::MatrixXd root = length_.cwiseInverse().asDiagonal() * (qr_.colsPermutation() * inverse);
    return root * root.transpose();
}

LinearFit fit_linear(const Eigen::MatrixXd& columns, const Eigen::VectorXd& y, std::span<const double> error) {
    const LeastSquares law(columns, error);
    LinearFit fit;
    fit.parameters = law.parameters(y);
    fit.covariance = law.covariance();
    fit.residuals = y - columns * fit.parameters;
    fit.chi_square =
        error.empty() ? fit.residuals.squaredNorm() : fit.residuals.cwiseProduct(inverse_of(error)).squaredNorm();
    return fit;
}

}  // namespace vitrum
