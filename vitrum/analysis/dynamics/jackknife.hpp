// Errors of curves and of what is read off them, from values that leave out one group of the data each.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

// A value read off a curve, with the jackknife error of its groups (those of set_jackknife; infinite values are none).
// `read` takes the y of all points.
[[nodiscard]] Estimate read_off(const Curve& curve, std::string_view quantity,
                                const std::function<double(const std::vector<double>&)>& read, std::string note);

// Groups that atoms or wavevectors are dealt to in turn.
inline constexpr std::size_t jackknife_groups = 20;

}  // namespace vitrum::analysis
