// Data made by anyone: dense frames, sparse frames or a two-time map, found by layout or by path.
//
// Frames: /entry/instrument/detector/data (frames, rows, columns), or any three-dimensional dataset named by path.
// Sparse: /entry/sparse_frames/{frame_ptr, index, intensity}.
// Map:    the NXdata that @default leads to, or any square two-dimensional dataset named by path.
// Files of `vitrum generate` hold several data sets, each with its truth.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/io/frames_file.hpp"

namespace vitrum::io {

struct MeasuredOptions {
    std::string dataset{};               // "" = find it; "/path" in this file, or "FILE::/path"
    std::optional<double> frame_time{};  // [s]; overrides the file's
    std::string mask{};                  // dataset; non-zero (or NaN) = pixel not used, as NeXus pixel_mask
    std::string regions{};               // dataset of integers; 0 = no region
};

// Throws InputError: one line with file, dataset, what is wrong and what would be right.
[[nodiscard]] std::vector<LabelledData> read_measured(const std::filesystem::path& file,
                                                      const MeasuredOptions& options);

}  // namespace vitrum::io
