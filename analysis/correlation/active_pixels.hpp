// The pixels that take part in a correlation: not masked, and of the wanted region.
#pragma once

#include <cstdint>
#include <vector>

#include "core/speckle_series.hpp"

namespace vitrum::analysis {

// region 0 = every pixel that is used; else the pixels of that 1-based region. Increasing pixel numbers.
[[nodiscard]] std::vector<std::uint32_t> active_pixels(const SpeckleSeries& series, std::int32_t region);

// Number of regions in the map (its largest value), 0 if there is none.
[[nodiscard]] std::int32_t region_count(const SpeckleSeries& series);

// Total count of each frame over these pixels.
[[nodiscard]] std::vector<double> frame_sums(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels);

// position[p] = place of pixel p in `pixels`, or -1.
[[nodiscard]] std::vector<std::int64_t> positions(const SpeckleSeries& series,
                                                  const std::vector<std::uint32_t>& pixels);

}  // namespace vitrum::analysis
