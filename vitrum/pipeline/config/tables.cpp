#include "vitrum/pipeline/config/tables.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/config/section.hpp"

namespace vitrum::pipeline {

const toml::value* table_at(const toml::value* parent, const std::string& key) {
    return parent && parent->is_table() && parent->contains(key) ? &parent->at(key) : nullptr;
}

void overlay(toml::value& base, const toml::value* over, const std::string& where) {
    if (!over) return;
    if (!over->is_table()) throw InputError(fmt::format("{} is no table", where));
    for (const auto& [key, value] : over->as_table()) base.as_table()[key] = value;
}

std::vector<std::string> names_of_both(const toml::value* first, const toml::value* second) {
    auto names = names_in_order(first);
    for (const auto& name : names_in_order(second))
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    return names;
}

}  // namespace vitrum::pipeline
