// Lists of tables in a scenario, and tables written in one line.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/config/section.hpp"

namespace vitrum::pipeline {

std::vector<Section> Section::tables(const std::string& key) {
    std::vector<Section> all;
    const toml::value* list = find(key);
    if (!list) return all;
    if (!list->is_array()) fail(key, "is no list; a list of tables is wanted, as in [{ ... }, { ... }]");
    for (const auto& item : list->as_array()) {
        if (!item.is_table()) fail(key, "holds something that is no table; write each as { key = value, ... }");
        all.emplace_back(&item, name_.empty() ? key : name_ + "." + key, file_);
    }
    if (all.empty()) fail(key, "is an empty list");
    return all;
}

std::vector<Section> Section::completed_tables(const std::string& key,
                                               const std::function<bool(const Section&, const std::string&)>& common) {
    std::vector<Section> all = tables(key);
    for (Section& own : all) {
        toml::value whole = *own.table_;
        for (const auto& [name, value] : table_->as_table()) {
            if (name == key || !common(own, name)) continue;
            static_cast<void>(find(name));
            if (!own.has(name)) whole.as_table()[name] = value;
        }
        own.owned_ = std::make_shared<const toml::value>(std::move(whole));
        own.table_ = own.owned_.get();
    }
    return all;
}

bool Section::is_text(const std::string& key) const { return has(key) && table_->as_table().at(key).is_string(); }

std::vector<std::string> Section::texts(const std::string& key) {
    const toml::value& list = need(key);
    const char* form = "is no list of texts, as in [\"a\", \"b\"]";
    if (!list.is_array()) fail(key, form);
    std::vector<std::string> all;
    std::vector<std::string> quoted;
    for (const auto& item : list.as_array()) {
        if (!item.is_string()) fail(key, form);
        all.push_back(item.as_string().str);
        quoted.push_back(toml_text(all.back()));
    }
    record(key, fmt::format("[{}]", fmt::join(quoted, ", ")));
    return all;
}

std::string toml_literal(const toml::value& value) {
    if (value.is_string()) return toml_text(value.as_string().str);
    if (value.is_floating()) return toml_number(value.as_floating());
    if (value.is_array()) {
        std::vector<std::string> items;
        for (const auto& item : value.as_array()) items.push_back(toml_literal(item));
        return fmt::format("[{}]", fmt::join(items, ", "));
    }
    if (value.is_table()) {
        std::vector<std::string> items;
        for (const auto& key : names_in_order(&value))
            items.push_back(fmt::format("{} = {}", toml_text(key), toml_literal(value.at(key))));
        return fmt::format("{{ {} }}", fmt::join(items, ", "));
    }
    return toml::format(value);
}

namespace {

std::string toml_key(const std::string& key) {
    const auto bare = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; };
    return !key.empty() && std::all_of(key.begin(), key.end(), bare) ? key : toml_text(key);
}

void add_table(const toml::value& table, const std::string& name, std::string& text) {
    std::vector<std::string> inner;
    std::string lines;
    for (const auto& key : names_in_order(&table)) {
        if (table.at(key).is_table())
            inner.push_back(key);
        else
            lines += fmt::format("{} = {}\n", toml_key(key), toml_literal(table.at(key)));
    }
    if (!name.empty() && (!lines.empty() || inner.empty())) text += fmt::format("\n[{}]\n", name);
    text += lines;
    for (const auto& key : inner)
        add_table(table.at(key), name.empty() ? toml_key(key) : name + "." + toml_key(key), text);
}

}  // namespace

std::string toml_document(const toml::value& root) {
    std::string text;
    add_table(root, "", text);
    return text;
}

std::vector<std::string> names_in_order(const toml::value* table) {
    std::vector<std::pair<std::uint64_t, std::string>> order;
    if (table && table->is_table())
        for (const auto& [name, value] : table->as_table()) order.emplace_back(value.location().line(), name);
    std::sort(order.begin(), order.end());
    std::vector<std::string> names;
    for (const auto& [line, name] : order) names.push_back(name);
    return names;
}

std::string Section::resolved_inline() const { return fmt::format("{{ {} }}", fmt::join(lines_, ", ")); }

}  // namespace vitrum::pipeline
