// Columns of numbers from text files: header or none; spaces, commas, semicolons or tabs; # comments.
// A header names columns with their unit in brackets of either kind: temperature [K], tau (s). Names are found in upper
// or lower case, with blanks or hyphens: "Tau error" is tau_error.
#pragma once

#include <filesystem>

#include "vitrum/core/data/columns.hpp"

namespace vitrum::io {

// Throws InputError: missing or empty file, a row of another length, something that is no number (line named).
[[nodiscard]] Columns read_csv(const std::filesystem::path& file);

}  // namespace vitrum::io
