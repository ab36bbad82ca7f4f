// The three kinds of measured data, each checked at the door. Used by measured_file.cpp alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "vitrum/core/data/beamline.hpp"
#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/data/time_series.hpp"
#include "vitrum/core/data/two_time_map.hpp"
#include "vitrum/core/estimate/abscissa.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/measured/measured_file.hpp"

namespace vitrum::io {

// Times of the frames as they stand in the file, before any is left out.
struct FrameTimes {
    std::size_t total = 0;
    double frame_time = 1;
    std::string time_unit = "frames";
    double exposure = 0;
    std::vector<std::string> notes{};  // what else is to be said of them
};

// One dataset of the frames, or one group of events; a run may be spread over several, in one file or in many.
struct Part {
    const ReadFile* file;
    std::string path;
    std::size_t frames;
};

// Parts in their order, as far as they are there.
struct Run {
    std::vector<Part> parts;
    std::size_t frames = 0;
    std::string missing{};  // what should follow and is not there; "" = nothing
    std::vector<std::string> notes{};
};

[[nodiscard]] std::vector<std::unique_ptr<ReadFile>> open_more(const MeasuredOptions& options);

// `path`: a dataset, or a group of data_000001, data_000002, ... as DECTRIS detectors write, in each of the files.
// Throws InputError if frames that `options` takes are missing.
[[nodiscard]] Run dense_run(const ReadFile& file, const std::string& path,
                            const std::vector<std::unique_ptr<ReadFile>>& more, const MeasuredOptions& options);
// Throws InputError unless all these parts can be of one run: detector and beam, sample, pressure and temperature, and
// that each begins where the one before ends. What a file does not say is not asked.
void expect_one_run(const Run& run, const MeasuredOptions& options);

[[nodiscard]] SpeckleSeries read_dense(const ReadFile& file, const std::string& path, const MeasuredOptions& options,
                                       FrameTimes& raw);
[[nodiscard]] SpeckleSeries read_sparse(const ReadFile& file, const std::string& group, const MeasuredOptions& options,
                                        FrameTimes& raw);
// Adds to `notes` what was done with the map: lost frames, halves that differ.
[[nodiscard]] TwoTimeMap read_two_time(const ReadFile& file, const std::string& path, const MeasuredOptions& options,
                                       std::vector<std::string>& notes);

// The group that holds this dataset or group, and the entry of both.
[[nodiscard]] std::string parent(const std::string& path);
[[nodiscard]] std::string entry_of(const std::string& path);
// Groups where what is known of the detector of these frames may stand, the nearest first.
[[nodiscard]] std::vector<std::string> detector_groups(const std::string& frames);

// The number that these datasets of the detector hold, the first that is there; several equal ones count as one.
struct Number {
    std::string path;
    double value = 0;
    std::string unit;
};
[[nodiscard]] std::optional<Number> number_at(const ReadFile& file, const std::string& path);
[[nodiscard]] std::optional<Number> detector_number(const ReadFile& file, const std::string& frames,
                                                    std::initializer_list<const char*> names);

// Frame time of the frames or the map at `beside`; without one, lags are in frames.
void set_frame_time(const ReadFile& file, const std::string& beside, const MeasuredOptions& options, double& frame_time,
                    std::string& time_unit);
// The same of all parts, compared with the times of the frames one by one where they are there. Throws InputError if
// the frames that `options` takes are not equally spaced.
void set_run_times(const Run& run, const MeasuredOptions& options, FrameTimes& raw);
// Resolution of stored times: that of single precision, or of whole numbers.
[[nodiscard]] double resolution_of(const ReadFile& file, const std::string& path, const std::vector<double>& times);
// `times` of a run without those of frames that `choice` does not take.
[[nodiscard]] std::vector<double> times_taken(std::vector<double> times, const FrameChoice& choice);
// What to do about times that are not even.
[[nodiscard]] std::string even_remedy(std::size_t first, std::size_t last);

// Exposure [s] of a frame from `beside`'s group or the entry's detector; 0 = not known.
[[nodiscard]] double read_exposure(const ReadFile& file, const std::string& beside);

// What the file says of detector and beam; [m] and [keV] where a dataset has no unit.
[[nodiscard]] Beamline read_beamline(const ReadFile& file, const std::string& entry, const std::string& detector);

// What was recorded beside the frames: the options' traces, and those under their usual names in `entry`, one value per
// remaining frame (time_alignment.hpp). A trace of the options that cannot be aligned is an error; others are left out.
[[nodiscard]] std::vector<TimeSeries> read_file_traces(const ReadFile& file, const std::string& entry,
                                                       const FrameTimes& raw, const MeasuredOptions& options,
                                                       const SpeckleSeries& series);

// Pressure [GPa] and temperature [K] of the sample, as far as they are known: the mean over the frames of a trace of
// that name, else sample/NAME, its value, or sample/NAME_set. Adds to `notes` what is there and was not taken, and
// ramps.
[[nodiscard]] Abscissa read_place(const ReadFile& file, const std::string& entry, const std::vector<TimeSeries>& traces,
                                  std::vector<std::string>& notes);

// A path in this file, or FILE::/path.
class Place {
public:
    Place(const ReadFile& file, const std::string& where) : file_(&file), path_(where) {
        const auto at = where.find("::");
        if (at == std::string::npos) return;
        other_.emplace(where.substr(0, at));
        file_ = &*other_;
        path_ = where.substr(at + 2);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    [[nodiscard]] const ReadFile& file() const { return *file_; }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::optional<ReadFile> other_;
    const ReadFile* file_;
    std::string path_;
};

// Mask, regions and q from the options or from beside the data; `series` knows its rows and columns. `later`: of a
// second or later part of a run; what the options name was read with the first. Adds to `notes` what looks odd.
void set_pixel_maps(const ReadFile& file, const std::string& detector, const MeasuredOptions& options, bool later,
                    SpeckleSeries& series, std::vector<std::string>& notes);
// Those of all parts: a pixel is used if it is in each; region maps and q must be the same where several have them.
void set_run_pixel_maps(const Run& run, const MeasuredOptions& options, SpeckleSeries& series,
                        std::vector<std::string>& notes);

}  // namespace vitrum::io
