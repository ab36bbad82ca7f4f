// Rows of fields from text files: spaces, commas, semicolons or tabs; # comments; blank lines left out.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace vitrum::io {

struct TextRow {
    std::size_t line = 0;  // counted from 1
    std::vector<std::string> fields;
};

// Fields are split at commas, semicolons or tabs if the line has one, else at blanks; "tau [s]" is one field. A field
// in double quotes is taken as it stands. An empty file has no rows. Throws InputError: no such file, a row of another
// length than the first.
[[nodiscard]] std::vector<TextRow> read_text_rows(const std::filesystem::path& file);

// NaN for nan, NA and an empty field; nullopt if it is no number.
[[nodiscard]] std::optional<double> number_of(std::string text);

}  // namespace vitrum::io
