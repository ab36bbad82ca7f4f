#include <cmath>

#include "core/error.hpp"
#include "scenarios/sources.hpp"
#include "scenarios/speckle_keys.hpp"

#include <fmt/format.h>

namespace vitrum::scenarios {

namespace {

std::size_t positive(Section& section, const std::string& key, std::int64_t fallback) {
    const std::int64_t value = section.integer(key, fallback);
    if (value <= 0) section.fail(key, fmt::format("is {}; at least 1 is wanted", value));
    return static_cast<std::size_t>(value);
}

}  // namespace

model::SpeckleOptions read_detector_and_field(Section& section) {
    model::SpeckleOptions o;
    o.frames = positive(section, "frames", 1000);
    o.rows = positive(section, "rows", 64);
    o.columns = positive(section, "columns", 64);
    o.frame_time = section.quantity("frame_time", Dimension::time, 1.0);
    o.relaxation.beta = section.number("beta", 1.8);
    o.modes = static_cast<int>(positive(section, "modes", 5));
    o.mean_count = section.number("mean_count", 0.5);
    return o;
}

double cost_of(const model::SpeckleOptions& o) {
    const double values = static_cast<double>(o.frames) * static_cast<double>(o.rows * o.columns);
    return values * (o.modes * 80e-9 + 100e-9 + static_cast<double>(o.frames) * 0.15e-9);
}

SourcePlan read_speckle(Section& section, const std::string& name) {
    SourcePlan plan;
    model::SpeckleOptions o = read_detector_and_field(section);
    o.relaxation.tau = section.quantity("tau", Dimension::time);
    section.guard([&] { model::check(o); });
    Unit unit;
    unit.name = name;
    unit.title = fmt::format("Synthetic speckle, tau = {} s, beta = {}, contrast 1/{}", o.relaxation.tau,
                             o.relaxation.beta, o.modes);
    unit.cost = cost_of(o);
    unit.generate = [o, unit_title = unit.title, name](const UnitContext& context) {
        auto made = model::generate(o, context.key);
        Labelled<DataSet> set;
        set.data.name = name;
        set.data.source = "speckle";
        set.data.title = unit_title;
        set.data.data = std::move(made.data);
        set.data.notes.push_back(fmt::format("{} independent pixels, {} frames of {} s, {} photons per pixel and frame, "
                                             "instantaneous exposures.",
                                             o.rows * o.columns, o.frames, o.frame_time, o.mean_count));
        set.truth = std::move(made.truth);
        return set;
    };
    plan.units.push_back(std::move(unit));
    return plan;
}

}  // namespace vitrum::scenarios
