// What may be opened for reading: ordinary files alone. A pipe, a device or a socket would wait for ever or never end,
// and names that no file can have are told apart from files that are not there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vitrum::io {

// Throws InputError: not there, a folder, a pipe, a device, a socket, or a name that no file can have. Symbolic links
// are followed.
void expect_input_file(const std::filesystem::path& file);

// The file that expect_input_file() saw last, "" for none. Safe in signal handlers.
[[nodiscard]] const char* last_input_file();

// Throws InputError for names that no file can have: empty, too long, with a NUL.
void expect_file_name(const std::filesystem::path& file);

// A name made of another: letters, digits, _ - and . stay, anything else becomes _; never empty, no folder, not hidden.
[[nodiscard]] std::string plain_file_name(const std::string& name);

// Files that links of measured files led to, in the order in which they were met; each once.
[[nodiscard]] const std::vector<std::string>& followed_files();
void note_followed(const std::filesystem::path& file);

}  // namespace vitrum::io
