#include "core/io/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "core/error.hpp"

namespace vitrum::io {

namespace {

// Splits at commas, semicolons or tabs if the line has one, else at blanks; brackets keep their blanks.
std::vector<std::string> split(const std::string& line) {
    const bool by_sign = line.find_first_of(",;\t") != std::string::npos;
    std::vector<std::string> fields;
    std::string field;
    bool bracket = false;
    const auto push = [&](bool always) {
        const auto first = field.find_first_not_of(" \r");
        const auto last = field.find_last_not_of(" \r");
        if (first != std::string::npos)
            fields.push_back(field.substr(first, last - first + 1));
        else if (always)
            fields.emplace_back();
        field.clear();
    };
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '[') bracket = true;
        if (c == ']') bracket = false;
        if (!bracket && by_sign && (c == ',' || c == ';' || c == '\t')) {
            push(true);
        } else if (!bracket && !by_sign && c == ' ') {
            // "tau [s]" is one name.
            const auto next = line.find_first_not_of(' ', i);
            if (next != std::string::npos && line[next] == '[')
                field += c;
            else
                push(false);
        } else {
            field += c;
        }
    }
    push(by_sign);
    return fields;
}

std::optional<double> number(std::string text) {
    if (text == "nan" || text == "NaN" || text == "NA" || text.empty()) return std::numeric_limits<double>::quiet_NaN();
    if (text.front() == '+') text.erase(0, 1);
    double value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

CsvColumn named(const std::string& field) {
    CsvColumn column;
    const auto open = field.find('[');
    if (open != std::string::npos && field.back() == ']') {
        column.unit = field.substr(open + 1, field.size() - open - 2);
        column.name = field.substr(0, open);
        while (!column.name.empty() && column.name.back() == ' ') column.name.pop_back();
    } else {
        column.name = field;
    }
    return column;
}

}  // namespace

const CsvColumn* CsvTable::find(const std::vector<std::string>& names) const {
    for (const auto& name : names)
        for (const auto& c : columns)
            if (c.name == name) return &c;
    return nullptr;
}

const CsvColumn& CsvTable::column(const std::string& key) const {
    if (const CsvColumn* c = find({key})) return *c;
    std::size_t position = 0;
    const auto [end, ec] = std::from_chars(key.data(), key.data() + key.size(), position);
    if (ec == std::errc() && end == key.data() + key.size() && position >= 1 && position <= columns.size())
        return columns[position - 1];
    std::vector<std::string> names;
    for (const auto& c : columns)
        if (!c.name.empty()) names.push_back(c.name);
    throw InputError(fmt::format("'{}' has no column '{}'{} ({} columns)", file.string(), key, suggestion(key, names),
                                 columns.size()));
}

CsvTable read_csv(const std::filesystem::path& path) {
    std::ifstream in(path);
    if (!in || std::filesystem::is_directory(path)) throw InputError(fmt::format("no such file: '{}'", path.string()));
    CsvTable table;
    table.file = path;
    std::string line;
    std::size_t number_of_line = 0;
    bool first = true;
    while (std::getline(in, line)) {
        ++number_of_line;
        if (const auto hash = line.find('#'); hash != std::string::npos) line.resize(hash);
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        const auto fields = split(line);
        if (first) {
            first = false;
            const bool header = std::any_of(fields.begin(), fields.end(), [](const auto& f) { return !number(f); });
            for (const auto& field : fields) table.columns.push_back(header ? named(field) : CsvColumn{});
            if (header) continue;
        }
        if (fields.size() != table.columns.size())
            throw InputError(fmt::format("{}:{}: {} fields where the first row has {}", path.string(), number_of_line,
                                         fields.size(), table.columns.size()));
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const auto value = number(fields[i]);
            if (!value)
                throw InputError(fmt::format("{}:{}: '{}' is not a number", path.string(), number_of_line, fields[i]));
            table.columns[i].values.push_back(*value);
        }
    }
    if (table.columns.empty() || table.columns.front().values.empty())
        throw InputError(fmt::format("'{}' holds no rows of numbers", path.string()));
    return table;
}

}  // namespace vitrum::io
