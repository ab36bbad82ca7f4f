#include <fmt/format.h>

#include "core/error.hpp"
#include "scenarios/sources.hpp"
#include "scenarios/speckle_keys.hpp"

namespace vitrum::scenarios {

namespace {

std::string title_of(const model::SpeckleOptions& o) {
    const auto& clock = o.dynamics.clock;
    const std::string contrast = o.detector.mode_weights.empty() ? fmt::format("contrast 1/{}", o.modes)
                                                                 : fmt::format("{} unequal modes", o.modes);
    const std::string tail = fmt::format("beta = {}, {}", o.relaxation.beta, contrast);
    switch (clock.kind) {
        case model::ClockKind::stationary:
            return fmt::format("Synthetic speckle, tau = {} s, {}", o.relaxation.tau, tail);
        case model::ClockKind::ageing:
        case model::ClockKind::accelerating:
            return fmt::format("Synthetic speckle, {}, tau = {} s exp({}t/{} s), {}", name(clock.kind), clock.tau0,
                               clock.kind == model::ClockKind::ageing ? "" : "-", clock.tau_star, tail);
        case model::ClockKind::piecewise:
        case model::ClockKind::table: break;
    }
    return fmt::format("Synthetic speckle, {} clock, {}", name(clock.kind), tail);
}

}  // namespace

SourcePlan read_speckle(Section& section, const std::string& name) {
    SourcePlan plan;
    model::SpeckleOptions o = read_detector_and_field(section);
    read_dynamics(section, o);
    section.guard([&] { model::check(o); });
    Unit unit;
    unit.name = name;
    unit.title = title_of(o);
    unit.cost = cost_of(o);
    unit.generate = [o, unit_title = unit.title, name](const UnitContext& context) {
        auto made = model::generate(o, context.key);
        Labelled<DataSet> set;
        set.data.name = name;
        set.data.source = "speckle";
        set.data.title = unit_title;
        set.data.data = std::move(made.data);
        set.data.notes = speckle_notes(o);
        set.truth = std::move(made.truth);
        return set;
    };
    plan.units.push_back(std::move(unit));
    return plan;
}

}  // namespace vitrum::scenarios
