#include "vitrum/io/text/output_path.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/files/owned.hpp"
#include "vitrum/io/text/input_file.hpp"

namespace vitrum::io {

namespace fs = std::filesystem;

namespace {

// Permissions do not tell all (read-only or full file systems, root): try, if possible with a file without a name.
void expect_writable(const fs::path& folder, const fs::path& output) {
    int descriptor = open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        const std::string probe = (folder / fmt::format(".vitrum-probe-{}", getpid())).string();
        descriptor = open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (descriptor >= 0) unlink(probe.c_str());
    }
    if (descriptor < 0)
        throw InputError(fmt::format("the folder '{}' of the output '{}' is not writable ({})", folder.string(),
                                     output.string(), std::strerror(errno)));
    close(descriptor);
}

}  // namespace

void check_output(const fs::path& output, const std::vector<fs::path>& inputs, bool force) {
    // While it is written, its name is longer.
    expect_file_name(output.string() + ".writing-4194304");
    const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        throw InputError(fmt::format("the folder '{}' of the output '{}' does not exist; make it first",
                                     folder.string(), output.string()));
    expect_writable(folder, output);
    if (fs::is_directory(output, ignored))
        throw InputError(fmt::format("the output '{}' is a folder; name a file", output.string()));
    const fs::file_status there = fs::symlink_status(output, ignored);
    // A link is replaced, not what it leads to; what is no file of data is left alone.
    if (fs::exists(output, ignored) && !fs::is_regular_file(output, ignored))
        throw InputError(fmt::format("the output '{}' is a device, a pipe or a socket; name a file", output.string()));
    for (const auto& input : inputs)
        if (fs::exists(output, ignored) && fs::equivalent(output, input, ignored))
            throw InputError(
                fmt::format("the output '{}' is the input itself; name another file with -o", output.string()));
    if (fs::exists(there) && !force)
        throw InputError(
            fmt::format("the output '{}' exists; name another with -o, or replace it with --force", output.string()));
    remove_left_behind(output);
}

void remove_left_behind(const fs::path& output) {
    const std::string stem = output.filename().string() + ".";
    vitrum::remove_left_behind(output.parent_path(), [&](const std::string& name) {
        if (!name.starts_with(stem)) return false;
        const std::string_view rest = std::string_view(name).substr(stem.size());
        const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        return rest.starts_with("writing-") || (digits > 0 && rest.substr(digits).starts_with(".map-"));
    });
}

void write_and_rename(const fs::path& output, const std::function<void(const fs::path&)>& write) {
    const Owned own = Owned::file(output.string() + fmt::format(".writing-{}", getpid()));
    const fs::path& temporary = own.path();
    try {
        write(temporary);
        if (!own.sync()) throw RunError(fmt::format("cannot write '{}': {}", output.string(), std::strerror(errno)));
        fs::rename(temporary, output);
    } catch (const fs::filesystem_error& e) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        throw RunError(fmt::format("cannot write '{}': {}", output.string(), e.code().message()));
    } catch (...) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        throw;
    }
}

}  // namespace vitrum::io
