#include "vitrum/pipeline/scenario/steps.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/config/tables.hpp"
#include "vitrum/pipeline/estimators/correlation_rows.hpp"

namespace vitrum::pipeline {

namespace {

constexpr const char* chain_name = "correlation";

// Options of [methods.M] that stand outside its tables.
toml::value flat_options(const toml::value* method) {
    toml::value flat = toml::table{};
    if (method && method->is_table())
        for (const auto& [key, value] : method->as_table())
            if (!value.is_table()) flat.as_table()[key] = value;
    return flat;
}

std::string section_name(const std::string& name, const StepTables& tables) {
    return tables.method ? fmt::format("methods.{}.estimate.{}", tables.method_name, name) : "estimate." + name;
}

// [estimate.NAME] of the scenario with what the method changes, on `base`.
toml::value options_of(const std::string& name, const StepTables& tables, toml::value base) {
    overlay(base, table_at(tables.scenario, name), fmt::format("{}: estimate.{}", tables.file, name));
    overlay(base, table_at(table_at(tables.method, "estimate"), name),
            fmt::format("{}: {}", tables.file, section_name(name, tables)));
    return base;
}

struct Head {
    const EstimatorKind* kind = nullptr;
    std::vector<std::string> sources;
    std::string part, from, take;
};

Head read_head(Section& section, const std::string& name) {
    Head head;
    const std::string wanted = section.text("estimator", name);
    try {
        head.kind = &find_estimator(wanted);
    } catch (const InputError& e) {
        section.fail("estimator", e.what());
    }
    if (head.kind->read_joint)
        section.fail("estimator", fmt::format("'{}' takes several data sets: it belongs to [across.{}]", wanted, name));
    if (section.has("sources")) head.sources = section.texts("sources");
    head.part = section.text("part", "");
    head.from = section.text("from", "");
    head.take = section.text("take", "");
    if (!head.take.empty() && head.from.empty()) section.fail("take", "says what is taken of `from`, which is absent");
    return head;
}

bool meant(const Head& head, const std::string& source) {
    return head.sources.empty() || std::find(head.sources.begin(), head.sources.end(), source) != head.sources.end();
}

// The kind of data that comes from another step: the first that this estimator takes.
DataKind kind_from(const EstimatorKind& kind) {
    for (const DataKind k : {DataKind::curve, DataKind::events, DataKind::columns})
        if (kind.takes_kind(k)) return k;
    throw InputError(
        fmt::format("{} needs {}; an estimate gives curves, catalogues and columns", kind.name, kind.input));
}

std::vector<std::string> names_of_tables(const StepTables& tables) {
    return names_of_both(tables.scenario, table_at(tables.method, "estimate"));
}

bool has_chain(const std::vector<DataPart>& parts) {
    return std::any_of(parts.begin(), parts.end(), [](const DataPart& part) {
        return std::any_of(part.estimates.begin(), part.estimates.end(),
                           [](const DefaultEstimate& e) { return e.estimator == chain_name; });
    });
}

EstimateStep default_step(const SourcePlan& source, const DataPart& part, const DefaultEstimate& given,
                          const StepTables& tables) {
    const std::string& name = given.estimator;
    const toml::value table = options_of(name, tables, given.options);
    Section section(&table, section_name(name, tables), tables.file);
    EstimateStep step;
    if (name == chain_name) {
        analysis::ChainOptions options = read_chain(section, source.chain);
        section.finish();
        // A method's own keys come last; messages name the place where they stand.
        const toml::value flat = flat_options(tables.method);
        Section of_method(&flat, "methods." + tables.method_name, tables.file);
        options = read_chain(of_method, options);
        of_method.finish();
        step = correlation_step(options);
    } else {
        step.name = name;
        step.kind = &find_estimator(name);
        step.is_default = true;
        step.from = given.from;
        step.take = given.take;
        step.run = step.kind->read(section, step.from.empty() ? part.data : kind_from(*step.kind));
        section.finish();
    }
    step.part = part.name;
    step.optional = given.optional;
    return step;
}

// Options of the chain that a method gives without a table are no use to a source that has no default chain.
void expect_chain(const SourcePlan& source, const std::vector<DataPart>& parts, const StepTables& tables) {
    const toml::value flat = flat_options(tables.method);
    if (flat.as_table().empty() || has_chain(parts)) return;
    throw InputError(
        fmt::format("{}: [methods.{}] {} = ... are options of the correlation chain, which needs {}; "
                    "source '{}' gives {}: write [methods.{}.estimate.{}]",
                    tables.file, tables.method_name, flat.as_table().begin()->first, find_estimator(chain_name).input,
                    source.name, kinds_given(source), tables.method_name, parts.front().estimates.front().estimator));
}

// What one table [estimate.NAME] is to a source: its steps so far, and what its parts made of the table.
struct Further {
    const SourcePlan& source;
    const StepTables& tables;
    std::vector<EstimateStep>& steps;
    std::size_t used = 0;
    std::string refused{};  // why the last part did not take it
};

void add_to_part(const std::string& name, const Head& head, const toml::value& table, Section& section,
                 const DataPart& part, Further& all) {
    if (head.part.empty() ? !part.further : head.part != part.name) return;
    const auto of_part = [&](const EstimateStep& s) { return s.part == part.name; };
    DataKind kind = part.data;
    if (!head.from.empty()) {
        const auto earlier = std::find_if(all.steps.begin(), all.steps.end(),
                                          [&](const auto& s) { return of_part(s) && s.name == head.from; });
        if (earlier == all.steps.end()) {
            std::vector<std::string> known;
            for (const auto& s : all.steps)
                if (of_part(s)) known.push_back(s.name);
            all.refused = fmt::format("'{}' is no estimate before this one on source '{}'; there are {}", head.from,
                                      all.source.name, fmt::join(known, ", "));
            return;
        }
        section.guard([&] { kind = kind_from(*head.kind); });
    } else if (!head.kind->takes_kind(kind)) {
        return;
    }
    EstimateStep step;
    step.name = name;
    step.kind = head.kind;
    step.part = part.name;
    step.from = head.from;
    step.take = head.take;
    step.run = step.kind->read(section, kind);
    // Whoever looks for motion between windows of frames is judged by the motion between the same.
    if (step.kind->name == std::string_view("pattern_shift") && table.contains("window"))
        step.shift_window = section.count("window", 1);
    all.steps.push_back(std::move(step));
    ++all.used;
}

void add_further(const std::string& name, const std::vector<DataPart>& parts, Further& all) {
    const toml::value table = options_of(name, all.tables, toml::table{});
    Section section(&table, section_name(name, all.tables), all.tables.file);
    const Head head = read_head(section, name);
    if (!meant(head, all.source.name)) return;
    all.used = 0;
    all.refused.clear();
    for (const DataPart& part : parts) add_to_part(name, head, table, section, part, all);
    if (all.used > 0) {
        section.finish();
        return;
    }
    if (head.sources.empty()) return;  // another source has it
    std::vector<std::string> names;
    for (const DataPart& part : parts) names.push_back(part.name);
    if (!head.part.empty() && std::find(names.begin(), names.end(), head.part) == names.end())
        section.fail("part", fmt::format("'{}' is no part of source '{}'{}", head.part, all.source.name,
                                         parts.size() == 1 ? ", which has none" : suggestion(head.part, names)));
    if (!all.refused.empty()) section.fail("from", all.refused);
    section.guard([&] {
        throw InputError(fmt::format("{} needs {}; source '{}' gives {}", head.kind->name, head.kind->input,
                                     all.source.name, kinds_given(all.source)));
    });
}

}  // namespace

EstimateStep correlation_step(const analysis::ChainOptions& chain) {
    EstimateStep step;
    step.name = chain_name;
    step.kind = &find_estimator(step.name);
    step.is_default = true;
    step.run = correlation(chain);
    step.shift_window = chain.shift_window;
    return step;
}

std::vector<EstimateStep> read_steps(const SourcePlan& source, const StepTables& tables) {
    const std::vector<DataPart> parts = parts_of(source);
    expect_chain(source, parts, tables);
    std::vector<EstimateStep> steps;
    std::vector<std::string> defaults;
    for (const DataPart& part : parts)
        for (const DefaultEstimate& given : part.estimates) {
            steps.push_back(default_step(source, part, given, tables));
            defaults.push_back(given.estimator);
        }
    Further further{source, tables, steps};
    for (const auto& name : names_of_tables(tables))
        if (std::find(defaults.begin(), defaults.end(), name) == defaults.end()) add_further(name, parts, further);
    return steps;
}

void check_steps(const std::vector<SourcePlan>& sources, const std::vector<std::vector<EstimateStep>>& steps,
                 const StepTables& tables) {
    std::vector<std::string> kinds;
    std::vector<std::string> names;
    for (const auto& source : sources) {
        names.push_back(source.name);
        kinds.push_back(fmt::format("'{}' gives {}", source.name, kinds_given(source)));
    }
    for (const auto& name : names_of_tables(tables)) {
        const toml::value table = options_of(name, tables, toml::table{});
        Section section(&table, section_name(name, tables), tables.file);
        const bool used = std::any_of(steps.begin(), steps.end(), [&](const auto& of_source) {
            return std::any_of(of_source.begin(), of_source.end(), [&](const auto& s) { return s.name == name; });
        });
        if (used && !section.has("sources")) continue;
        const Head head = read_head(section, name);
        for (const auto& source : head.sources)
            if (std::find(names.begin(), names.end(), source) == names.end())
                section.fail("sources",
                             fmt::format("names '{}', which is no source{}", source, suggestion(source, names)));
        if (used) continue;
        if (!head.part.empty())
            section.fail("part", fmt::format("'{}' is no part of a source whose data '{}' takes; parts are made by "
                                             "simulations (cuzr_protocol): log, inherent, drops, sample, speckle",
                                             head.part, head.kind->name));
        if (!head.from.empty())
            section.fail("from", fmt::format("'{}' is no estimate before this one on any source", head.from));
        section.fail("estimator", fmt::format("'{}' needs {}; source {}", head.kind->name, head.kind->input,
                                              fmt::join(kinds, ", ")));
    }
}

}  // namespace vitrum::pipeline
