#include "vitrum/core/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum {

TemporaryFolder::TemporaryFolder(const std::string& purpose) {
    std::error_code error;
    const auto base = std::filesystem::temp_directory_path(error);
    if (error) throw RunError(fmt::format("no temporary folder for a {}: {}; set TMPDIR", purpose, error.message()));
    std::string pattern = (base / fmt::format("vitrum-{}-XXXXXX", purpose)).string();
    if (!mkdtemp(pattern.data()))
        throw RunError(fmt::format("cannot make a temporary folder in {}: {}", base.string(), std::strerror(errno)));
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace vitrum
