#include "vitrum/process/find_program.hpp"

#include <cstdlib>
#include <sstream>

#include <unistd.h>

namespace vitrum::process {

namespace fs = std::filesystem;

bool executable(const fs::path& file) {
    std::error_code ignored;
    return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

std::optional<fs::path> find_program(const std::string& name, const fs::path& folder) {
    if (name.find('/') != std::string::npos) {
        const fs::path file = fs::absolute(folder / name);
        return executable(file) ? std::optional(file) : std::nullopt;
    }
    const char* path = std::getenv("PATH");
    std::istringstream places(path == nullptr ? "" : path);
    for (std::string place; std::getline(places, place, ':');)
        // Relative places are skipped: the program would depend on where vitrum was started.
        if (fs::path(place).is_absolute() && !name.empty() && executable(fs::path(place) / name))
            return fs::path(place) / name;
    return std::nullopt;
}

}  // namespace vitrum::process
