#include "vitrum/sim/protocol/stage_summary.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include "vitrum/core/units.hpp"
#include "vitrum/sim/protocol/health.hpp"

namespace vitrum::sim {

namespace {

constexpr double gram_per_mol_a3 = 1.66053906660;  // 1 g/mol per angstrom^3 in g/cm^3: 1e24 / Avogadro
constexpr double many = 4;                         // standard errors
constexpr std::size_t fewest_rows = 10;            // fewer do not tell an error from a fluctuation

std::vector<double> column(const StageOutput& output, std::size_t first, const std::function<double(const Row&)>& of) {
    std::vector<double> values;
    for (std::size_t i = first; i < output.rows.size(); ++i) values.push_back(of(output.rows[i]));
    return values;
}

double mass_per_atom(const ProtocolRun& run) {
    double sum = 0;
    for (const int s : run.species) sum += run.masses[static_cast<std::size_t>(s) - 1];
    return sum / static_cast<double>(run.species.size());
}

void add_means(const ProtocolRun& run, const StageOutput& output, std::size_t first, double pressure,
               StageSummary& summary) {
    const auto n = static_cast<double>(run.species.size());
    summary.has_means = true;
    summary.rows = output.rows.size() - first;
    summary.temperature = blocked_mean(column(output, first, [](const Row& r) { return r.temperature; }));
    summary.pressure = blocked_mean(column(output, first, [](const Row& r) { return r.pressure; }));
    summary.potential_energy =
        blocked_mean(column(output, first, [n](const Row& r) { return r.potential_energy / n; }));
    const double p = (std::isnan(pressure) ? summary.pressure.mean : pressure) * ev_per_gpa_a3;
    summary.enthalpy =
        blocked_mean(column(output, first, [n, p](const Row& r) { return (r.total_energy + p * r.volume) / n; }));
    summary.volume = blocked_mean(column(output, first, [n](const Row& r) { return r.volume / n; }));
    summary.density.mean = mass_per_atom(run) * gram_per_mol_a3 / summary.volume.mean;
    summary.density.error = summary.density.mean * summary.volume.error / summary.volume.mean;
}

void add_drift(const ProtocolRun& run, const StageOutput& output, bool sample, StageSummary& summary) {
    const std::size_t quarter = output.rows.size() / 4;
    if (quarter < 1) return;
    const auto n = static_cast<double>(run.species.size());
    const std::vector<double> energy =
        column(output, 0, [&](const Row& r) { return (sample ? r.total_energy : r.conserved_energy) / n; });
    const BlockedMean first = blocked_mean(std::span(energy).first(quarter));
    const BlockedMean last = blocked_mean(std::span(energy).last(quarter));
    summary.has_drift = true;
    summary.drift = {(last.mean - first.mean) * 4 / 3, std::hypot(first.error, last.error) * 4 / 3};
}

struct Target {
    const char* what;
    const char* unit;
    const char* remedy;
    double begin, end;
    double lag;  // of a ramp
};

// Deviation from the target over the rows from `first` on.
void expect_target(const FinishedStage& at, std::size_t first, const Target& target,
                   const std::function<double(const Row&)>& of, std::vector<std::string>& warnings) {
    const auto& rows = at.output.rows;
    if (rows.size() < first + fewest_rows) return;
    const double steps = rows.back().step;
    const BlockedMean off = blocked_mean(column(at.output, first, [&](const Row& r) {
        return of(r) - (target.begin + (target.end - target.begin) * r.step / steps);
    }));
    const double allowed = many * off.error + std::min(target.lag, std::abs(target.end - target.begin) / 10);
    if (std::abs(off.mean) <= allowed) return;
    warnings.push_back(fmt::format(
        "stage '{}': {} is off its target by {:.3g} {} on average over its {}, expected within {:.2g} {}; {}",
        at.stage.name, target.what, off.mean, target.unit, at.span.ramp() ? "last quarter" : "second half", allowed,
        target.unit, target.remedy));
}

void expect_targets(const Protocol& protocol, const FinishedStage& at, StageSummary& summary) {
    const bool ramp = at.span.ramp();
    const std::size_t rows = at.output.rows.size();
    const std::size_t first = ramp ? rows - rows / 4 : rows / 2;
    const double rate = ramp ? at.stage.rate : 0;
    expect_target(
        at, first,
        {"the temperature", "K", ramp ? "a lower rate may help" : "a longer stage may help", at.span.begin_temperature,
         at.span.end_temperature, rate * protocol.thermostat_time},
        [](const Row& r) { return r.temperature; }, summary.warnings);
    expect_target(
        at, first,
        {"the pressure", "GPa", ramp ? "a lower rate may help" : "a longer stage may help", at.span.begin_pressure,
         at.span.end_pressure, rate * protocol.barostat_time},
        [](const Row& r) { return r.pressure; }, summary.warnings);
}

void expect_no_drift(const FinishedStage& at, StageSummary& summary) {
    const double allowed = 0.01 * 3 * boltzmann_ev * at.span.end_temperature;
    if (summary.has_drift && std::abs(summary.drift.mean) > allowed + many * summary.drift.error)
        summary.warnings.push_back(fmt::format(
            "stage '{}': the conserved energy drifts by {:.2g} eV per atom, more than {:.2g}; use a shorter "
            "time_step",
            at.stage.name, summary.drift.mean, allowed));
}

void summarise_sample(const ProtocolRun& run, std::size_t stage, StageSummary& summary) {
    const FinishedStage& at = run.stages[stage];
    add_means(run, at.output, 0, as_before, summary);
    add_drift(run, at.output, true, summary);
    std::size_t hold = stage - 1;
    while (run.stages[hold].stage.kind == StageKind::minimise) --hold;
    for (const std::string& text : sample_warnings(run.stages[hold].output, at.equilibrate, at.output,
                                                   at.span.end_temperature, at.span.end_pressure))
        summary.warnings.push_back(fmt::format("stage '{}': {}", at.stage.name, text));
}

// The largest force that a minimum may keep [eV/angstrom].
constexpr double small_force = 0.05;

void expect_minimum(const FinishedStage& at, const StageOutput& output, StageSummary& summary) {
    double largest = 0;
    for (const Row& row : output.rows) largest = std::max(largest, row.largest_force);
    if (largest > small_force)
        summary.warnings.push_back(fmt::format(
            "stage '{}': a minimisation stopped with a force of {:.2g} eV/angstrom left", at.stage.name, largest));
}

}  // namespace

StageSummary summarise(const Protocol& protocol, const ProtocolRun& run, std::size_t stage) {
    const FinishedStage& at = run.stages[stage];
    StageSummary summary;
    if (at.output.rows.empty()) return summary;
    if (at.stage.kind == StageKind::sample) {
        summarise_sample(run, stage, summary);
        return summary;
    }
    if (at.stage.kind == StageKind::minimise) {
        add_means(run, at.output, 0, as_before, summary);
        expect_minimum(at, at.output, summary);
        return summary;
    }
    if (!at.span.ramp()) {
        add_means(run, at.output, at.output.rows.size() / 2, at.span.end_pressure, summary);
        // The first rows of a melt are the lattice falling apart.
        if (at.stage.kind != StageKind::melt) add_drift(run, at.output, false, summary);
    }
    if (at.stage.kind == StageKind::melt)
        for (const std::string& text : melt_warnings(at.output))
            summary.warnings.push_back(fmt::format("stage '{}': {}", at.stage.name, text));
    else
        expect_targets(protocol, at, summary);
    expect_no_drift(at, summary);
    expect_minimum(at, at.inherent, summary);
    return summary;
}

}  // namespace vitrum::sim
