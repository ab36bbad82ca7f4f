// A mark that a process hands on to all that it starts, wherever they go: an unreachable limit of real-time processor
// time. Lowering a hard limit needs no right, raising it does.
#pragma once

#include <chrono>
#include <cstdint>

namespace vitrum::process {

// A mark that no other start has; 0 if this process carries one itself.
[[nodiscard]] std::uint64_t new_mark();

// Puts the mark on this process. Safe between fork and exec.
void wear_mark(std::uint64_t mark);

// Kills every process with the mark, and what these start meanwhile; false if some are still there after `patience`.
bool kill_marked(std::uint64_t mark, std::chrono::milliseconds patience);

}  // namespace vitrum::process
