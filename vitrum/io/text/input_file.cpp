#include "vitrum/io/text/input_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

#include <fmt/format.h>
#include <sys/stat.h>

#include "vitrum/core/error.hpp"

namespace vitrum::io {

namespace {

constexpr std::size_t shown = 60;  // of a name that is too long

// A fixed place: a handler may look at it at any time.
std::array<char, PATH_MAX> last{};

std::vector<std::string>& followed() {
    static std::vector<std::string> files;
    return files;
}

}  // namespace

void expect_file_name(const std::filesystem::path& file) {
    const std::string& name = file.native();
    if (name.empty()) throw InputError("the name of a file is empty");
    if (name.find('\0') != std::string::npos)
        throw InputError(fmt::format("'{}' cannot be the name of a file: it holds a NUL", name.c_str()));
    const bool long_part =
        std::any_of(file.begin(), file.end(), [](const auto& p) { return p.native().size() > NAME_MAX; });
    if (long_part || name.size() >= PATH_MAX)
        throw InputError(fmt::format("'{}...' cannot be the name of a file: it has {} characters, at most {} in a part",
                                     name.substr(0, shown), name.size(), NAME_MAX));
}

void expect_input_file(const std::filesystem::path& file) {
    expect_file_name(file);
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) throw InputError(fmt::format("no such file: '{}'", file.string()));
        throw InputError(fmt::format("cannot read '{}': {}", file.string(), std::strerror(errno)));
    }
    if (S_ISREG(about.st_mode)) {
        std::copy_n(file.c_str(), file.native().size() + 1, last.begin());
        return;
    }
    if (S_ISDIR(about.st_mode)) throw InputError(fmt::format("'{}' is a folder; a file is wanted", file.string()));
    throw InputError(fmt::format("'{}' is {}; an ordinary file is wanted", file.string(),
                                 S_ISFIFO(about.st_mode)   ? "a pipe"
                                 : S_ISSOCK(about.st_mode) ? "a socket"
                                                           : "a device"));
}

const char* last_input_file() { return last.data(); }

std::string plain_file_name(const std::string& name) {
    std::string plain;
    for (const char c : name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        plain += letter || c == '_' || c == '-' || c == '.' ? c : '_';
    }
    constexpr std::size_t longest = 150;  // room for what is added to it
    if (plain.size() > longest) plain.resize(longest);
    if (plain.empty() || plain.front() == '.' || plain.front() == '-') plain.insert(0, "_");
    return plain;
}

const std::vector<std::string>& followed_files() { return followed(); }

void note_followed(const std::filesystem::path& file) {
    auto& files = followed();
    const std::string name = file.lexically_normal().string();
    if (std::find(files.begin(), files.end(), name) == files.end()) files.push_back(name);
}

}  // namespace vitrum::io
