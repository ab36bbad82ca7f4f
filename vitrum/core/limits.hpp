// What a file or a scenario may ask for before anybody has agreed to it: memory, numbers to read, hours of work.
//
// A file of 4 kB can declare 1e12 frames, a scenario of ten lines a century of work. Both are sized up before anything
// begins; beyond these limits it takes a word of consent, `--allow-large`.
#pragma once

#include <string>

namespace vitrum {

// Given once, from the command line, before anything is read. Not safe to change later.
struct Consent {
    bool large = false;         // more than the limits below
    bool follow_links = false;  // links of measured files that lead out of their folder
    bool commands = false;      // programs that a study names
};
[[nodiscard]] const Consent& consent();
void give_consent(const Consent& consent);

// Throws InputError: `where` starts `command`, and nobody has agreed to that.
void expect_commands(const std::string& command, const std::string& where);

// Memory that one dataset may take whatever the size of its file, and how many bytes one byte of the file may become.
inline constexpr double free_bytes = 256e6;
inline constexpr double most_inflation = 500;
// Bytes that a dataset may declare, read part by part: gzip shrinks to one part in 1032 at best.
inline constexpr double free_declared = 200e6;
inline constexpr double most_compression = 1100;
// Core hours that are begun without a question.
inline constexpr double most_hours = 24;

// Throws InputError: `where` wants more memory than this machine can give, or more than a file of `file_bytes` has a
// right to.
void expect_memory(double bytes, const std::string& where);
void expect_inflation(double bytes, double file_bytes, const std::string& where);
void expect_declared(double bytes, double stored_bytes, const std::string& where);
// Throws InputError: this many seconds of one core.
void expect_work(double core_seconds, const std::string& where);

}  // namespace vitrum
