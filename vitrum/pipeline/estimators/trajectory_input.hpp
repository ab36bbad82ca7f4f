// Trajectories as the commands take them: keys of --set, provenance of what is written.
#pragma once

#include <filesystem>

#include "vitrum/io/trajectory/trajectory_file.hpp"
#include "vitrum/pipeline/config/section.hpp"

namespace vitrum::pipeline {

// elements ("Cu,Zr": of the atom types 1, 2, ...), time_step ("2 fs"), frame_time ("0.1 ps"), time_unit ("1 ps"),
// frames
// ("FIRST:LAST:STRIDE"), group (of H5MD), length_unit ("1 nm").
[[nodiscard]] io::TrajectoryOptions trajectory_options(Section& options);

// Reads and checks these keys, calls finish(), then reads the trajectory: nothing runs before every option is known.
[[nodiscard]] Trajectory trajectory_of(const std::filesystem::path& file, Section& options);

// Options of estimators of atoms: above 0; a whole number from 0 on; names between commas (none if absent).
[[nodiscard]] double positive(Section& options, const char* key, Dimension dimension, double fallback);
[[nodiscard]] std::size_t whole(Section& options, const char* key, std::size_t fallback);
[[nodiscard]] std::vector<std::string> names_of(Section& options, const char* key, const char* example);

// Writes output beside its place and renames it: H5MD for .h5 and .h5md, extended XYZ for .xyz and .extxyz. Throws
// InputError on another ending.
void export_trajectory(const std::filesystem::path& input, Section& options, const std::filesystem::path& output);

// Throws InputError if the name has none of these endings.
void check_trajectory_ending(const std::filesystem::path& output);

}  // namespace vitrum::pipeline
