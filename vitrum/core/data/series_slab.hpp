// A stretch of consecutive pixels of a series, all frames: what is made and written at a time when a series is too
// large for memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vitrum {

struct SeriesSlab {
    std::size_t begin = 0;  // pixels begin .. end of the detector
    std::size_t end = 0;

    std::vector<float> counts{};  // dense: counts[frame * (end - begin) + pixel - begin]

    // Sparse: the events of frame f are frame_ptr[f] .. frame_ptr[f+1], sorted by pixel.
    std::vector<std::uint64_t> frame_ptr{};
    std::vector<std::uint32_t> index{};  // pixel of the detector
    std::vector<std::uint32_t> intensity{};
};

// Pixels of a slab of about 256 MB: a multiple of `block`, at most all.
[[nodiscard]] inline std::size_t slab_pixels(double bytes_per_pixel, std::size_t block, std::size_t pixels,
                                             double most = 256e6) {
    const auto all = static_cast<double>((pixels + block - 1) / block);
    return block *
           static_cast<std::size_t>(std::clamp(most / (bytes_per_pixel * static_cast<double>(block)), 1.0, all));
}

}  // namespace vitrum
