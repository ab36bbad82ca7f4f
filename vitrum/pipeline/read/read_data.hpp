// From a file to data sets, by its content: frames, sparse frames, maps (HDF5), a trajectory, a result of Vitrum, or
// columns of text. No estimator opens a file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vitrum/io/frames/frames_file.hpp"
#include "vitrum/io/measured/measured_file.hpp"
#include "vitrum/io/trajectory/trajectory_file.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/pipeline/estimators/estimator.hpp"

namespace vitrum::pipeline {

struct ReadFile {
    std::vector<io::LabelledData> sets;
    std::vector<std::string> notes;  // what there is to say of the data as they were read
};

// The options that belong to this kind of file; `read` then reads it, after the caller has checked all other options.
//   frames and maps: dataset, mask, regions, static_regions, qmap, frame_time, count_time, frames, bad_frames,
//   bin_frames,
//                    bin_pixels
//   trajectories:    elements ("Cu,Zr": of the atom types 1, 2, ...), time_step ("2 fs"), frame_time ("0.1 ps"),
//                    time_unit ("1 ps"), frames ("FIRST:LAST:STRIDE"), group (of H5MD), length_unit ("1 nm")
//   results:         source (where several have pressures): clean tau against pressure as columns
class FileReader {
public:
    // For an estimator that takes what the file holds. Throws InputError: no such file, or one of another kind.
    FileReader(std::filesystem::path file, const EstimatorKind& estimator, Section& options);
    // Frames and maps alike are `frames` before they are read.
    [[nodiscard]] DataKind kind() const { return kind_; }
    [[nodiscard]] ReadFile read() const;

private:
    std::filesystem::path file_;
    const EstimatorKind& estimator_;
    DataKind kind_ = DataKind::columns;
    bool result_ = false;
    std::string source_;
    io::MeasuredOptions measured_;
    io::TrajectoryOptions trajectory_;
};

[[nodiscard]] io::TrajectoryOptions trajectory_options(Section& options);

}  // namespace vitrum::pipeline
