// How far a series has moved from its beginning to its end.
#pragma once

#include <cmath>
#include <optional>
#include <span>

#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum {

// Mean of the last quarter less that of the first, times 4/3 (their middles stand 3/4 of the series apart), with a
// blocked error. Nothing for fewer than four values.
[[nodiscard]] inline std::optional<BlockedMean> drift_over(std::span<const double> values) {
    const std::size_t quarter = values.size() / 4;
    if (quarter < 1) return std::nullopt;
    const BlockedMean first = blocked_mean(values.first(quarter));
    const BlockedMean last = blocked_mean(values.last(quarter));
    return BlockedMean{(last.mean - first.mean) * 4 / 3, std::hypot(first.error, last.error) * 4 / 3};
}

}  // namespace vitrum
