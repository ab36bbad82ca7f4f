// A series of speckle frames: photon counts (or intensities) in frames x pixels, dense or as sparse events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace vitrum {

struct SpeckleSeries {
    std::size_t frames = 0;
    std::size_t rows = 0;  // of the detector; rows * columns pixels
    std::size_t columns = 0;

    // Dense: counts[frame * pixels + pixel]. Floats hold counts exactly up to 2^24.
    std::vector<float> counts;

    // Sparse, used when counts is empty: the events of frame f are frame_ptr[f] .. frame_ptr[f+1].
    std::vector<std::uint64_t> frame_ptr;
    std::vector<std::uint32_t> index;      // pixel
    std::vector<std::uint32_t> intensity;  // photons, > 0

    double frame_time = 1.0;                  // [time_unit]
    std::string time_unit = "s";              // "s", or "frames" where no frame time is known
    double exposure = 0;                      // [time_unit] inside a frame; 0 = instantaneous, or not known
    std::vector<std::uint8_t> used;           // 1 = pixel takes part; empty = all
    std::vector<std::int32_t> region;         // 1-based q region of each pixel, 0 = none; empty = one region
    std::vector<std::int32_t> static_region;  // the same, for normalisations with a static map; may be empty
    std::vector<double> q;                    // [1/angstrom] of each pixel; may be empty
    std::vector<std::uint8_t> lost;           // 1 = nobody knows what the frame counted; it holds 0. Empty = none

    [[nodiscard]] std::size_t pixels() const { return rows * columns; }
    [[nodiscard]] bool is_lost(std::size_t frame) const { return !lost.empty() && lost[frame] != 0; }
    [[nodiscard]] std::size_t known_frames() const;  // that are not lost
    [[nodiscard]] bool sparse() const { return counts.empty() && !frame_ptr.empty(); }
};

// Throws std::logic_error if array lengths do not fit together (a bug, not a user's mistake).
void expect_consistent(const SpeckleSeries& series);

}  // namespace vitrum
