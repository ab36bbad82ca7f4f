#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/landscape/two_level.hpp"
#include "vitrum/pipeline/sources/sources.hpp"
#include "vitrum/pipeline/sources/speckle/beam_trace.hpp"
#include "vitrum/pipeline/sources/speckle/speckle_keys.hpp"

namespace vitrum::pipeline {

namespace {

struct Landscape {
    model::TwoLevelSystem system;
    model::SpeckleOptions speckle;
    double q = 2.7;          // [1/angstrom]
    double jump = 1.0;       // [angstrom]
    double ageing_time = 0;  // [s] tau* of residual ageing at every pressure; 0 = none
};

model::SpeckleOptions options_at(const Landscape& landscape, double pressure) {
    model::SpeckleOptions o = landscape.speckle;
    o.relaxation.tau = landscape.system.tau(pressure);
    if (landscape.ageing_time > 0) {
        // tau grows through the scan and has its value in the middle.
        auto& clock = o.dynamics.clock;
        clock.kind = model::ClockKind::ageing;
        clock.tau_star = landscape.ageing_time;
        const double middle = o.scan_start + static_cast<double>(o.frames) * o.frame_time / 2;
        clock.tau0 = o.relaxation.tau * std::exp(-middle / clock.tau_star);
    }
    o.origin = Origin::imposed;
    return o;
}

Labelled<DataSet> dressed(const Landscape& landscape, double pressure, Abscissa at, const std::string& name,
                          const std::string& title, Labelled<SpeckleSeries> made, const StreamKey& key) {
    const model::SpeckleOptions o = options_at(landscape, pressure);
    Labelled<DataSet> set;
    set.data.name = name;
    set.data.source = "landscape_speckle";
    set.data.title = title;
    set.data.abscissa = std::move(at);
    set.data.data = std::move(made.data);
    set.data.traces = beam_trace(o, key);
    set.truth = std::move(made.truth);
    const double visible = landscape.system.visible_amplitude(pressure, landscape.q, landscape.jump);
    set.truth.add(
        "visible_two_level_amplitude", {}, visible, Origin::closed_form,
        fmt::format("two-level atoms jumping {} angstrom, seen at {} 1/angstrom", landscape.jump, landscape.q));
    set.data.notes.push_back(
        fmt::format("tau = {:.4g} s is the population time of the wells at {} GPa, imposed on the "
                    "clock. The same two-level atoms would themselves show F(q,t) = 1 - {:.3g} (1 - "
                    "exp(-t/tau)): partial and exponential.",
                    o.relaxation.tau, pressure, visible));
    if (!model::plain(o))
        for (auto& note : speckle_notes(o)) set.data.notes.push_back(std::move(note));
    return set;
}

// tau(P) between the pressures, for figures.
Curve tau_of_pressure(const model::TwoLevelSystem& system, const std::string& source, double from, double to) {
    constexpr int points = 121;
    Curve curve;
    curve.name = "tau_of_pressure_" + source;
    curve.x_name = "pressure";
    curve.x_unit = "GPa";
    curve.y_name = "tau";
    curve.y_unit = "s";
    for (int i = 0; i < points; ++i) {
        curve.x.push_back(from + (to - from) * i / (points - 1));
        curve.y.push_back(system.tau(curve.x.back()));
    }
    return curve;
}

}  // namespace

SourcePlan read_landscape_speckle(Section& section, const std::string& name) {
    SourcePlan plan;
    Landscape landscape;
    auto& s = landscape.system;
    s.barrier = section.quantity("barrier", Dimension::energy, s.barrier);
    s.attempt_rate = section.quantity("attempt_rate", Dimension::frequency, s.attempt_rate);
    s.activation_volume = section.quantity("activation_volume", Dimension::volume, s.activation_volume);
    s.formation_volume = section.quantity("formation_volume", Dimension::volume, s.formation_volume);
    s.crossing_pressure = section.quantity("crossing_pressure", Dimension::pressure, s.crossing_pressure);
    s.temperature = section.quantity("temperature", Dimension::temperature, s.temperature);
    landscape.ageing_time = section.quantity("ageing_time", Dimension::time, 0);
    if (landscape.ageing_time < 0)
        section.fail("ageing_time",
                     fmt::format("is {} s; it is tau* of the growth of tau, or 0", landscape.ageing_time));
    const auto pressures = section.quantities("pressures", Dimension::pressure);
    landscape.q = section.quantity("q", Dimension::wavevector, landscape.q);
    landscape.jump = section.quantity("jump", Dimension::length, landscape.jump);
    landscape.speckle = read_detector_and_field(section);
    landscape.speckle.relaxation.beta = section.number("beta", 1.8);

    if (pressures.size() > 1)
        plan.across.emplace_back("tau_of_pressure", toml::table{{"temperature", fmt::format("{} K", s.temperature)}});
    for (std::size_t i = 0; i < pressures.size(); ++i) {
        const double pressure = pressures[i];
        if (i > 0 && !(pressure > pressures[i - 1])) section.fail("pressures", "must increase");
        section.guard([&] {
            model::check(s, pressure);
            model::check(options_at(landscape, pressure));
        });
        Unit unit;
        unit.name = fmt::format("{}_{}", name, i + 1);
        unit.title = fmt::format("Two-level landscape at {} GPa, tau = {:.4g} s imposed", pressure, s.tau(pressure));
        unit.abscissa = at_pressure(i, pressure);
        const auto dress = [landscape, pressure, at = unit.abscissa, called = unit.name, title = unit.title](
                               Labelled<SpeckleSeries> made, const StreamKey& key) {
            return dressed(landscape, pressure, at, called, title, std::move(made), key);
        };
        const auto o = options_at(landscape, pressure);
        make_speckle(unit, o, dress);
        plan.units.push_back(std::move(unit));
        if (i > 0) {
            const double before = pressures[i - 1];
            plan.combined_truth.add("activation_volume", at_pressure(i - 1, (before + pressure) / 2),
                                    s.mean_activation_volume(before, pressure), Origin::closed_form);
        }
    }
    if (const double at = s.pressure_of_longest_tau(); at > pressures.front() && at < pressures.back())
        for (const char* quantity : {"crossover_pressure", "crossover_pressure_parabola"})
            plan.combined_truth.add(quantity, {}, at, Origin::closed_form, "kT d(ln tau)/dP = 0");
    if (pressures.size() > 1)
        plan.combined_truth.add(tau_of_pressure(s, name, pressures.front(), pressures.back()), Origin::imposed);
    plan.statements.push_back(fmt::format(
        "Source '{}': tau(P) of the two-level landscape is imposed on the internal clock of the speckle. The "
        "estimators "
        "are tested; no mechanism is: nothing here shows that two-level systems make speckle decay like this.",
        name));
    return plan;
}

}  // namespace vitrum::pipeline
