#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/pipeline/across/across.hpp"
#include "vitrum/pipeline/across/combine_quenches.hpp"
#include "vitrum/pipeline/across/compare_preparations.hpp"
#include "vitrum/pipeline/across/gathered_estimate.hpp"
#include "vitrum/pipeline/across/over_pressures.hpp"
#include "vitrum/pipeline/across/over_regions.hpp"
#include "vitrum/pipeline/across/over_scans.hpp"
#include "vitrum/pipeline/config/tables.hpp"

namespace vitrum::pipeline {

namespace {

// The source that a table names, or that asked for the row by a key of its own.
std::string read_source(Section& options) { return options.text("source"); }

AcrossRun read_tau_of_pressure(Section& options) {
    const auto source = read_source(options);
    const double temperature = options.quantity("temperature", Dimension::temperature);
    if (!(temperature > 0)) options.fail("temperature", "is not positive");
    return [=](const std::vector<SourcePlan>& sources, Result& result) {
        add_volumes_and_crossover(sources, source, temperature, result);
    };
}

AcrossRun read_differences(Section& options) {
    const auto source = read_source(options);
    const auto other = options.text("compare_with");
    return [=](const std::vector<SourcePlan>& sources, Result& result) {
        add_differences(sources, source, other, result);
    };
}

AcrossRun read_energy_minima(Section& options) {
    const auto source = read_source(options);
    const auto isotherms = options.quantities("isotherms", Dimension::temperature);
    return [=](const std::vector<SourcePlan>& sources, Result& result) {
        add_energy_minima(sources, source, isotherms, result);
    };
}

constexpr std::array kinds{
    AcrossKind{"tau_of_pressure", "apparent activation volumes between pressures and the crossover of tau(P)", nullptr,
               read_tau_of_pressure},
    AcrossKind{"branches", "ln of tau on decompression over tau on compression, at pressures of both branches",
               add_branch_ratios, nullptr},
    AcrossKind{"quenches", "means over independent quenches, and how many a small effect would need", add_quench_means,
               nullptr},
    AcrossKind{"differences", "of two preparations: every quantity that both have at a stage", nullptr,
               read_differences},
    AcrossKind{"energy_minima", "where the liquid's energy is least in pressure, along isotherms", nullptr,
               read_energy_minima},
    AcrossKind{"tg_slopes", "dTg/dP through all quenches of several pressures", add_tg_slopes, nullptr},
    AcrossKind{"scans", "Delta C and mean tau over the scans of one place", add_scan_averages, nullptr},
    AcrossKind{"regions", "exponent of tau(q) over the q regions of a data set", add_wavevector_exponents, nullptr},
};

const AcrossKind* find_kind(std::string_view name) {
    const auto at = std::find_if(kinds.begin(), kinds.end(), [&](const AcrossKind& k) { return k.name == name; });
    return at == kinds.end() ? nullptr : &*at;
}

void expect_source(Section& section, const std::string& key, const std::string& name,
                   const std::vector<SourcePlan>& sources) {
    std::vector<std::string> names;
    for (const auto& source : sources) names.push_back(source.name);
    if (std::find(names.begin(), names.end(), name) == names.end())
        section.fail(key, fmt::format("there is no source '{}'{}", name, suggestion(name, names)));
}

AcrossRun read_asked(const SourcePlan& source, const AcrossKind& kind, toml::value options, const std::string& file,
                     const std::vector<SourcePlan>& sources) {
    options.as_table()["source"] = source.name;
    Section section(&options, "source." + source.name, file);
    if (options.contains("compare_with")) {
        const std::string other = options.at("compare_with").as_string();
        std::vector<std::string> others;
        for (const auto& s : sources)
            if (s.name != source.name) others.push_back(s.name);
        if (std::find(others.begin(), others.end(), other) == others.end())
            section.fail("compare_with", fmt::format("there is no other source '{}'", other));
    }
    AcrossRun run = kind.read(section);
    section.finish();
    return run;
}

AcrossStep read_table(const std::string& name, const toml::value& table, const std::vector<SourcePlan>& sources,
                      const std::string& file) {
    Section section(&table, "across." + name, file);
    const std::string wanted = section.text("estimator", name);
    AcrossStep step{name, {}};
    if (const AcrossKind* kind = find_kind(wanted)) {
        if (!kind->read) section.fail("estimator", fmt::format("'{}' runs by itself and takes no options", wanted));
        if (section.has("source")) expect_source(section, "source", section.text("source"), sources);
        step.run = kind->read(section);
    } else {
        step.run = read_gathered(section, name, wanted, sources);
    }
    section.finish();
    return step;
}

}  // namespace

std::span<const AcrossKind> across_kinds() { return kinds; }

Coordinate source_coordinate(const std::vector<SourcePlan>& sources, const std::string& name) {
    for (std::size_t s = 0; s < sources.size(); ++s)
        if (sources[s].name == name) return named("source", static_cast<std::int64_t>(s), name);
    return named("source", -1, name);
}

std::vector<AcrossStep> read_across(const std::vector<SourcePlan>& sources, const toml::value* tables,
                                    const toml::value* over, const std::string& file) {
    std::vector<AcrossStep> steps;
    for (const AcrossKind& kind : kinds) {
        if (kind.always) steps.push_back({std::string(kind.name), kind.always});
        for (const auto& source : sources)
            for (const auto& [name, options] : source.across)
                if (name == kind.name) steps.push_back({name, read_asked(source, kind, options, file, sources)});
    }
    for (const auto& name : names_of_both(tables, over)) {
        toml::value table = toml::table{};
        for (const toml::value* from : {tables, over})
            overlay(table, table_at(from, name), fmt::format("{}: across.{}", file, name));
        steps.push_back(read_table(name, table, sources, file));
    }
    return steps;
}

}  // namespace vitrum::pipeline
