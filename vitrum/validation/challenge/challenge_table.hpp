// Blind data sets that are columns of numbers: curves and catalogues, as CSV with the seal's hash in a comment.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vitrum/io/text/csv.hpp"

namespace vitrum::validation {

// Header with units, then rows with all digits. Throws RunError.
void write_table(const std::filesystem::path& file, const std::vector<Column>& columns);

// SHA-256 of all lines that are no comments. Throws InputError if the file cannot be read.
[[nodiscard]] std::string table_hash(const std::filesystem::path& file);

// Puts the line "# challenge_seal HASH" on top. Throws RunError.
void seal_table(const std::filesystem::path& file, const std::string& hash);

// The hash in that line; "" if there is none.
[[nodiscard]] std::string seal_of_table(const std::filesystem::path& file);

// The same of a data set of any kind, by its ending.
[[nodiscard]] std::string data_hash_of(const std::filesystem::path& file);
[[nodiscard]] std::string seal_of(const std::filesystem::path& file);
void put_seal(const std::filesystem::path& file, const std::string& hash);

}  // namespace vitrum::validation
