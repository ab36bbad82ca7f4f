#include "vitrum/pipeline/sources/atoms/protocol_results.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/sim/protocol/ramp_curves.hpp"
#include "vitrum/sim/protocol/stage_summary.hpp"

namespace vitrum::pipeline {

namespace {

using sim::StageKind;

void add_estimates(const sim::ProtocolRun& run, std::size_t stage, const sim::StageSummary& summary,
                   std::vector<Estimate>& estimates) {
    const Abscissa place = place_of_stage(run, stage);
    const auto add = [&](const char* what, const BlockedMean& mean, const char* note) {
        estimates.push_back(make_estimate(what, place, mean.mean, mean.error, std::numeric_limits<double>::infinity(),
                                          Status::ok, note));
    };
    const auto exact = [&](const char* what, double value) {
        Estimate e = make_estimate(what, place, value, not_a_number, std::numeric_limits<double>::infinity(),
                                   Status::ok, "one minimised configuration");
        estimates.push_back(std::move(e));
    };
    if (run.stages[stage].stage.kind == StageKind::minimise) {
        exact("inherent_energy", summary.potential_energy.mean);
        exact("inherent_pressure", summary.pressure.mean);
        return;
    }
    const char* note = "time average, blocked error";
    add("temperature", summary.temperature, note);
    add("pressure", summary.pressure, note);
    add("potential_energy", summary.potential_energy, note);
    add("enthalpy", summary.enthalpy, note);
    add("atomic_volume", summary.volume, note);
    add("density", summary.density, note);
    if (summary.has_drift) add("energy_drift", summary.drift, "last quarter less first quarter, times 4/3");
}

// Curves of one kind of ramp whose ranges follow each other are one curve: compression in steps.
class RampCurves {
public:
    void add(const sim::Stage& stage, Curve curve) {
        for (Group& g : groups_) {
            if (g.kind != stage.kind || g.base != curve.name) continue;
            const bool above = curve.x.front() >= g.curve.x.back();
            if (!above && curve.x.back() > g.curve.x.front()) continue;
            join(g.curve, curve, above);
            return;
        }
        groups_.push_back({stage.kind, stage.name, curve.name, std::move(curve)});
    }
    void take(std::vector<Curve>& curves) {
        std::vector<std::string> bases;
        for (const Group& g : groups_) bases.push_back(g.base);
        for (Group& g : groups_) {
            if (std::count(bases.begin(), bases.end(), g.base) > 1) g.curve.name = g.base + "_" + g.stage;
            curves.push_back(std::move(g.curve));
        }
    }

private:
    struct Group {
        StageKind kind;
        std::string stage;  // the first one's name
        std::string base;
        Curve curve;
    };
    static void join(Curve& curve, const Curve& more, bool above) {
        const auto put = [above](std::vector<double>& to, const std::vector<double>& from) {
            to.insert(above ? to.end() : to.begin(), from.begin(), from.end());
        };
        put(curve.x, more.x);
        put(curve.y, more.y);
        put(curve.y_error, more.y_error);
    }
    std::vector<Group> groups_;
};

// One trace each over the whole protocol, thinned to a few thousand values.
void add_traces(const sim::Protocol& protocol, const sim::ProtocolRun& run, std::vector<TimeSeries>& traces) {
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
        if (at.stage.kind == StageKind::minimise) continue;
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
    traces = {std::move(temperature), std::move(pressure), std::move(energy), std::move(volume)};
}

std::string describe(const sim::FinishedStage& at) {
    return fmt::format("{} ({:.6g} K, {:.6g} GPa{})", at.stage.name, at.span.end_temperature, at.span.end_pressure,
                       at.stage.kind == StageKind::minimise ? "" : fmt::format(", {:.4g} ps", at.span.time * 1e12));
}

}  // namespace

Abscissa place_of_stage(const sim::ProtocolRun& run, std::size_t stage) {
    const auto index = static_cast<std::int64_t>(stage);
    const sim::FinishedStage& at = run.stages[stage];
    return {named("stage", index, at.stage.name),
            {"pressure", index, at.span.end_pressure, "GPa"},
            {"temperature", index, at.span.end_temperature, "K"}};
}

void add_stages(const sim::Protocol& protocol, const sim::ProtocolRun& run, SeriesResult& series) {
    RampCurves ramps;
    std::vector<std::string> stages;
    std::vector<std::string> warnings;
    for (std::size_t s = 0; s < run.stages.size(); ++s) {
        const sim::StageSummary summary = sim::summarise(protocol, run, s);
        if (summary.has_means) add_estimates(run, s, summary, series.estimates);
        for (Curve& curve : sim::ramp_curves(run, s)) ramps.add(run.stages[s].stage, std::move(curve));
        warnings.insert(warnings.end(), summary.warnings.begin(), summary.warnings.end());
        if (!run.stages[s].output.rows.empty()) stages.push_back(describe(run.stages[s]));
    }
    ramps.take(series.curves);
    add_traces(protocol, run, series.traces);
    if (run.lammps_versions.size() > 1)
        warnings.push_back(fmt::format("stages were run by different LAMMPS versions ({}): the run does not repeat",
                                       fmt::join(run.lammps_versions, ", ")));
    series.notes.push_back("Stages: " + fmt::format("{}", fmt::join(stages, ", ")) + ".");
    series.notes.push_back(fmt::format("LAMMPS {}, {} rank{}, {}.", fmt::join(run.lammps_versions, ", "),
                                       protocol.ranks, protocol.ranks == 1 ? "" : "s",
                                       protocol.suffix.empty() ? "no suffix" : "suffix " + protocol.suffix));
    for (const std::string& warning : warnings) series.notes.push_back("Warning: " + warning);
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
