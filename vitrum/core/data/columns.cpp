#include "vitrum/core/data/columns.hpp"

#include <charconv>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/name_match.hpp"

namespace vitrum {

const Column* Columns::find(const std::vector<std::string>& names) const {
    std::vector<std::string> have;
    for (const auto& c : columns) have.push_back(c.name);
    const auto at = find_name(have, names);
    return at ? &columns[*at] : nullptr;
}

const Column& Columns::column(const std::string& key) const {
    if (const Column* c = find({key})) return *c;
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

std::size_t Columns::number_of_row(std::size_t row) const { return row < lines.size() ? lines[row] : row + 1; }

std::string Columns::place_of_row(std::size_t row) const {
    return row < lines.size() ? fmt::format("{}:{}", file.string(), lines[row])
                              : fmt::format("{}, row {}", file.string(), row + 1);
}

}  // namespace vitrum
