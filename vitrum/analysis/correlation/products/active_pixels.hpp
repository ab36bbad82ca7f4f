// The pixels that take part in a correlation: not masked, and of the wanted region.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

// region 0 = every pixel that is used; else the pixels of that 1-based region. Increasing pixel numbers.
[[nodiscard]] std::vector<std::uint32_t> active_pixels(const SpeckleSeries& series, std::int32_t region);

// The same pixels in another order: cut into `groups` runs of g n/groups .. (g+1) n/groups, each run is a compact patch
// of neighbours, about as high as wide. A jackknife over patches holds where a speckle is smaller than a patch; runs of
// whole rows would share their speckle with the next ones. pixels: increasing.
[[nodiscard]] std::vector<std::uint32_t> in_patches(const SpeckleSeries& series, std::vector<std::uint32_t> pixels,
                                                    std::size_t groups);

// The pixels are p, p + 1, ..: neighbours in memory, so that a loop over them needs no list.
[[nodiscard]] bool one_stretch(std::span<const std::uint32_t> pixels);

// Number of regions in the map (its largest value), 0 if there is none.
[[nodiscard]] std::int32_t region_count(const SpeckleSeries& series);

// Total count of each frame over these pixels.
[[nodiscard]] std::vector<double> frame_sums(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels);

// The same; throws InputError if the region has no pixel or every frame is empty.
[[nodiscard]] std::vector<double> lit_frame_sums(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels,
                                                 std::int32_t region);

// position[p] = place of pixel p in `pixels`, or -1.
[[nodiscard]] std::vector<std::int64_t> positions(const SpeckleSeries& series,
                                                  const std::vector<std::uint32_t>& pixels);

}  // namespace vitrum::analysis
