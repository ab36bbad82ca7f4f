#include "vitrum/io/text/text_table.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/text/text_dialect.hpp"
#include "vitrum/io/text/text_encoding.hpp"

namespace vitrum::io {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

// `comment`: the last line of comment alone in front of the first with something else.
std::vector<TextLine> lines_of(const std::string& text, TextLine& comment) {
    std::vector<TextLine> lines;
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
        std::string line = text.substr(at, end - at);
        at = end + (text.compare(end, 2, "\r\n") == 0 ? 2 : 1);
        ++number;
        if (const auto hash = line.find('#'); hash != std::string::npos) {
            const bool alone = line.find_first_not_of(" \t") == hash;
            if (alone && lines.empty())
                comment = {number, line.substr(std::min(line.find_first_not_of("# \t", hash), line.size()))};
            line.resize(hash);
        }
        if (line.find_first_not_of(" \t") != std::string::npos) lines.push_back({number, std::move(line)});
    }
    return lines;
}

// A comment that names as many columns as the first row of numbers has, one at least with a unit, is their header;
// prose is not.
void take_header(const TextLine& comment, char separator, std::vector<TextRow>& rows) {
    if (comment.text.empty() || rows.empty()) return;
    const auto& first = rows.front().fields;
    if (!std::all_of(first.begin(), first.end(), [](const auto& f) { return number_of(f).has_value(); })) return;
    auto names = split(comment.text, separator);
    if (names.size() != first.size()) return;
    const auto named = [](const auto& f) { return !number_of(f).has_value(); };
    if (!std::all_of(names.begin(), names.end(), named)) return;
    const auto has_unit = [](const auto& f) { return !name_and_unit(f).second.empty(); };
    if (std::none_of(names.begin(), names.end(), has_unit)) return;
    rows.insert(rows.begin(), TextRow{comment.number, std::move(names)});
}

}  // namespace

std::optional<double> number_of(std::string text) {
    const std::string word = lower(text);
    for (const char* missing : {"", "nan", "na", "n/a", "null", "none"})
        if (word == missing) return std::numeric_limits<double>::quiet_NaN();
    if (text.front() == '+') text.erase(0, 1);
    // Fortran's exponent: 1.0D+00.
    if (const auto d = text.find_first_of("dD"); d != std::string::npos && d > 0) text[d] = 'e';
    double value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<TextRow> read_text_rows(const std::filesystem::path& path) {
    TextLine comment;
    std::vector<TextLine> lines = lines_of(read_text_file(path), comment);
    // A first line of spreadsheets, which says what dialect_of() sees.
    if (!lines.empty() && lines.front().text.size() == 5 && lower(lines.front().text).starts_with("sep="))
        lines.erase(lines.begin());
    const Dialect dialect = dialect_of(lines, path.string());
    std::vector<TextRow> rows;
    for (const auto& [number, line] : lines) {
        TextRow row{number, split(line, dialect.separator)};
        const auto refuse = [&](const std::string& what) {
            throw InputError(fmt::format("{}:{}: {}", path.string(), number, what));
        };
        if (row.fields.empty()) refuse("the quotes are not closed");
        // A separator behind the last field: "0.5,1.2,".
        const std::size_t wanted = rows.empty() ? row.fields.size() - 1 : rows.front().fields.size();
        if (row.fields.size() > 1 && row.fields.size() == wanted + 1 && row.fields.back().empty())
            row.fields.pop_back();
        if (!rows.empty() && row.fields.size() != wanted)
            refuse(fmt::format("{} fields where the first row has {}{}", row.fields.size(), wanted,
                               dialect.separator == ',' && row.fields.size() > wanted ? decimal_hint : ""));
        rows.push_back(std::move(row));
    }
    take_header(comment, dialect.separator, rows);
    read_decimal_commas(rows, dialect, path.string());
    return rows;
}

std::pair<std::string, std::string> name_and_unit(const std::string& field) {
    for (const auto& [open, close] : {std::pair{'[', ']'}, std::pair{'(', ')'}}) {
        const auto at = field.find(open);
        // "tau (s)" is a unit, "E(r)" a function.
        if (at == std::string::npos || at == 0 || field.back() != close || (open == '(' && field[at - 1] != ' '))
            continue;
        std::string name = field.substr(0, at);
        while (!name.empty() && name.back() == ' ') name.pop_back();
        return {name, field.substr(at + 1, field.size() - at - 2)};
    }
    return {field, ""};
}

}  // namespace vitrum::io
