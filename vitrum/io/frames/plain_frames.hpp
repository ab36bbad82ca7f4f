// Frames and nothing but frames, for whoever must not learn where they come from.
#pragma once

#include <filesystem>

#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::io {

// The layout of frames_file.hpp with the detector alone: counts, frame_time, count_time, pixel_mask and, where there
// are any, region, static_region and q. No title, name, place, trace, truth, time of writing or mark of the program:
// what reads it meets a foreign file. The same series gives the same bytes. Throws RunError.
void write_plain_frames(const std::filesystem::path& file, const SpeckleSeries& series);

}  // namespace vitrum::io
