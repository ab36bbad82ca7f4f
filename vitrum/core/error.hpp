// Errors that reach the command line, each with its exit status.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace vitrum {

// The user's input is wrong: what, where, and what would be right. Exit status 2.
struct InputError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Something failed while running (a worker died, the disk is full). Exit status 3.
struct RunError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The user pressed Ctrl-C or the process got SIGTERM. Exit status 130.
struct Interrupted : std::runtime_error {
    Interrupted() : std::runtime_error("interrupted") {}
};

// The candidate nearest to `word` by edit distance, or "" if none is near enough to be meant.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// "; did you mean 'tau'?" or, if nothing is near, "; known are a, b, c".
[[nodiscard]] std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace vitrum
