#include "vitrum/pipeline/sources/speckle/speckle_keys.hpp"

namespace vitrum::pipeline {

std::optional<model::SettlingPressure> read_settling(Section& section, model::SpeckleOptions& o) {
    if (!section.has("pressure_step")) {
        for (const char* key : {"settling_time", "decorrelation_pressure"})
            if (section.has(key)) section.fail(key, "needs pressure_step: how far the pressure still has to go");
        return {};
    }
    model::SettlingPressure p;
    p.step = section.quantity("pressure_step", Dimension::pressure);
    p.time = section.quantity("settling_time", Dimension::time);
    p.decorrelation = section.quantity("decorrelation_pressure", Dimension::pressure, p.decorrelation);
    section.guard([&] { model::check(p); });
    model::Kernel& k = o.dynamics;
    const bool alone = !k.has_clock() && !k.random_dynamics() && !k.stored && k.sum.empty() && k.product.empty() &&
                       k.event_times.empty();
    if (!alone) {
        model::Kernel strain;
        strain.clock = p.clock();
        strain.beta = 2;
        k.product.push_back({"pressure", 1, strain});
        return p;
    }
    // The glass itself stands still.
    if (section.number("beta", 2.0) != 2)
        section.fail("beta", "is 2 where the pressure settles and nothing else moves; give the glass a clock or tau");
    k.clock = p.clock();
    k.beta = o.relaxation.beta = 2;
    return p;
}

TimeSeries pressure_trace(const model::SettlingPressure& p, const model::SpeckleOptions& o, double pressure) {
    TimeSeries trace;
    trace.name = "pressure";
    trace.unit = "GPa";
    for (std::size_t f = 0; f < o.frames; ++f) {
        trace.time.push_back(static_cast<double>(f) * o.frame_time);
        trace.value.push_back(pressure + p.missing(o.scan_start + trace.time.back()));
    }
    return trace;
}

}  // namespace vitrum::pipeline
