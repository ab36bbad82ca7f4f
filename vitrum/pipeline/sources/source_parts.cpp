#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

std::vector<DataPart> parts_of(const SourcePlan& source) {
    if (!source.parts.empty()) return source.parts;
    return {{"", source.data, {source.default_estimate}, true}};
}

std::string kinds_given(const SourcePlan& source) {
    std::vector<std::string> kinds;
    for (const DataPart& part : parts_of(source))
        if (std::string kind(name(part.data)); std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
            kinds.push_back(std::move(kind));
    return fmt::format("{}", fmt::join(kinds, ", "));
}

std::vector<Labelled<DataSet>> make(const SourcePlan& source, const Unit& unit, const UnitContext& context) {
    std::vector<Labelled<DataSet>> sets;
    if (unit.generate_all)
        sets = unit.generate_all(context);
    else
        sets.push_back(unit.generate(context));
    for (auto& set : sets) set.data.source_name = source.name;
    return sets;
}

}  // namespace vitrum::pipeline
