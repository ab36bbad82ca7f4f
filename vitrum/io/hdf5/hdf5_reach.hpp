// Where a path of a measured file leads: through soft and external links, virtual datasets and raw data in other files.
// All of it must be ordinary files within the folder of the first one, unless `--follow-links` was said.
#pragma once

#include <string>

#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

// Throws InputError if `path` leads to a file that may not be read, or round in circles. What is not there is left to
// others to say. Files that are followed are noted (input_file.hpp).
void expect_reachable(const ReadFile& file, const std::string& path);

// Bytes of this file and of those that a dataset at `path` shows.
[[nodiscard]] double bytes_behind(const ReadFile& file, const std::string& path);

}  // namespace vitrum::io
