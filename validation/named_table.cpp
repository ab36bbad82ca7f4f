#include "validation/named_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/estimate.hpp"

namespace vitrum::validation {

NamedTable::NamedTable(const std::filesystem::path& file) : file_(file.string()), rows_(io::read_text_rows(file)) {
    if (rows_.size() < 2)
        throw InputError(fmt::format("'{}' has no rows below a header; the first row names the columns", file_));
    names_ = rows_.front().fields;
    for (auto& name : names_)  // "tau [s]"
        if (const auto unit = name.find(" ["); unit != std::string::npos) name.resize(unit);
    rows_.erase(rows_.begin());
}

std::size_t NamedTable::column(const std::string& wanted, const std::vector<std::string>& usual) const {
    if (wanted.empty()) {
        for (const auto& name : usual)
            if (const auto at = std::find(names_.begin(), names_.end(), name); at != names_.end())
                return static_cast<std::size_t>(at - names_.begin());
        return absent;
    }
    const auto at = std::find(names_.begin(), names_.end(), wanted);
    if (at == names_.end())
        throw InputError(fmt::format("'{}' has no column '{}'{}", file_, wanted, suggestion(wanted, names_)));
    return static_cast<std::size_t>(at - names_.begin());
}

double NamedTable::number(const io::TextRow& row, std::size_t column) const {
    if (column == absent) return not_a_number;
    const auto value = io::number_of(row.fields[column]);
    if (!value)
        throw InputError(fmt::format("{}:{}: {} = '{}' is not a number; a failed row has it empty or NaN", file_,
                                     row.line, names_[column], row.fields[column]));
    return *value;
}

}  // namespace vitrum::validation
