#include "vitrum/sim/protocol/stage_warnings.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "vitrum/core/numerics/drift.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/sim/protocol/health.hpp"

namespace vitrum::sim {

namespace {

constexpr double many = 4;               // standard errors
constexpr std::size_t fewest_rows = 10;  // fewer do not tell an error from a fluctuation

std::vector<double> column(const StageOutput& output, std::size_t first, const std::function<double(const Row&)>& of) {
    std::vector<double> values;
    for (std::size_t i = first; i < output.rows.size(); ++i) values.push_back(of(output.rows[i]));
    return values;
}

// Of the conserved energy over the stage [eV per atom]; 0 where the rows are too few to tell.
BlockedMean drift_of(const ProtocolRun& run, const StageOutput& output) {
    const auto n = static_cast<double>(run.species.size());
    return drift_over(column(output, 0, [n](const Row& r) { return r.conserved_energy / n; })).value_or(BlockedMean{});
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

void expect_targets(const Protocol& protocol, const FinishedStage& at, std::vector<std::string>& warnings) {
    const bool ramp = at.span.ramp();
    const std::size_t rows = at.output.rows.size();
    const std::size_t first = ramp ? rows - rows / 4 : rows / 2;
    const double rate = ramp ? at.stage.rate : 0;
    expect_target(
        at, first,
        {"the temperature", "K", ramp ? "a lower rate may help" : "a longer stage may help", at.span.begin_temperature,
         at.span.end_temperature, rate * protocol.thermostat_time},
        [](const Row& r) { return r.temperature; }, warnings);
    expect_target(
        at, first,
        {"the pressure", "GPa", ramp ? "a lower rate may help" : "a longer stage may help", at.span.begin_pressure,
         at.span.end_pressure, rate * protocol.barostat_time},
        [](const Row& r) { return r.pressure; }, warnings);
}

void expect_no_drift(const FinishedStage& at, const BlockedMean& drift, std::vector<std::string>& warnings) {
    const double allowed = 0.01 * 3 * boltzmann_ev * at.span.end_temperature;
    if (std::abs(drift.mean) > allowed + many * drift.error)
        warnings.push_back(fmt::format(
            "stage '{}': the conserved energy drifts by {:.2g} eV per atom, more than {:.2g}; use a shorter "
            "time_step",
            at.stage.name, drift.mean, allowed));
}

void look_at_sample(const ProtocolRun& run, std::size_t stage, std::vector<std::string>& warnings) {
    const FinishedStage& at = run.stages[stage];
    std::size_t hold = stage - 1;
    while (!moves(run.stages[hold].stage.kind)) --hold;
    for (const std::string& text : sample_warnings(run.stages[hold].output, at.equilibrate, at.output,
                                                   at.span.end_temperature, at.span.end_pressure))
        warnings.push_back(fmt::format("stage '{}': {}", at.stage.name, text));
}

// The largest force that a minimum may keep [eV/angstrom].
constexpr double small_force = 0.05;

void expect_minimum(const FinishedStage& at, const StageOutput& output, std::vector<std::string>& warnings) {
    double largest = 0;
    for (const Row& row : output.rows) largest = std::max(largest, row.largest_force);
    if (largest > small_force)
        warnings.push_back(fmt::format("stage '{}': a minimisation stopped with a force of {:.2g} eV/angstrom left",
                                       at.stage.name, largest));
}

}  // namespace

std::vector<std::string> stage_warnings(const Protocol& protocol, const ProtocolRun& run, std::size_t stage) {
    const FinishedStage& at = run.stages[stage];
    std::vector<std::string> warnings;
    if (at.output.rows.empty()) return warnings;
    if (at.stage.kind == StageKind::sample) {
        look_at_sample(run, stage, warnings);
        return warnings;
    }
    if (!moves(at.stage.kind)) {
        expect_minimum(at, at.output, warnings);
        return warnings;
    }
    if (at.stage.kind == StageKind::melt)
        for (const std::string& text : melt_warnings(at.output))
            warnings.push_back(fmt::format("stage '{}': {}", at.stage.name, text));
    else
        expect_targets(protocol, at, warnings);
    // Of a ramp the conserved energy says nothing; the first rows of a melt are the lattice falling apart.
    if (!at.span.ramp() && at.stage.kind != StageKind::melt) expect_no_drift(at, drift_of(run, at.output), warnings);
    expect_minimum(at, at.inherent, warnings);
    return warnings;
}

}  // namespace vitrum::sim
