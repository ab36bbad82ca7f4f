#include "vitrum/core/files/temporary_folder.hpp"

#include <mutex>
#include <random>
#include <set>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum {

namespace {

constexpr std::size_t drawn = 8;
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";

std::filesystem::path place_for(const std::string& purpose) {
    std::error_code error;
    auto base = std::filesystem::temp_directory_path(error);
    if (error) throw RunError(fmt::format("no temporary folder for a {}: {}; set TMPDIR", purpose, error.message()));
    return base;
}

// What processes that were killed left there: looked for once for each purpose.
void clean(const std::filesystem::path& base, const std::string& stem) {
    static std::mutex mutex;
    static std::set<std::string> seen;
    const std::lock_guard lock(mutex);
    if (!seen.insert((base / stem).string()).second) return;
    remove_left_behind(base, [&](const std::string& name) {
        return name.starts_with(stem) && name.size() == stem.size() + drawn &&
               name.find_first_not_of(letters, stem.size()) == std::string::npos;
    });
}

Owned make(const std::string& purpose) {
    const auto base = place_for(purpose);
    const std::string stem = fmt::format("vitrum_{}_", purpose);
    clean(base, stem);
    std::random_device random;
    std::string name = stem;
    for (std::size_t i = 0; i < drawn; ++i) name += letters[random() % letters.size()];
    return Owned::folder(base / name);
}

}  // namespace

TemporaryFolder::TemporaryFolder(const std::string& purpose) : folder_(make(purpose)) {}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path(), ignored);
}

}  // namespace vitrum
