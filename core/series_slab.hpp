// A stretch of consecutive pixels of a series, all frames: what is made and written at a time when a series is too
// large for memory.
#pragma once

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

}  // namespace vitrum
