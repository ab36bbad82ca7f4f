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
    std::string from, take;
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

EstimateStep default_step(const SourcePlan& source, const StepTables& tables) {
    const std::string& name = source.default_estimate.estimator;
    const toml::value flat = flat_options(tables.method);
    const toml::value table = options_of(name, tables, source.default_estimate.options);
    Section section(&table, section_name(name, tables), tables.file);
    if (name == chain_name) {
        analysis::ChainOptions options = read_chain(section, source.chain);
        section.finish();
        // A method's own keys come last; messages name the place where they stand.
        Section of_method(&flat, "methods." + tables.method_name, tables.file);
        options = read_chain(of_method, options);
        of_method.finish();
        return correlation_step(options);
    }
    if (!flat.as_table().empty())
        throw InputError(fmt::format(
            "{}: [methods.{}] {} = ... are options of the correlation chain, which needs {}; "
            "source '{}' gives {}: write [methods.{}.estimate.{}]",
            tables.file, tables.method_name, flat.as_table().begin()->first, find_estimator(chain_name).input,
            source.name, vitrum::name(source.data), tables.method_name, name));
    EstimateStep step;
    step.name = name;
    step.kind = &find_estimator(name);
    step.is_default = true;
    step.run = step.kind->read(section, source.data);
    section.finish();
    return step;
}

// A source that measures itself as it runs: a method can change nothing of it.
void expect_unchanged(const SourcePlan& source, const StepTables& tables) {
    if (!flat_options(tables.method).as_table().empty())
        throw InputError(
            fmt::format("{}: [methods.{}] holds options of the correlation chain, which needs {}; source '{}' "
                        "measures itself as it runs, and no method can change that",
                        tables.file, tables.method_name, find_estimator(chain_name).input, source.name));
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
    std::vector<EstimateStep> steps;
    if (source.default_estimate.estimator.empty()) {
        expect_unchanged(source, tables);
        return steps;
    }
    steps.push_back(default_step(source, tables));
    for (const auto& name : names_of_tables(tables)) {
        if (name == source.default_estimate.estimator) continue;
        const toml::value table = options_of(name, tables, toml::table{});
        Section section(&table, section_name(name, tables), tables.file);
        const Head head = read_head(section, name);
        if (!meant(head, source.name)) continue;
        EstimateStep step;
        step.name = name;
        step.kind = head.kind;
        step.from = head.from;
        step.take = head.take;
        DataKind kind = source.data;
        if (!step.from.empty()) {
            const auto earlier =
                std::find_if(steps.begin(), steps.end(), [&](const auto& s) { return s.name == step.from; });
            if (earlier == steps.end()) {
                if (head.sources.empty()) continue;  // another source has it
                std::vector<std::string> known;
                for (const auto& s : steps) known.push_back(s.name);
                section.fail("from", fmt::format("'{}' is no estimate before this one on source '{}'; there are {}",
                                                 step.from, source.name, fmt::join(known, ", ")));
            }
            section.guard([&] { kind = kind_from(*step.kind); });
        } else if (!step.kind->takes_kind(kind)) {
            if (head.sources.empty()) continue;
            section.guard([&] { expect_kind(*step.kind, kind, fmt::format("source '{}'", source.name)); });
        }
        step.run = step.kind->read(section, kind);
        // Whoever looks for motion between windows of frames is judged by the motion between the same.
        if (step.kind->name == std::string_view("pattern_shift") && table.contains("window"))
            step.shift_window = section.count("window", 1);
        section.finish();
        steps.push_back(std::move(step));
    }
    return steps;
}

void check_steps(const std::vector<SourcePlan>& sources, const std::vector<std::vector<EstimateStep>>& steps,
                 const StepTables& tables) {
    std::vector<std::string> kinds;
    std::vector<std::string> names;
    for (const auto& source : sources) {
        names.push_back(source.name);
        kinds.push_back(source.default_estimate.estimator.empty()
                            ? fmt::format("'{}' measures itself as it runs", source.name)
                            : fmt::format("'{}' gives {}", source.name, vitrum::name(source.data)));
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
        if (!head.from.empty())
            section.fail("from", fmt::format("'{}' is no estimate before this one on any source", head.from));
        section.fail("estimator", fmt::format("'{}' needs {}; source {}", head.kind->name, head.kind->input,
                                              fmt::join(kinds, ", ")));
    }
}

}  // namespace vitrum::pipeline
