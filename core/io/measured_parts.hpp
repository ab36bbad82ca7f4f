// The three kinds of measured data, each checked at the door. Used by measured_file.cpp alone.
#pragma once

#include <string>

#include "core/beamline.hpp"
#include "core/io/hdf5.hpp"
#include "core/io/measured_file.hpp"
#include "core/speckle_series.hpp"
#include "core/time_series.hpp"
#include "core/two_time_map.hpp"

namespace vitrum::io {

// Times of the frames as they stand in the file, before any is left out.
struct FrameTimes {
    std::size_t total = 0;
    double frame_time = 1;
    std::string time_unit = "frames";
    double exposure = 0;
};

// `path`: a dataset, or a group of data_000001, data_000002, ... as DECTRIS detectors write.
[[nodiscard]] SpeckleSeries read_dense(const ReadFile& file, const std::string& path, const MeasuredOptions& options,
                                       FrameTimes& raw);
[[nodiscard]] SpeckleSeries read_sparse(const ReadFile& file, const std::string& group, const MeasuredOptions& options,
                                        FrameTimes& raw);
[[nodiscard]] std::vector<std::string> numbered_datasets(const ReadFile& file, const std::string& path);
[[nodiscard]] TwoTimeMap read_two_time(const ReadFile& file, const std::string& path, const MeasuredOptions& options);

// The group that holds this dataset or group.
[[nodiscard]] std::string parent(const std::string& path);

// Frame time of `beside`'s group or of the entry's detector; without one, lags are in frames.
void set_frame_time(const ReadFile& file, const std::string& beside, const MeasuredOptions& options, double& frame_time,
                    std::string& time_unit);

// Exposure [s] of a frame from `beside`'s group or the entry's detector; 0 = not known.
[[nodiscard]] double read_exposure(const ReadFile& file, const std::string& beside);

// What the file says of detector and beam; [m] and [keV] where a dataset has no unit.
[[nodiscard]] Beamline read_beamline(const ReadFile& file, const std::string& entry, const std::string& detector);

// What was recorded beside the frames: the options' traces, and those under their usual names in `entry`, one value per
// remaining frame (time_alignment.hpp). A trace of the options that cannot be aligned is an error; others are left out.
[[nodiscard]] std::vector<TimeSeries> read_file_traces(const ReadFile& file, const std::string& entry,
                                                       const FrameTimes& raw, const MeasuredOptions& options,
                                                       const SpeckleSeries& series);

// Mask, regions and q from the options or from beside the data; `shape` = (rows, columns).
void set_pixel_maps(const ReadFile& file, const std::string& detector, const MeasuredOptions& options,
                    SpeckleSeries& series);

}  // namespace vitrum::io
