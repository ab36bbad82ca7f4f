#include "vitrum/report/page/gnuplot.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/files/temporary_folder.hpp"
#include "vitrum/core/interrupt.hpp"

namespace vitrum::report {

namespace {

constexpr auto missing = "gnuplot is not installed or not in PATH: the report's figures need it; install gnuplot-nox";

void write_file(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream out(path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) throw RunError(fmt::format("cannot write {} for the report's figures: disk full?", path.string()));
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// gnuplot prints the faulty command, a caret, and then the message: the last line says it.
std::string last_line(const std::string& text) {
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    if (end == std::string::npos) return "it said nothing";
    const std::size_t newline = text.rfind('\n', end);
    const std::size_t begin = text.find_first_not_of(" \t", newline == std::string::npos ? 0 : newline + 1);
    return text.substr(begin, end - begin + 1);
}

// Runs gnuplot on script.gp inside `folder`; its standard error goes to messages.txt. Returns the wait status.
int run_gnuplot(const std::filesystem::path& folder) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "messages.txt", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    // The caller may block or ignore signals; the child must not inherit that, or Ctrl-C would not end it.
    sigset_t none;
    sigset_t defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&defaults, signal);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));

    char program[] = "gnuplot";
    char no_user_settings[] = "-d";
    char script[] = "script.gp";
    char* arguments[] = {program, no_user_settings, script, nullptr};
    pid_t child = 0;
    const int error = posix_spawnp(&child, program, &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error == ENOENT || error == EACCES) throw InputError(missing);
    if (error != 0) throw RunError(fmt::format("cannot start gnuplot: {}", std::strerror(error)));

    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) throw RunError(fmt::format("lost gnuplot while it drew: {}", std::strerror(errno)));
    return status;
}

std::string terminal(const Plot& plot) {
    if (plot.picture == Picture::svg)
        return fmt::format("set terminal svg size {},{} dynamic noenhanced font 'sans-serif,{}' background '#ffffff'\n",
                           plot.width, plot.height, plot.font_size);
    return fmt::format("set terminal pngcairo size {},{} noenhanced font 'sans-serif,{}' linewidth 2\n", plot.width,
                       plot.height, plot.font_size);
}

}  // namespace

std::string draw(const Plot& plot) {
    const TemporaryFolder folder("figure");
    for (const auto& [name, bytes] : plot.files) write_file(folder.path() / name, bytes);
    write_file(folder.path() / "script.gp",
               "set encoding utf8\n" + terminal(plot) + "set output 'figure'\n" + plot.script + "\nunset output\n");
    const int status = run_gnuplot(folder.path());
    std::string picture = read_file(folder.path() / "figure");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !picture.empty()) return picture;
    check_interrupt();
    if (WIFSIGNALED(status))
        throw RunError(fmt::format("gnuplot was ended by signal {} while it drew a figure", WTERMSIG(status)));
    throw RunError("gnuplot could not draw a figure: " + last_line(read_file(folder.path() / "messages.txt")));
}

std::string gnuplot_string(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'') result += '\'';
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return result + "'";
}

}  // namespace vitrum::report
