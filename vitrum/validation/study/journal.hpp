// The journal of a study: finished replicates, appended one by one. A process that dies at any moment leaves whole
// entries and perhaps one torn at the end, which the next reader drops.
//
//   file      "VITRUMJ2", then entries
//   entry     u32 length, u32 CRC-32 of the body, body
//   body      u8 1: an estimand, u32 its number in this file, texts       u8 2: a replicate, its rows
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>

#include "vitrum/validation/study/outcomes.hpp"

namespace vitrum::validation {

class Journal {
public:
    // Opens `file` for appending; a torn end is cut off first. Throws RunError: not writable.
    explicit Journal(const std::filesystem::path& file);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // Safe for threads. Throws RunError if the disk is full: the entry is then not in the file.
    void add(const Observed& replicate);

private:
    void write(const std::string& bytes);
    std::filesystem::path file_;
    int descriptor_ = -1;
    std::mutex mutex_;
    Outcomes known_;  // estimands that this file already defines
    std::size_t defined_ = 0;
};

// Adds the replicates of one journal; a file that is no journal is an InputError. Returns what is to be said of damage
// or of a torn end, "" for none.
std::string read_journal(const std::filesystem::path& file, Outcomes& outcomes);

}  // namespace vitrum::validation
