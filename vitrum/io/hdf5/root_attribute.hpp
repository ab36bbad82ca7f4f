// Texts that stand as attributes of a file's root group, outside the data and outside the data hash.
#pragma once

#include <filesystem>
#include <string>

namespace vitrum::io {

// Adds one to a closed file. Throws RunError.
void add_root_attribute(const std::filesystem::path& file, const std::string& name, const std::string& value);

// "" if there is none. Throws InputError if the file cannot be read.
[[nodiscard]] std::string root_attribute(const std::filesystem::path& file, const std::string& name);

}  // namespace vitrum::io
