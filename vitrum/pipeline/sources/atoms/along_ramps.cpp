#include "vitrum/pipeline/sources/atoms/along_ramps.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "vitrum/analysis/dynamics/energy_drops.hpp"
#include "vitrum/analysis/structure/voronoi.hpp"
#include "vitrum/analysis/thermo/glass_transition.hpp"
#include "vitrum/pipeline/sources/atoms/measure_atoms.hpp"
#include "vitrum/pipeline/sources/atoms/protocol_results.hpp"
#include "vitrum/sim/protocol/ramp_curves.hpp"

namespace vitrum::pipeline {

namespace {

constexpr double long_ramp = 500;  // [K]: both branches are seen

Abscissa joined(Abscissa place, const Abscissa& more) {
    place.insert(place.end(), more.begin(), more.end());
    return place;
}

void add_glass_transition(const sim::ProtocolRun& run, std::size_t stage, SeriesResult& series) {
    const sim::StageSpan& span = run.stages[stage].span;
    if (std::abs(span.end_temperature - span.begin_temperature) < long_ramp) return;
    std::int64_t number = 0;
    for (const Curve& curve : sim::ramp_curves(run, stage)) {
        const std::string what = curve.name.substr(0, curve.name.rfind("_of_"));
        if (what != "enthalpy" && what != "atomic_volume") continue;
        const Coordinate of = named("curve", number, what);
        ++number;
        for (Estimate& e : analysis::glass_transition(curve).estimates) {
            const bool of_window = e.quantity == "glass_transition_temperature" && !e.abscissa.empty();
            if (of_window || e.quantity.rfind("glass_transition_", 0) != 0) continue;
            e.abscissa = joined(joined(place_of_stage(run, stage), {of}), e.abscissa);
            series.estimates.push_back(std::move(e));
        }
    }
}

// Of all atoms (no coordinate "centre...") or of one element.
double icosahedra(const analysis::Voronoi& found, const std::string& element) {
    for (const Estimate& e : found.estimates) {
        if (e.quantity != "icosahedra_fraction") continue;
        const bool all = e.abscissa.empty();
        if (element.empty() ? all : !all && e.abscissa.front().name.ends_with(" " + element)) return e.value;
    }
    return not_a_number;
}

void add_icosahedra(const sim::ProtocolRun& run, std::size_t stage, const std::vector<std::string>& taken,
                    SeriesResult& series) {
    const sim::FinishedStage& ramp = run.stages[stage];
    if (ramp.inherent.frames.size() < 2) return;
    const bool thermal = ramp.span.begin_temperature != ramp.span.end_temperature;
    const char* axis = thermal ? "temperature" : "pressure";
    const char* unit = thermal ? "K" : "GPa";
    const double begin = thermal ? ramp.span.begin_temperature : ramp.span.begin_pressure;
    const double end = thermal ? ramp.span.end_temperature : ramp.span.end_pressure;
    Trajectory one = trajectory_of(run, stage, ramp.stage.name);
    const std::string first = run.elements.front();
    Curve all = make_curve(fmt::format("icosahedra_fraction_of_{}", axis), axis, unit, "icosahedra", "");
    Curve centred = make_curve(fmt::format("icosahedra_fraction_{}_of_{}", first, axis), axis, unit, "icosahedra", "");
    if (std::find(taken.begin(), taken.end(), all.name) != taken.end())
        for (Curve* c : {&all, &centred}) c->name += "_" + ramp.stage.name;
    for (std::size_t k = 0; k < ramp.inherent.frames.size(); ++k) {
        one.frames = {ramp.inherent.frames[k]};
        const analysis::Voronoi found = analysis::voronoi(one, voronoi_options(one));
        const double x = begin + (end - begin) * ramp.place[k] / ramp.span.time;
        all.x.push_back(x);
        centred.x.push_back(x);
        all.y.push_back(icosahedra(found, ""));
        centred.y.push_back(icosahedra(found, first));
    }
    for (Curve* c : {&all, &centred}) {
        if (c->x.front() > c->x.back()) {
            std::reverse(c->x.begin(), c->x.end());
            std::reverse(c->y.begin(), c->y.end());
        }
        series.curves.push_back(std::move(*c));
    }
}

void add_energy_drops(const sim::ProtocolRun& run, SeriesResult& series) {
    constexpr std::size_t fewest = 8;
    std::vector<analysis::StrainStep> rows;
    for (const sim::FinishedStage& at : run.stages)
        if (at.span.begin_pressure != at.span.end_pressure)
            for (const sim::Row& row : at.inherent.rows)
                rows.push_back({row.pressure, row.potential_energy, row.volume});
    if (rows.size() < fewest) return;
    analysis::EnergyDrops found = analysis::energy_drops(rows);
    std::move(found.result.curves.begin(), found.result.curves.end(), std::back_inserter(series.curves));
    std::move(found.result.estimates.begin(), found.result.estimates.end(), std::back_inserter(series.estimates));
    series.notes.push_back(
        fmt::format("Energy drops are between inherent structures of {} snapshots along the ramps of pressure: at a "
                    "temperature the "
                    "atoms also change basins without strain.",
                    rows.size()));
}

}  // namespace

void add_along_ramps(const sim::ProtocolRun& run, SeriesResult& series) {
    for (std::size_t s = 0; s < run.stages.size(); ++s) {
        if (!run.stages[s].span.ramp() || run.stages[s].output.rows.empty()) continue;
        add_glass_transition(run, s, series);
        std::vector<std::string> taken;
        for (const Curve& curve : series.curves) taken.push_back(curve.name);
        add_icosahedra(run, s, taken, series);
    }
    add_energy_drops(run, series);
}

}  // namespace vitrum::pipeline
