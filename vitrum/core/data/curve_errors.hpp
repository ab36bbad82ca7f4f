// Errors of a curve from a factor of its covariance, and the jackknife that gives one.
#pragma once

#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "vitrum/core/data/curve.hpp"

namespace vitrum {

// y_error from the rows of the covariance factor.
void errors_from_factor(Curve& curve);

// Delete-one-group jackknife; left_out: the values without one group each (points x groups). Sets covariance_factor,
// y_error, degrees_of_freedom and error_method ("jackknife over 20 groups of atoms"); fewer than two groups set none. A
// point that a group makes undefined has no error (NaN) and no covariance.
void set_jackknife(Curve& curve, const Eigen::MatrixXd& left_out, std::string_view groups_of);

// Equally long columns side by side.
[[nodiscard]] Eigen::MatrixXd side_by_side(const std::vector<std::vector<double>>& columns);

}  // namespace vitrum
