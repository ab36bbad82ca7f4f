#include "vitrum/pipeline/sources/atoms/protocol_results.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/sim/protocol/stage_warnings.hpp"

namespace vitrum::pipeline {

namespace {

using sim::StageKind;

std::string describe(const sim::FinishedStage& at) {
    if (at.stage.kind == StageKind::quasistatic)
        return fmt::format("{} ({} in {} steps of {:g}{}, athermal)", at.stage.name, sim::name(at.stage.deformation),
                           at.stage.strain_steps, at.stage.strain_step, at.stage.back ? " and back" : "");
    return fmt::format("{} ({:.6g} K, {:.6g} GPa{})", at.stage.name, at.span.end_temperature, at.span.end_pressure,
                       at.stage.kind == StageKind::minimise ? "" : fmt::format(", {:.4g} ps", at.span.time * 1e12));
}

Column column(const char* name, const char* unit, const std::vector<sim::Row>& rows,
              const std::function<double(const sim::Row&)>& of) {
    Column c{name, unit, {}};
    for (const sim::Row& row : rows) c.values.push_back(of(row));
    return c;
}

double mass_per_atom(const sim::ProtocolRun& run) {
    double sum = 0;
    for (const int s : run.species) sum += run.masses[static_cast<std::size_t>(s) - 1];
    return sum / static_cast<double>(run.species.size());
}

// Energy, pressure and volume of minimised configurations, per atom.
std::vector<Column> minima(const sim::ProtocolRun& run, const std::vector<sim::Row>& rows) {
    const auto n = static_cast<double>(run.species.size());
    return {column("inherent_energy", "eV", rows, [n](const sim::Row& r) { return r.potential_energy / n; }),
            column("inherent_pressure", "GPa", rows, [](const sim::Row& r) { return r.pressure; }),
            column("inherent_volume", "angstrom^3", rows, [n](const sim::Row& r) { return r.volume / n; })};
}

// Of a quasistatic stage: shear, or how much of the volume is gone.
double strain_at(const sim::FinishedStage& at, const sim::Row& row) {
    if (at.stage.deformation != sim::Deformation::shear) return 1 - row.volume / at.output.rows.front().volume;
    const auto turn = static_cast<double>(at.stage.strain_steps);
    return at.stage.strain_step * (row.step <= turn ? row.step : 2 * turn - row.step);
}

bool thermal(const sim::StageSpan& span) { return span.begin_temperature != span.end_temperature; }

// What a ramp changes, at the inherent structures on its way.
Programme programme_of(const sim::FinishedStage& ramp) {
    const bool heat = thermal(ramp.span);
    const double begin = heat ? ramp.span.begin_temperature : ramp.span.begin_pressure;
    const double end = heat ? ramp.span.end_temperature : ramp.span.end_pressure;
    Programme along{heat ? "temperature" : "pressure", heat ? "K" : "GPa", {}};
    for (const double place : ramp.place) along.values.push_back(begin + (end - begin) * (place / ramp.span.time));
    return along;
}

}  // namespace

Abscissa place_of_stage(const sim::ProtocolRun& run, std::size_t stage) {
    const auto index = static_cast<std::int64_t>(stage);
    const sim::FinishedStage& at = run.stages[stage];
    return {named("stage", index, at.stage.name),
            {"pressure", index, at.span.end_pressure, "GPa"},
            {"temperature", index, at.span.end_temperature, "K"}};
}

Columns log_of_stage(const sim::Protocol& protocol, const sim::ProtocolRun& run, std::size_t stage) {
    const sim::FinishedStage& at = run.stages[stage];
    const auto& rows = at.output.rows;
    Columns log;
    log.file = at.stage.name;
    if (rows.empty() || at.stage.kind == StageKind::quasistatic) return log;
    if (at.stage.kind == StageKind::minimise) {
        log.columns = minima(run, rows);
        return log;
    }
    const auto n = static_cast<double>(run.species.size());
    const auto add = [&](const char* name, const char* unit, const std::function<double(const sim::Row&)>& of) {
        log.columns.push_back(column(name, unit, rows, of));
    };
    add("time", "s", [&](const sim::Row& r) { return r.step * protocol.time_step; });
    add("temperature", "K", [](const sim::Row& r) { return r.temperature; });
    add("pressure", "GPa", [](const sim::Row& r) { return r.pressure; });
    add("potential_energy", "eV", [n](const sim::Row& r) { return r.potential_energy / n; });
    add("total_energy", "eV", [n](const sim::Row& r) { return r.total_energy / n; });
    add("volume", "angstrom^3", [n](const sim::Row& r) { return r.volume / n; });
    add("mass", "", [m = mass_per_atom(run)](const sim::Row&) { return m; });
    const bool sample = at.stage.kind == StageKind::sample;
    // The first rows of a melt are the lattice falling apart; a ramp takes and gives what it likes.
    if (sample)
        add("conserved_energy", "eV", [n](const sim::Row& r) { return r.total_energy / n; });
    else if (at.stage.kind != StageKind::melt && !at.span.ramp())
        add("conserved_energy", "eV", [n](const sim::Row& r) { return r.conserved_energy / n; });
    if (sample) return log;
    const double steps = rows.back().step;
    const auto target = [steps](double begin, double end) {
        return [=](const sim::Row& r) { return begin + (end - begin) * (r.step / steps); };
    };
    add("target_temperature", "K", target(at.span.begin_temperature, at.span.end_temperature));
    add("target_pressure", "GPa", target(at.span.begin_pressure, at.span.end_pressure));
    return log;
}

Columns minima_of_ramp(const sim::ProtocolRun& run, std::size_t stage) {
    const sim::FinishedStage& ramp = run.stages[stage];
    Columns table;
    table.file = ramp.stage.name;
    if (ramp.inherent.rows.empty()) return table;
    table.columns = minima(run, ramp.inherent.rows);
    Programme along = programme_of(ramp);
    table.columns.push_back({"target_" + along.name, along.unit, std::move(along.values)});
    return table;
}

Trajectory inherent_trajectory(const sim::ProtocolRun& run, std::size_t stage, const std::string& name) {
    Trajectory t = trajectory_of(run, stage, name);
    t.frames = run.stages[stage].inherent.frames;
    if (!t.frames.empty()) t.along = programme_of(run.stages[stage]);
    return t;
}

Columns path_of_quasistatic(const sim::ProtocolRun& run, std::size_t stage) {
    const sim::FinishedStage& at = run.stages[stage];
    const auto& rows = at.output.rows;
    Columns table;
    table.file = at.stage.name;
    const bool shear = at.stage.deformation == sim::Deformation::shear;
    table.columns = {
        column("pressure", "GPa", rows, [](const sim::Row& r) { return r.pressure; }),
        column("energy", "eV", rows, [](const sim::Row& r) { return r.potential_energy; }),
        column("volume", "angstrom^3", rows, [](const sim::Row& r) { return r.volume; }),
        column("shear_stress", "GPa", rows, [](const sim::Row& r) { return r.shear_stress; }),
        column("shear_strain", "", rows, [&](const sim::Row& r) { return shear ? strain_at(at, r) : 0.0; })};
    return table;
}

Trajectory quasistatic_trajectory(const sim::ProtocolRun& run, std::size_t stage, const std::string& name) {
    const sim::FinishedStage& at = run.stages[stage];
    Trajectory t = trajectory_of(run, stage, name);
    if (t.frames.empty()) return t;
    t.along = {"strain", "", {}};
    for (const sim::Row& row : at.output.rows) t.along.values.push_back(strain_at(at, row));
    return t;
}

Columns minima_under_pressure(const sim::ProtocolRun& run) {
    std::vector<sim::Row> rows;
    for (const sim::FinishedStage& at : run.stages)
        if (at.span.begin_pressure != at.span.end_pressure)
            rows.insert(rows.end(), at.inherent.rows.begin(), at.inherent.rows.end());
    Columns table;
    table.file = "inherent structures under pressure";
    if (rows.empty()) return table;
    table.columns = {column("pressure", "GPa", rows, [](const sim::Row& r) { return r.pressure; }),
                     column("energy", "eV", rows, [](const sim::Row& r) { return r.potential_energy; }),
                     column("volume", "angstrom^3", rows, [](const sim::Row& r) { return r.volume; })};
    return table;
}

std::vector<TimeSeries> traces_of(const sim::Protocol& protocol, const sim::ProtocolRun& run) {
    constexpr std::size_t most = 4000;
    const auto n = static_cast<double>(run.species.size());
    TimeSeries temperature{"temperature", "K", {}, {}};
    TimeSeries pressure{"pressure", "GPa", {}, {}};
    TimeSeries energy{"potential_energy", "eV/atom", {}, {}};
    TimeSeries volume{"atomic_volume", "angstrom^3", {}, {}};
    std::size_t total = 0;
    for (const auto& at : run.stages) total += at.output.rows.size() + at.equilibrate.rows.size();
    const std::size_t stride = std::max<std::size_t>(1, total / most);
    std::size_t row_number = 0;
    double begin = 0;
    for (const auto& at : run.stages) {
        if (!sim::moves(at.stage.kind)) continue;
        for (const sim::StageOutput* part : {&at.equilibrate, &at.output}) {
            for (const sim::Row& row : part->rows) {
                if (row_number++ % stride != 0) continue;
                const double time = begin + row.step * protocol.time_step;
                for (TimeSeries* t : {&temperature, &pressure, &energy, &volume}) t->time.push_back(time);
                temperature.value.push_back(row.temperature);
                pressure.value.push_back(row.pressure);
                energy.value.push_back(row.potential_energy / n);
                volume.value.push_back(row.volume / n);
            }
            if (!part->rows.empty()) begin += part->rows.back().step * protocol.time_step;
        }
    }
    return {std::move(temperature), std::move(pressure), std::move(energy), std::move(volume)};
}

std::vector<std::string> notes_of(const sim::Protocol& protocol, const sim::ProtocolRun& run) {
    std::vector<std::string> stages;
    std::vector<std::string> warnings;
    for (std::size_t s = 0; s < run.stages.size(); ++s) {
        for (std::string& text : sim::stage_warnings(protocol, run, s)) warnings.push_back(std::move(text));
        if (!run.stages[s].output.rows.empty()) stages.push_back(describe(run.stages[s]));
    }
    if (run.lammps_versions.size() > 1)
        warnings.push_back(fmt::format("stages were run by different LAMMPS versions ({}): the run does not repeat",
                                       fmt::join(run.lammps_versions, ", ")));
    std::vector<std::string> notes{fmt::format("Stages: {}.", fmt::join(stages, ", ")),
                                   fmt::format("LAMMPS {}, {} rank{}, {}.", fmt::join(run.lammps_versions, ", "),
                                               protocol.ranks, protocol.ranks == 1 ? "" : "s",
                                               protocol.suffix.empty() ? "no suffix" : "suffix " + protocol.suffix)};
    for (const std::string& warning : warnings) notes.push_back("Warning: " + warning);
    return notes;
}

Trajectory trajectory_of(const sim::ProtocolRun& run, std::size_t stage, const std::string& name) {
    Trajectory t;
    t.name = name;
    t.elements = run.elements;
    for (std::size_t i = 0; i < run.species.size(); ++i) {
        t.species.push_back(run.species[i] - 1);
        t.mass.push_back(run.masses[static_cast<std::size_t>(run.species[i]) - 1]);
        t.id.push_back(static_cast<std::int64_t>(i) + 1);
    }
    t.frames = run.stages[stage].output.frames;
    return t;
}

}  // namespace vitrum::pipeline
