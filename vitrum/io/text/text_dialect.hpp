// How a table of text is written: what separates its fields, and whether its numbers have decimal commas.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vitrum/io/text/text_table.hpp"

namespace vitrum::io {

struct TextLine {
    std::size_t number = 0;  // counted from 1
    std::string text;        // without comment
};

struct Dialect {
    char separator = ' ';
};

inline constexpr const char* decimal_hint =
    "; decimal commas? write decimal points, or separate the columns with semicolons";

// One separator for the whole file: semicolon before tab before comma, else blanks. Throws InputError for decimal
// commas between blanks.
[[nodiscard]] Dialect dialect_of(const std::vector<TextLine>& lines, const std::string& file);

// Fields of a line; none if quotes are not closed.
[[nodiscard]] std::vector<std::string> split(const std::string& line, char separator);

// Commas of numbers to points, where semicolons or tabs separate them. Throws InputError: commas and points in one
// file; fields between commas that look like the two halves of numbers.
void read_decimal_commas(std::vector<TextRow>& rows, const Dialect& dialect, const std::string& file);

}  // namespace vitrum::io
