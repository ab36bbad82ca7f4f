#include "vitrum/core/atoms/wavevectors.hpp"

#include <cmath>
#include <numbers>

#include <Eigen/Dense>

namespace vitrum {

namespace {
using Matrix = Eigen::Matrix<double, 3, 3, Eigen::RowMajor>;
constexpr double two_pi = 2 * std::numbers::pi;
}  // namespace

std::vector<Wavevector> wavevectors(const CellMatrix& box, double q_low, double q_high) {
    const Matrix h = Eigen::Map<const Matrix>(box.data());
    const Matrix reciprocal = two_pi * h.inverse().transpose();
    std::array<int, 3> most{};
    for (std::size_t k = 0; k < 3; ++k)
        most[k] = static_cast<int>(std::floor(q_high * h.col(static_cast<Eigen::Index>(k)).norm() / two_pi));
    std::vector<Wavevector> result;
    for (int x = 0; x <= most[0]; ++x)
        for (int y = x == 0 ? 0 : -most[1]; y <= most[1]; ++y)
            for (int z = x == 0 && y == 0 ? 1 : -most[2]; z <= most[2]; ++z) {
                const double q = (reciprocal * Eigen::Vector3d(x, y, z)).norm();
                if (q >= q_low && q <= q_high) result.push_back({{x, y, z}, q});
            }
    return result;
}

double modulus(const CellMatrix& box, const std::array<int, 3>& n) {
    const Matrix h = Eigen::Map<const Matrix>(box.data());
    return two_pi * (h.inverse().transpose() * Eigen::Vector3d(n[0], n[1], n[2])).norm();
}

}  // namespace vitrum
