// Another program: started without a shell in a process group of its own, and ended with all that it started.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace vitrum::process {

// 0 = no limit. Of each process; children inherit them and cannot raise them.
struct ResourceLimits {
    double memory = 0;     // [B] address space
    double file = 0;       // [B] of one file
    double cpu = 0;        // [s]
    bool no_core = false;  // no core files
};

struct StartOptions {
    std::filesystem::path program{};         // full path
    std::vector<std::string> arguments{};    // with the program's own name first
    std::vector<std::string> environment{};  // "NAME=value": all that the program sees
    std::filesystem::path folder{};          // where it works
    int output = -1;                         // descriptor for what it prints; -1 = nowhere
    int channel = -1;                        // descriptor that it finds as number `channel_number`; -1 = none
    ResourceLimits limits{};
};

inline constexpr int channel_number = 3;

// Standard input is empty. The child dies with the thread that started it. What it started in turn is found by
// the process group and, where a process has left the group, by a mark among its resource limits, which fork,
// exec and setsid hand on and nobody but root can change. Inside a program that is itself marked so, by the group
// alone.
class Child {
public:
    // Throws RunError if there can be no further process. A program that cannot be run is no error here: start_error().
    explicit Child(const StartOptions& options);
    // Ends it.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // "" = the program runs, or ran; else why it could not be started.
    [[nodiscard]] const std::string& start_error() const { return start_error_; }
    // True once the program itself has ended; what it started may go on.
    [[nodiscard]] bool exited() const;
    // Becomes readable when the program has ended; -1 where the system has no such thing.
    [[nodiscard]] int ended_descriptor() const { return ended_; }
    // Waits for the program, but not for longer than this; then ends it with all that it started.
    void wait(std::chrono::milliseconds patience);
    // Ends it with all that it started, now.
    void end();
    // As of waitpid; after wait() or end().
    [[nodiscard]] int status() const { return status_; }

private:
    pid_t id_ = -1;
    int ended_ = -1;
    int status_ = 0;
    std::uint64_t mark_ = 0;
    bool reaped_ = false;
    std::string start_error_;
};

// "was killed by signal 9 (Killed)", "ended with status 1".
[[nodiscard]] std::string describe_status(int status);

}  // namespace vitrum::process
