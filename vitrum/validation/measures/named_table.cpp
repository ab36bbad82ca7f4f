#include "vitrum/validation/measures/named_table.hpp"

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/name_match.hpp"

namespace vitrum::validation {

NamedTable::NamedTable(const std::filesystem::path& file) : file_(file.string()), rows_(io::read_text_rows(file)) {
    if (rows_.size() < 2)
        throw InputError(fmt::format("'{}' has no rows below a header; the first row names the columns", file_));
    names_ = rows_.front().fields;
    for (auto& name : names_) name = io::name_and_unit(name).first;
    rows_.erase(rows_.begin());
}

std::size_t NamedTable::column(const std::string& wanted, const std::vector<std::string>& usual) const {
    if (wanted.empty()) {
        if (const auto at = find_name(names_, usual)) return *at;
        // A column that is nearly one of them would be lost without a word.
        for (const auto& name : names_)
            if (const auto meant = misspelled(name, usual))
                throw InputError(fmt::format("'{}' has a column '{}'; did you mean '{}'?", file_, name, *meant));
        return absent;
    }
    const auto at = find_name(names_, {wanted});
    if (!at) throw InputError(fmt::format("'{}' has no column '{}'{}", file_, wanted, suggestion(wanted, names_)));
    return *at;
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
