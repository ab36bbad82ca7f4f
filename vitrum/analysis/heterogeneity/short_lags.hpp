// The lags at which a change of the dynamics shows: up to 0.8 tau, at most twelve. What tests and event detection read.
#pragma once

#include "vitrum/analysis/correlation/errors/group_traces.hpp"
#include "vitrum/core/data/two_time_map.hpp"

namespace vitrum::analysis {

// [frames], increasing; at least {1}. tau in frames.
[[nodiscard]] std::vector<std::size_t> short_lags(double tau, std::size_t frames);

// C(t, t + lag) of a map, without groups.
[[nodiscard]] GroupTraces map_traces(const TwoTimeMap& map, const std::vector<std::size_t>& lags);

// Weight of each lag, sum 1: lag times the mean of C - 1, never negative. Equal if C shows no contrast. A sum over the
// `lag` pairs across one instant has the least noise under these where noise is white.
[[nodiscard]] std::vector<double> lag_weights(const GroupTraces& traces);

}  // namespace vitrum::analysis
