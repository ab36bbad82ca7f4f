// Rows of fields from text files: spaces, commas, semicolons or tabs; # comments; blank lines left out. UTF-8 with or
// without a byte-order mark, any line ends.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vitrum::io {

struct TextRow {
    std::size_t line = 0;  // counted from 1
    std::vector<std::string> fields;
};

// Fields are split at the separator of the file, at blanks in a line without it; "tau [s]" is one field. A field in
// double quotes is taken as it stands; a separator at the end of a line is left out. Decimal commas become points where
// semicolons or tabs separate the fields. An empty file has no rows. Throws InputError: no such file, UTF-16, a row of
// another length than the first, numbers that may have decimal commas between separating commas, or commas and points.
[[nodiscard]] std::vector<TextRow> read_text_rows(const std::filesystem::path& file);

// NaN for an empty field, nan, NA, N/A, null and none; nullopt if it is no number.
[[nodiscard]] std::optional<double> number_of(std::string text);

// "tau [s]" and "tau (s)": {tau, s}.
[[nodiscard]] std::pair<std::string, std::string> name_and_unit(const std::string& field);

}  // namespace vitrum::io
