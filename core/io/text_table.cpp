#include "core/io/text_table.hpp"

#include <charconv>
#include <fstream>
#include <limits>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/io/input_file.hpp"

namespace vitrum::io {

namespace {

std::vector<std::string> split(const std::string& line) {
    const bool by_sign = line.find_first_of(",;\t") != std::string::npos;
    std::vector<std::string> fields;
    std::string field;
    bool bracket = false;
    bool quoted = false;
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
        if (c == '"') {
            quoted = !quoted;
            continue;
        }
        if (quoted) {
            field += c;
            continue;
        }
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

}  // namespace

std::optional<double> number_of(std::string text) {
    if (text == "nan" || text == "NaN" || text == "NA" || text.empty()) return std::numeric_limits<double>::quiet_NaN();
    if (text.front() == '+') text.erase(0, 1);
    double value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<TextRow> read_text_rows(const std::filesystem::path& path) {
    expect_input_file(path);
    std::ifstream in(path);
    if (!in) throw InputError(fmt::format("cannot read '{}'", path.string()));
    std::vector<TextRow> rows;
    std::string line;
    std::size_t number = 0;
    while (std::getline(in, line)) {
        ++number;
        if (const auto hash = line.find('#'); hash != std::string::npos) line.resize(hash);
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        TextRow row{number, split(line)};
        if (!rows.empty() && row.fields.size() != rows.front().fields.size())
            throw InputError(fmt::format("{}:{}: {} fields where the first row has {}", path.string(), number,
                                         row.fields.size(), rows.front().fields.size()));
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace vitrum::io
