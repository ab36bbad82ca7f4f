// Rows and frames of a finished stage on disk: the worker's own message stream, so one format serves both.
#pragma once

#include <filesystem>

#include "vitrum/sim/worker/worker_process.hpp"

namespace vitrum::sim {

// Writes beside the place and renames. Throws RunError.
void write_record(const std::filesystem::path& file, const StageOutput& output);

// False if there is no whole record.
[[nodiscard]] bool read_record(const std::filesystem::path& file, StageOutput& output);

}  // namespace vitrum::sim
