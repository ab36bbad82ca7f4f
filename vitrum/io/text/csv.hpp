// Columns of numbers from text files: header or none; spaces, commas, semicolons or tabs; # comments.
// A header names columns with their unit in brackets: temperature [K], tau [s].
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vitrum::io {

struct CsvColumn {
    std::string name;  // "" without a header
    std::string unit;  // "" if none is given
    std::vector<double> values;
};

struct CsvTable {
    std::filesystem::path file;
    std::vector<CsvColumn> columns;

    // By name, or by number counted from 1. Throws InputError naming the columns there are.
    [[nodiscard]] const CsvColumn& column(const std::string& key) const;
    // The first of `names` that exists; nullptr if none does.
    [[nodiscard]] const CsvColumn* find(const std::vector<std::string>& names) const;
};

// Throws InputError: missing or empty file, a row of another length, something that is no number (line named).
[[nodiscard]] CsvTable read_csv(const std::filesystem::path& file);

}  // namespace vitrum::io
