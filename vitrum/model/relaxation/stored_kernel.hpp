// A correlation g1(t1,t2) that a user gives as a matrix on the frames' times.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include <Eigen/Core>

namespace vitrum::model {

struct StoredKernel {
    Eigen::MatrixXd g1;     // frames x frames, real, symmetric, unit diagonal
    double start = 0;       // [s] age at its first row
    double frame_time = 1;  // [s]
    std::string called{};   // for messages

    // Row of the nearest frame.
    [[nodiscard]] Eigen::Index row(double t) const {
        const auto nearest = static_cast<Eigen::Index>(std::llround((t - start) / frame_time));
        return std::clamp<Eigen::Index>(nearest, 0, g1.rows() - 1);
    }
};

// Throws InputError: not square, not finite, not symmetric, diagonal not 1 (each to 1e-6), or not positive
// semidefinite, with the smallest eigenvalue. Rounding is taken out: the matrix becomes exactly symmetric with a unit
// diagonal.
[[nodiscard]] StoredKernel stored_kernel(Eigen::MatrixXd g1, const std::string& called);

}  // namespace vitrum::model
