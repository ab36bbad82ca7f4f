// Linear least squares, once for the whole program: y = A p with weights 1/error^2. By QR of the weighed columns, all
// brought to one length: the normal equations A^T W A lose half of the digits.
#pragma once

#include <span>

#include <Eigen/Dense>

namespace vitrum {

class LeastSquares {
public:
    // columns = A: points x parameters. error: standard errors of the points; empty: all weigh the same, as if 1.
    explicit LeastSquares(const Eigen::MatrixXd& columns, std::span<const double> error = {});

    // p = (A^T W A)^-1 A^T W y; for each column of y by itself, which carries a factor of the points' covariance to
    // one of the parameters'. Columns that say nothing new have p = 0.
    [[nodiscard]] Eigen::MatrixXd parameters(const Eigen::MatrixXd& y) const;
    // (A^T W A)^-1, that of the parameters if the points are independent and the errors right. NaN if the columns do
    // not tell the parameters apart.
    [[nodiscard]] Eigen::MatrixXd covariance() const;

private:
    Eigen::VectorXd root_weight_;  // empty: 1
    Eigen::VectorXd length_;       // of the weighed columns; 1 where it is 0
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr_;
};

struct LinearFit {
    Eigen::VectorXd parameters;
    Eigen::MatrixXd covariance;  // LeastSquares::covariance
    Eigen::VectorXd residuals;   // y - A p
    double chi_square = 0;       // sum of (residual / error)^2; of residual^2 without errors
};
[[nodiscard]] LinearFit fit_linear(const Eigen::MatrixXd& columns, const Eigen::VectorXd& y,
                                   std::span<const double> error = {});

}  // namespace vitrum
