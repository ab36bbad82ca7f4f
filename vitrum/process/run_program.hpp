// One run of a program that nobody vouches for: it may hang, crash, print or write without end, fork away.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vitrum::process {

// Each > 0. Beyond them the program is ended. Memory, file and processor time are limits of each process of it, and
// processor time is `wall` as well: one thread each.
struct Limits {
    double wall = 600;     // [s]
    double memory = 4e9;   // [B] address space
    double file = 1e9;     // [B] of one file
    double folder = 2e9;   // [B] of all files that it makes below its folder, looked at four times a second
    double printed = 1e6;  // [B] of standard output and error
};

struct Program {
    std::filesystem::path file{};            // full path
    std::vector<std::string> arguments{};    // with the program's own name first
    std::vector<std::string> environment{};  // "NAME=value"
    std::filesystem::path folder{};          // where it works, and all that it should write
};

enum class End {
    exited,            // by itself, with a status
    killed,            // by a signal that is none of those below
    not_started,       // no such program, or not for this machine
    timed_out,         // wall or processor time
    printed_too_much,  //
    wrote_too_much,    // a file, or all of them together
};

struct Ending {
    End end = End::exited;
    int code = 0;        // exit status, or the signal
    std::string reason;  // in words: "ended with status 1"
    double seconds = 0;
    std::uint64_t printed = 0;  // [B]
    std::string log_tail;       // the last lines, made safe to print

    [[nodiscard]] bool good() const { return end == End::exited && code == 0; }
};

// Output goes to `log`, up to the limit. The program, and all that it started, is gone when this returns or throws.
// Throws Interrupted when `cancelled` (asked every 50 ms; may be empty) says so, RunError where vitrum itself can make
// no process or log.
[[nodiscard]] Ending run_program(const Program& program, const Limits& limits, const std::filesystem::path& log,
                                 const std::function<bool()>& cancelled = {});

// The last `count` lines that are not empty.
[[nodiscard]] std::string last_lines(std::string_view text, std::size_t count);

}  // namespace vitrum::process
