// Programs as a shell would find them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace vitrum::process {

// An ordinary file that may be executed.
[[nodiscard]] bool executable(const std::filesystem::path& file);

// Full path of `name`: looked for in $PATH; one with a slash is a path, relative to `folder`. None if there is none.
[[nodiscard]] std::optional<std::filesystem::path> find_program(const std::string& name,
                                                                const std::filesystem::path& folder = ".");

}  // namespace vitrum::process
