#include "vitrum/io/text/output_path.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/text/input_file.hpp"

namespace vitrum::io {

namespace fs = std::filesystem;

void check_output(const fs::path& output, const std::vector<fs::path>& inputs, bool force) {
    // While it is written, its name is longer.
    expect_file_name(output.string() + ".writing-4194304");
    const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        throw InputError(fmt::format("the folder '{}' of the output '{}' does not exist; make it first",
                                     folder.string(), output.string()));
    // Permissions do not tell all (read-only or full file systems, root): try.
    const std::string probe = (folder / fmt::format(".vitrum-probe-{}", getpid())).string();
    const int descriptor = open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        throw InputError(fmt::format("the folder '{}' of the output '{}' is not writable ({})", folder.string(),
                                     output.string(), std::strerror(errno)));
    close(descriptor);
    unlink(probe.c_str());
    if (fs::is_directory(output, ignored))
        throw InputError(fmt::format("the output '{}' is a folder; name a file", output.string()));
    for (const auto& input : inputs)
        if (fs::exists(output, ignored) && fs::equivalent(output, input, ignored))
            throw InputError(
                fmt::format("the output '{}' is the input itself; name another file with -o", output.string()));
    if (fs::exists(output, ignored) && !force)
        throw InputError(
            fmt::format("the output '{}' exists; name another with -o, or replace it with --force", output.string()));
}

void write_and_rename(const fs::path& output, const std::function<void(const fs::path&)>& write) {
    const fs::path temporary = output.string() + fmt::format(".writing-{}", getpid());
    try {
        write(temporary);
        const int descriptor = open(temporary.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0 || fsync(descriptor) != 0) {
            const std::string why = std::strerror(errno);
            if (descriptor >= 0) close(descriptor);
            throw RunError(fmt::format("cannot write '{}': {}", output.string(), why));
        }
        close(descriptor);
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
