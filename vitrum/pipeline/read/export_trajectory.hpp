// Trajectories as a file of another format.
#pragma once

#include <filesystem>

#include "vitrum/pipeline/config/section.hpp"

namespace vitrum::pipeline {

// Writes output beside its place and renames it: H5MD for .h5 and .h5md, extended XYZ for .xyz and .extxyz. Throws
// InputError on another ending.
void export_trajectory(const std::filesystem::path& input, Section& options, const std::filesystem::path& output);

// Throws InputError if the name has none of these endings.
void check_trajectory_ending(const std::filesystem::path& output);

}  // namespace vitrum::pipeline
