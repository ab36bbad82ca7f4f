#include "vitrum/pipeline/sources/atoms/protocol_stages.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"

namespace vitrum::pipeline {

namespace {

using sim::StageKind;

constexpr std::array kinds{StageKind::melt,   StageKind::quench,     StageKind::heat,       StageKind::hold,
                           StageKind::anneal, StageKind::compress,   StageKind::decompress, StageKind::minimise,
                           StageKind::sample, StageKind::quasistatic};

StageKind read_kind(Section& table) {
    std::vector<std::string> names;
    for (const StageKind kind : kinds) names.emplace_back(sim::name(kind));
    const std::string wanted = table.text("kind");
    for (std::size_t k = 0; k < kinds.size(); ++k)
        if (names[k] == wanted) return kinds[k];
    table.fail("kind", fmt::format("'{}' is no kind of stage{}; there are {}", wanted, suggestion(wanted, names),
                                   fmt::join(names, ", ")));
}

// "temperature" and "pressure" as words mean those of the sweep.
SweptValue read_swept(Section& table, const std::string& key, Dimension dimension, bool needed,
                      std::optional<double> fallback = std::nullopt) {
    if (!table.has(key) && !needed && !fallback) return {};
    if (table.is_text(key) && table.raw(key)->as_string().str == key) {
        table.record(key, toml_text(key));
        return {0, true};
    }
    return {table.quantity(key, dimension, fallback), false};
}

void read_deformation(Section& table, sim::Stage& stage) {
    const auto way = table.choice("deformation", {"compress", "decompress", "shear"}, "shear");
    stage.deformation = way == "shear"        ? sim::Deformation::shear
                        : way == "decompress" ? sim::Deformation::decompress
                                              : sim::Deformation::compress;
    stage.strain_step = table.number("strain_step", 1e-4);
    stage.strain_steps = static_cast<std::int64_t>(table.count("strain_steps", 1000));
    stage.back = table.flag("back", false);
    stage.configurations = table.flag("measure", true);
}

double optional_quantity(Section& table, const std::string& key, Dimension dimension) {
    return table.has(key) ? table.quantity(key, dimension) : 0.0;
}

StageKeys read_stage(Section& table, std::map<std::string, int>& count) {
    StageKeys keys;
    const StageKind kind = read_kind(table);
    keys.stage.kind = kind;
    const std::string usual(sim::name(kind));
    const int ordinal = ++count[usual];
    keys.stage.name = table.text("name", ordinal == 1 ? usual : fmt::format("{}_{}", usual, ordinal));
    const bool thermal = kind == StageKind::quench || kind == StageKind::heat;
    const bool mechanical = kind == StageKind::compress || kind == StageKind::decompress;
    const bool melt = kind == StageKind::melt;
    keys.temperature = read_swept(table, "temperature", Dimension::temperature, thermal || melt);
    keys.pressure = read_swept(table, "pressure", Dimension::pressure, mechanical,
                               melt ? std::optional<double>(0.0) : std::nullopt);
    if (thermal) keys.stage.rate = table.quantity("rate", Dimension::temperature_rate);
    if (mechanical) keys.stage.rate = table.quantity("rate", Dimension::pressure_rate);
    if (thermal) keys.stage.inherent_every = optional_quantity(table, "inherent_every", Dimension::temperature);
    if (mechanical) keys.stage.inherent_every = optional_quantity(table, "inherent_every", Dimension::pressure);
    if (melt || kind == StageKind::hold || kind == StageKind::anneal)
        keys.stage.time = table.quantity("time", Dimension::time);
    if (kind == StageKind::quasistatic) read_deformation(table, keys.stage);
    if (kind == StageKind::sample) {
        keys.stage.equilibration_time = table.quantity("equilibration", Dimension::time, 3e-12);
        keys.stage.interval = table.quantity("interval", Dimension::time, 0.05e-12);
        keys.stage.frames = static_cast<std::int64_t>(table.count("frames", 400));
        keys.measure = table.flag("measure", true);
        keys.speckle = table.flag("speckle", false);
        keys.trajectory = table.flag("trajectory", false);
    }
    table.finish();
    return keys;
}

double at_point(const SweptValue& value, double point, const sim::Stage& stage, const char* what) {
    if (!value.swept) return value.value;
    if (point > 0 || std::string_view(what) == "pressure") return point;
    throw InputError(
        fmt::format("stage '{}' takes the {} of the sweep, but the source has no {}s", stage.name, what, what));
}

std::vector<StageKeys> read_tables(Section& section) {
    std::vector<StageKeys> stages;
    std::vector<std::string> lines;
    std::map<std::string, int> count;
    for (Section& table : section.tables("stages")) {
        stages.push_back(read_stage(table, count));
        lines.push_back("    " + table.resolved_inline() + ",\n");
    }
    section.record("stages", fmt::format("[\n{}]", fmt::join(lines, "")));
    return stages;
}

}  // namespace

std::vector<StageKeys> read_stages(Section& section) {
    const bool listed = section.has("stages");
    if (listed == section.has("protocol"))
        section.fail(listed ? "protocol" : "stages",
                     listed ? "stands beside stages; give one of them"
                            : fmt::format("is missing; list the stages, or name a protocol: {}",
                                          fmt::join(ready_protocols(), ", ")));
    if (listed) return read_tables(section);

    const toml::value* given = section.raw("protocol");
    const toml::value named = given->is_string() ? toml::value(toml::table{{"name", *given}}) : *given;
    Section keys(&named, section.name() + ".protocol", section.file());
    const std::string wanted = keys.text("name");
    const auto known = ready_protocols();
    if (std::find(known.begin(), known.end(), wanted) == known.end())
        section.fail("protocol", fmt::format("'{}' is no ready protocol{}", wanted, suggestion(wanted, known)));
    const std::string text = ready_protocol(wanted, keys);
    keys.finish();
    const toml::value root = parse_toml_text(text, section.where("protocol"));
    Section written(&root, section.name(), section.where("protocol"));
    auto stages = read_tables(written);
    section.adopt(written);
    return stages;
}

std::vector<sim::Stage> stages_at(const std::vector<StageKeys>& stages, const SweepPoint& point) {
    std::vector<sim::Stage> all;
    for (const StageKeys& keys : stages) {
        sim::Stage stage = keys.stage;
        stage.temperature = at_point(keys.temperature, point.temperature, stage, "temperature");
        stage.pressure = at_point(keys.pressure, point.pressure, stage, "pressure");
        all.push_back(stage);
    }
    return all;
}

}  // namespace vitrum::pipeline
