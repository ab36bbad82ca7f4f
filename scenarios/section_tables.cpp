// Lists of tables in a scenario, and tables written in one line.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "scenarios/section.hpp"

namespace vitrum::scenarios {

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

std::string Section::resolved_inline() const { return fmt::format("{{ {} }}", fmt::join(lines_, ", ")); }

}  // namespace vitrum::scenarios
