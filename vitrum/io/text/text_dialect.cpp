#include "vitrum/io/text/text_dialect.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::io {

namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// A line walked with its state: inside quotes or brackets nothing separates.
template <class Visit>
bool walk(const std::string& line, Visit&& visit) {
    bool quoted = false;
    int depth = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"') {
            quoted = !quoted;
            continue;
        }
        if (!quoted && (c == '[' || c == '(')) ++depth;
        if (!quoted && (c == ']' || c == ')') && depth > 0) --depth;
        visit(i, c, !quoted && depth == 0);
    }
    return !quoted;
}

struct Signs {
    bool semicolon = false, tab = false, comma = false;
    bool comma_in_word = false;  // a comma with no blank behind it
    bool several_words = false;
};

Signs signs_of(const std::string& line) {
    Signs s;
    bool gap = false;
    bool any = false;
    walk(line, [&](std::size_t i, char c, bool free) {
        const bool blank = free && (c == ' ' || c == '\t');
        if (blank) {
            gap = any;
        } else {
            s.several_words = s.several_words || gap;
            any = true;
        }
        if (!free) return;
        s.semicolon = s.semicolon || c == ';';
        s.tab = s.tab || c == '\t';
        s.comma = s.comma || c == ',';
        if (c == ',' && i + 1 < line.size() && line[i + 1] != ' ' && line[i + 1] != '\t') s.comma_in_word = true;
    });
    return s;
}

// A number whose decimal sign is `sign`, with nothing else in it: 0,50 and -1,2e-3.
bool has_decimal(std::string_view word, char sign) {
    if (!word.empty() && (word.front() == '+' || word.front() == '-')) word.remove_prefix(1);
    std::size_t digits = 0;
    std::size_t signs = 0;
    std::size_t i = 0;
    for (; i < word.size() && (is_digit(word[i]) || word[i] == sign); ++i) (word[i] == sign ? signs : digits) += 1;
    if (signs != 1 || digits == 0) return false;
    if (sign == ',' && word[i - 1] == sign) return false;  // "9, 8": it separates
    if (i == word.size()) return true;
    if (std::string_view("eEdD").find(word[i]) == std::string_view::npos || ++i == word.size()) return false;
    if (word[i] == '+' || word[i] == '-') ++i;
    return i < word.size() && std::all_of(word.begin() + static_cast<std::ptrdiff_t>(i), word.end(), is_digit);
}

bool is_whole(std::string_view word) {
    if (!word.empty() && (word.front() == '+' || word.front() == '-')) word.remove_prefix(1);
    return !word.empty() && std::all_of(word.begin(), word.end(), is_digit);
}

// "0,50 1,19": numbers between blanks.
bool decimal_commas_between_blanks(const std::string& line) {
    const auto words = split(line, ' ');
    return words.size() > 1 &&
           std::all_of(words.begin(), words.end(), [](const auto& w) { return has_decimal(w, ',') || is_whole(w); }) &&
           std::any_of(words.begin(), words.end(), [](const auto& w) { return has_decimal(w, ','); });
}

}  // namespace

Dialect dialect_of(const std::vector<TextLine>& lines, const std::string& file) {
    Signs all;
    bool tab_everywhere = true;
    for (const auto& [number, text] : lines) {
        const Signs s = signs_of(text);
        all.semicolon = all.semicolon || s.semicolon;
        all.tab = all.tab || s.tab;
        all.comma = all.comma || s.comma;
        all.comma_in_word = all.comma_in_word || s.comma_in_word;
        tab_everywhere = tab_everywhere && (s.tab || !s.several_words);
    }
    if (all.semicolon) return {';'};
    if (all.tab && tab_everywhere && (!all.comma || all.comma_in_word)) return {'\t'};
    if (!all.comma) return {' '};
    for (const auto& [number, text] : lines)
        if (decimal_commas_between_blanks(text))
            throw InputError(
                fmt::format("{}:{}: '{}' has decimal commas; write decimal points, or separate the columns "
                            "with semicolons",
                            file, number, text.substr(text.find_first_not_of(" \t"))));
    return {','};
}

std::vector<std::string> split(const std::string& line, char separator) {
    if (line.find(separator) == std::string::npos) separator = ' ';
    const bool by_blanks = separator == ' ';
    std::vector<std::string> fields;
    std::string field;
    const auto push = [&] {
        const auto first = field.find_first_not_of(" \t");
        const auto last = field.find_last_not_of(" \t");
        if (first != std::string::npos)
            fields.push_back(field.substr(first, last - first + 1));
        else if (!by_blanks)
            fields.emplace_back();
        field.clear();
    };
    const bool closed = walk(line, [&](std::size_t i, char c, bool free) {
        const bool blank = c == ' ' || c == '\t';
        if (free && by_blanks && blank) {
            // "tau [s]" is one name.
            const auto next = line.find_first_not_of(" \t", i);
            if (next != std::string::npos && (line[next] == '[' || line[next] == '('))
                field += ' ';
            else
                push();
        } else if (free && !by_blanks && c == separator) {
            push();
        } else {
            field += c;
        }
    });
    push();
    if (!closed) fields.clear();
    return fields;
}

void read_decimal_commas(std::vector<TextRow>& rows, const Dialect& dialect, const std::string& file) {
    const auto find = [&](auto&& is) {
        const TextRow* found = nullptr;
        for (const auto& row : rows)
            if (!found && std::any_of(row.fields.begin(), row.fields.end(), is)) found = &row;
        return found;
    };
    const auto point = [](const std::string& f) { return has_decimal(f, '.'); };
    if (dialect.separator == ';' || dialect.separator == '\t') {
        const TextRow* commas = find([](const std::string& f) { return has_decimal(f, ','); });
        if (!commas) return;
        if (const TextRow* points = find(point))
            throw InputError(
                fmt::format("'{}' has numbers with a comma (line {}) and with a point (line {}); write "
                            "decimal points alone",
                            file, commas->line, points->line));
        for (auto& row : rows)
            for (auto& field : row.fields)
                if (has_decimal(field, ',')) std::replace(field.begin(), field.end(), ',', '.');
        return;
    }
    // Without a header nothing tells 1.05, 2.50 in commas from four columns; halves that begin with 0 do.
    if (dialect.separator != ',' || rows.empty() || rows.front().fields.size() % 2 != 0) return;
    const TextRow* halves = nullptr;
    for (const auto& row : rows) {
        if (!std::all_of(row.fields.begin(), row.fields.end(), [](const auto& f) { return is_whole(f); })) return;
        for (std::size_t i = 1; i < row.fields.size() && !halves; i += 2)
            if (row.fields[i].size() > 1 && row.fields[i].front() == '0') halves = &row;
    }
    if (halves)
        throw InputError(fmt::format("{}:{}: '{},{}' looks like one number{}", file, halves->line, halves->fields[0],
                                     halves->fields[1], decimal_hint));
}

}  // namespace vitrum::io
