// Data made by anyone: dense frames, sparse frames or a two-time map, found by layout or by path.
//
// Frames: /entry/instrument/detector/data (frames, rows, columns), the layouts of DECTRIS, ESRF and APS, or any
//         three-dimensional dataset named by path.
// Sparse: /entry/sparse_frames/{frame_ptr, index, intensity}.
// Map:    the NXdata that @default leads to, or any square two-dimensional dataset named by path.
// Files of `vitrum generate` hold several data sets, each with its truth.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/units.hpp"
#include "vitrum/io/frames/frames_file.hpp"
#include "vitrum/io/text/frame_choice.hpp"

namespace vitrum::io {

struct MeasuredOptions {
    std::string dataset{};               // "" = find it; "/path" in this file, or "FILE::/path"
    std::optional<double> frame_time{};  // [s]; overrides the file's
    std::string mask{};                  // dataset; non-zero (or NaN) = pixel not used, as NeXus pixel_mask
    std::string regions{};               // dataset of integers; 0 = no region
    std::string static_regions{};        // the same, for normalisations with a static map
    std::string qmap{};                  // dataset: q [1/angstrom] of each pixel; or a group as /xpcs/qmap
    std::optional<double> count_time{};  // [s] exposure of a frame; overrides the file's
    FrameChoice frames{};
    bool dense = false;                                         // keep dense frames dense even where photons are few
    std::vector<std::filesystem::path> more{};                  // their frames follow, in the same layout
    std::vector<std::pair<std::string, std::string>> traces{};  // name, and dataset or group with value and time
};

// A data set stands at the pressure and temperature of its sample, where its file knows them.
// `notes`, if given, gets what there is to say of the data as they were read: frames that are lost, parts that are
// missing. The data sets hold it as well, after what their file says. Throws InputError: one line with file, dataset,
// what is wrong and what would be right.
[[nodiscard]] std::vector<LabelledData> read_measured(const std::filesystem::path& file, const MeasuredOptions& options,
                                                      std::vector<std::string>* notes = nullptr);

// Mean of the finite values of a dataset in any HDF5 file, in the native unit of the dimension; a number without a unit
// is in it. Throws InputError.
[[nodiscard]] double mean_at(const std::filesystem::path& file, const std::string& path, Dimension dimension);

// Seconds since 1970 of an ISO 8601 text; NaN if it is none. A text without a zone counts as universal time.
[[nodiscard]] double seconds_of(const std::string& text);

}  // namespace vitrum::io
