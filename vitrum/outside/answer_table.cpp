#include "vitrum/outside/answer_table.hpp"

#include <charconv>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace vitrum::outside {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = 64'000'000;
constexpr std::size_t most_rows = 200'000;

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return "";
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

// The field that begins at `at`, which moves behind its comma; none if quotes are not closed or text follows them.
std::optional<std::string> next_field(std::string_view line, std::size_t& at) {
    const auto first = line.find_first_not_of(" \t", at);
    if (first == std::string_view::npos || line[first] != '"') {
        const auto comma = std::min(line.find(',', at), line.size());
        const std::string field = trimmed(line.substr(at, comma - at));
        at = comma + 1;
        return field;
    }
    std::string field;
    for (at = first + 1; at < line.size(); ++at) {
        if (line[at] != '"') {
            field += line[at];
        } else if (at + 1 < line.size() && line[at + 1] == '"') {
            field += line[at++];
        } else {
            const auto comma = std::min(line.find(',', at), line.size());
            if (!trimmed(line.substr(at + 1, comma - at - 1)).empty()) return std::nullopt;
            at = comma + 1;
            return field;
        }
    }
    return std::nullopt;
}

std::optional<std::vector<std::string>> fields_of(std::string_view line) {
    std::vector<std::string> fields;
    for (std::size_t at = 0; at <= line.size();) {
        auto field = next_field(line, at);
        if (!field) return std::nullopt;
        fields.push_back(std::move(*field));
    }
    return fields;
}

void add_line(Table& table, std::size_t number, std::string_view line) {
    auto fields = fields_of(line);
    if (!fields) {
        table.fault = fmt::format("line {}: quotes are not closed", number);
    } else if (table.header.empty()) {
        table.header = std::move(*fields);
    } else if (fields->size() != table.header.size()) {
        table.fault =
            fmt::format("line {} has {} fields, the header has {}", number, fields->size(), table.header.size());
    } else if (table.rows.size() == most_rows) {
        table.fault = fmt::format("more than {} rows", most_rows);
    } else {
        table.rows.push_back({number, std::move(*fields)});
    }
}

template <class T>
std::optional<T> number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

Table read_table(const fs::path& file) {
    Table table;
    std::error_code failed;
    const std::uintmax_t size = fs::file_size(file, failed);
    if (failed || size > most_bytes) {
        table.fault = failed ? "cannot be read" : fmt::format("is larger than {} MB", most_bytes / 1'000'000);
        return table;
    }
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in) table.fault = "cannot be read";
    std::string_view rest = text;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    for (std::size_t line = 1; !rest.empty() && table.fault.empty(); ++line) {
        const auto end = rest.find_first_of("\r\n");
        const std::string_view now = rest.substr(0, end);
        const bool both = end != std::string_view::npos && rest.substr(end, 2) == "\r\n";
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + (both ? 2 : 1));
        const std::string content = trimmed(now);
        if (!content.empty() && content.front() != '#') add_line(table, line, now);
    }
    if (table.fault.empty() && table.header.empty()) table.fault = "is empty";
    return table;
}

std::optional<double> real_number(std::string_view text) { return number<double>(text); }

std::optional<long long> whole_number(std::string_view text) { return number<long long>(text); }

}  // namespace vitrum::outside
