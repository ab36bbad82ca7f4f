// The plain table that a program answers with: a header, fields between commas, quotes where a field holds one.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitrum::outside {

struct TableRow {
    std::size_t line = 0;  // of the file, from 1
    std::vector<std::string> fields;
};

struct Table {
    std::vector<std::string> header;
    std::vector<TableRow> rows;
    std::string fault;  // "" = well formed; else what is wrong, with the line
};

// Blank lines and lines that begin with # are left out; blanks around fields too. Any line ends, with or without a
// byte-order mark. Never throws for what the file holds.
[[nodiscard]] Table read_table(const std::filesystem::path& file);

// Decimal point, no unit; nan and inf in any case. None for anything else, also for an empty text.
[[nodiscard]] std::optional<double> real_number(std::string_view text);
[[nodiscard]] std::optional<long long> whole_number(std::string_view text);

}  // namespace vitrum::outside
