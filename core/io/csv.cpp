#include "core/io/csv.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/io/text_table.hpp"

namespace vitrum::io {

namespace {

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
    CsvTable table;
    table.file = path;
    bool first = true;
    for (const auto& [line, fields] : read_text_rows(path)) {
        if (first) {
            first = false;
            const bool header = std::any_of(fields.begin(), fields.end(), [](const auto& f) { return !number_of(f); });
            for (const auto& field : fields) table.columns.push_back(header ? named(field) : CsvColumn{});
            if (header) continue;
        }
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const auto value = number_of(fields[i]);
            if (!value) throw InputError(fmt::format("{}:{}: '{}' is not a number", path.string(), line, fields[i]));
            table.columns[i].values.push_back(*value);
        }
    }
    if (table.columns.empty() || table.columns.front().values.empty())
        throw InputError(fmt::format("'{}' holds no rows of numbers", path.string()));
    return table;
}

}  // namespace vitrum::io
