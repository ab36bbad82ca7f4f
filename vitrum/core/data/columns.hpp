// Named columns of numbers with units: a table somebody measured, or rows gathered from other estimates.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace vitrum {

struct Column {
    std::string name;  // "" without a header
    std::string unit;  // "" if none is given
    std::vector<double> values;
};

struct Columns {
    std::filesystem::path file;  // where they were read; else a name for messages
    std::vector<Column> columns;
    std::vector<std::size_t> lines{};    // of the file, from 1, of each row; empty if they are of no file
    std::vector<std::string> remarks{};  // rows left out, columns not used

    [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().values.size(); }
    // By name, or by number counted from 1. Throws InputError naming the columns there are.
    [[nodiscard]] const Column& column(const std::string& key) const;
    // The first of `names` that exists; nullptr if none does.
    [[nodiscard]] const Column* find(const std::vector<std::string>& names) const;
    [[nodiscard]] std::size_t number_of_row(std::size_t row) const;  // its line, else counted from 1
    // "FILE:LINE", or "FILE, row 3".
    [[nodiscard]] std::string place_of_row(std::size_t row) const;
};

}  // namespace vitrum
