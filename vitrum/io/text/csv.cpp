#include "vitrum/io/text/csv.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/io/text/text_table.hpp"

namespace vitrum::io {

namespace {

Column named(const std::string& field) {
    auto [name, unit] = name_and_unit(field);
    return {std::move(name), std::move(unit), {}};
}

// A damaged number in the first row would make a header of it.
bool looks_like_number(const std::string& field, bool beside_numbers) {
    const auto at = field.find_first_not_of("+-.,");
    if (at == std::string::npos || field[at] < '0' || field[at] > '9' || number_of(field)) return false;
    return beside_numbers || std::none_of(field.begin(), field.end(), [](unsigned char c) { return std::isalpha(c); });
}

}  // namespace

Columns read_csv(const std::filesystem::path& path) {
    Columns table;
    table.file = path;
    bool first = true;
    for (const auto& [line, fields] : read_text_rows(path)) {
        check_interrupt();
        const auto refuse = [&, at = line](const std::string& field) {
            throw InputError(fmt::format("{}:{}: '{}' is not a number{}", path.string(), at, field,
                                         field.find(',') == std::string::npos ? "" : "; write a decimal point"));
        };
        if (first) {
            first = false;
            const bool header = std::any_of(fields.begin(), fields.end(), [](const auto& f) { return !number_of(f); });
            const bool numbers = std::any_of(fields.begin(), fields.end(), [](const auto& f) {
                return std::isfinite(number_of(f).value_or(std::numeric_limits<double>::quiet_NaN()));
            });
            for (const auto& field : fields) {
                if (looks_like_number(field, numbers)) refuse(field);
                table.columns.push_back(header ? named(field) : Column{});
            }
            if (header) continue;
        }
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const auto value = number_of(fields[i]);
            if (!value) refuse(fields[i]);
            table.columns[i].values.push_back(*value);
        }
        table.lines.push_back(line);
    }
    if (table.columns.empty() || table.columns.front().values.empty())
        throw InputError(fmt::format("'{}' holds no rows of numbers", path.string()));
    return table;
}

}  // namespace vitrum::io
