// Trajectories as the commands take them: keys of --set, provenance of what is written.
#pragma once

#include <filesystem>

#include "core/io/trajectory_file.hpp"
#include "scenarios/section.hpp"

namespace vitrum::scenarios {

// elements ("Cu,Zr": of the atom types 1, 2, ...), time_step ("2 fs"), frames ("FIRST:LAST:STRIDE"), group (of H5MD),
// length_unit ("1 nm").
[[nodiscard]] io::TrajectoryOptions trajectory_options(Section& options);

// Writes output beside its place and renames it: H5MD for .h5 and .h5md, extended XYZ for .xyz and .extxyz. Throws
// InputError on another ending.
void export_trajectory(const std::filesystem::path& input, Section& options, const std::filesystem::path& output);

// Throws InputError if the name has none of these endings.
void check_trajectory_ending(const std::filesystem::path& output);

}  // namespace vitrum::scenarios
