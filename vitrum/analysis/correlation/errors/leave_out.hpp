// Jackknife over groups of neighbouring pixels by doing the whole correlation again without each group: right for any
// normalisation and any way to read the map, at the price of one map per group. Groups are patches, so that they
// are larger than a speckle.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

inline constexpr std::size_t leave_out_groups = 20;

// visit(group, map without the group) for each group in turn. Returns the number of groups; 0 (no call) if there are
// fewer than 2 pixels per group.
std::size_t leave_out_each_group(const SpeckleSeries& series, const TwoTimeOptions& options,
                                 const std::function<void(std::size_t, const TwoTimeMap&)>& visit);

// set_jackknife of the curve's values without each of the groups, and what it says of them.
void set_leave_out_errors(Curve& curve, const std::vector<std::vector<double>>& without);

// Errors of g2 = mean of the map's diagonals under these options; none if there are too few pixels.
void add_leave_out_jackknife(Curve& g2, const SpeckleSeries& series, const TwoTimeOptions& options);

}  // namespace vitrum::analysis
