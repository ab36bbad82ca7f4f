// A table of text whose first row names the columns; every error names file and line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "vitrum/io/text/text_table.hpp"

namespace vitrum::validation {

class NamedTable {
public:
    static constexpr auto absent = static_cast<std::size_t>(-1);

    // Units behind a name are left out: "tau [s]" and "tau (s)" are tau. Throws InputError: no file, no rows.
    explicit NamedTable(const std::filesystem::path& file);

    // The column called `wanted`, which must be there; if `wanted` is empty, the first of `usual`, or absent. Throws
    // InputError where none is there but one that is nearly it.
    [[nodiscard]] std::size_t column(const std::string& wanted, const std::vector<std::string>& usual) const;

    // NaN if the column is absent or the field empty. Throws InputError if it is no number.
    [[nodiscard]] double number(const io::TextRow& row, std::size_t column) const;

    [[nodiscard]] const std::vector<io::TextRow>& rows() const { return rows_; }
    [[nodiscard]] const std::string& file() const { return file_; }
    [[nodiscard]] const std::string& name(std::size_t column) const { return names_[column]; }
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

private:
    std::string file_;
    std::vector<io::TextRow> rows_;
    std::vector<std::string> names_;
};

}  // namespace vitrum::validation
