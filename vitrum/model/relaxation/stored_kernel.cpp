#include "vitrum/model/relaxation/stored_kernel.hpp"

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/relaxation/kernel.hpp"

namespace vitrum::model {

StoredKernel stored_kernel(Eigen::MatrixXd g1, const std::string& called) {
    constexpr double tolerance = 1e-6;
    const auto fail = [&](const std::string& what) { throw InputError(called + ": " + what); };
    if (g1.rows() != g1.cols())
        fail(fmt::format("has {} x {} values; a correlation g1(t1,t2) is square", g1.rows(), g1.cols()));
    for (Eigen::Index j = 0; j < g1.cols(); ++j)
        for (Eigen::Index i = 0; i < g1.rows(); ++i)
            if (!std::isfinite(g1(i, j))) fail(fmt::format("is not finite at ({}, {})", i, j));
    for (Eigen::Index j = 0; j < g1.cols(); ++j) {
        if (std::abs(g1(j, j) - 1) > tolerance)
            fail(fmt::format("is {} at ({}, {}); the diagonal of g1 is 1 (give g1, not the intensity's C)", g1(j, j), j,
                             j));
        g1(j, j) = 1;
        for (Eigen::Index i = j + 1; i < g1.rows(); ++i) {
            if (std::abs(g1(i, j) - g1(j, i)) > tolerance)
                fail(fmt::format("is not symmetric: {} at ({}, {}), {} at ({}, {})", g1(i, j), i, j, g1(j, i), j, i));
            g1(i, j) = g1(j, i) = (g1(i, j) + g1(j, i)) / 2;
        }
    }
    check_positive(g1, called);
    return {.g1 = std::move(g1), .called = called};
}

}  // namespace vitrum::model
