// What stands before the text of a text file: byte-order marks, encodings that are not read.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace vitrum::io {

// Bytes of the byte-order mark at the head: 3 of UTF-8, 0 without one. Throws InputError for UTF-16 and UTF-32, with a
// mark or without.
[[nodiscard]] std::size_t mark_before_text(std::string_view head, const std::filesystem::path& file);

// The whole file without its mark. Throws InputError: no such file, a folder, unreadable, UTF-16.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& file);

}  // namespace vitrum::io
