#include <algorithm>

#include <fmt/format.h>

#include "scenarios/speckle_keys.hpp"

namespace vitrum::scenarios {

namespace {

// A key of another clock is known, but not here.
void refuse_keys_of_other_clocks(const Section& section, model::ClockKind kind) {
    using enum model::ClockKind;
    struct Key {
        const char* key;
        std::vector<model::ClockKind> of;
        const char* clocks;
    };
    const std::vector<Key> keys{
        {"tau", {stationary}, "\"stationary\""},
        {"tau0", {ageing, accelerating, beam_damage}, "\"ageing\", \"accelerating\" or \"beam_damage\""},
        {"tau_star", {ageing, accelerating}, "\"ageing\" or \"accelerating\""},
        {"plateau_time", {ageing, accelerating}, "\"ageing\" or \"accelerating\""},
        {"dose_rate", {beam_damage}, "\"beam_damage\""},
        {"damage_dose", {beam_damage}, "\"beam_damage\""},
        {"tau_times", {piecewise, table}, "\"piecewise\" or \"table\""},
        {"tau_values", {piecewise, table}, "\"piecewise\" or \"table\""},
    };
    for (const auto& row : keys)
        if (section.has(row.key) && std::find(row.of.begin(), row.of.end(), kind) == row.of.end())
            section.fail(row.key, fmt::format("belongs to clock = {}; this clock is \"{}\"", row.clocks, name(kind)));
    if (section.has("jump_sizes") && !section.has("jump_times"))
        section.fail("jump_sizes", "needs jump_times, one time for each size");
    if (section.has("event_fraction") && !section.has("event_times") && !section.has("event_rate"))
        section.fail("event_fraction", "needs event_times or event_rate: without events there is nothing to take");
}

// Dose in any unit: only the time in the beam until it is reached counts.
double damage_time(Section& section) {
    const double rate = section.number("dose_rate");
    const double dose = section.number("damage_dose");
    if (!(rate > 0)) section.fail("dose_rate", fmt::format("= {}: a dose per second is positive", rate));
    if (!(dose > 0)) section.fail("damage_dose", fmt::format("= {}: the dose that halves tau is positive", dose));
    return dose / rate;
}

void read_translation(Section& section, model::Kernel& k) {
    if (!section.has("translation_velocity")) {
        if (section.has("beam_radius"))
            section.fail("beam_radius", "needs translation_velocity: a sample at rest stays in the beam");
        return;
    }
    const double speed = section.quantity("translation_velocity", Dimension::velocity);
    const double radius = section.quantity("beam_radius", Dimension::length);
    if (!(speed >= 0)) section.fail("translation_velocity", "is negative; give the speed");
    if (!(radius > 0)) section.fail("beam_radius", "is not positive");
    k.translation_rate = speed / radius;
}

}  // namespace

void read_dynamics(Section& section, model::SpeckleOptions& o) {
    model::Kernel& k = o.dynamics;
    model::InternalClock& c = k.clock;
    c.kind = model::clock_from(section.choice("clock", model::clock_names(), "stationary"));
    refuse_keys_of_other_clocks(section, c.kind);
    switch (c.kind) {
        case model::ClockKind::stationary: o.relaxation.tau = section.quantity("tau", Dimension::time); break;
        case model::ClockKind::ageing:
        case model::ClockKind::accelerating:
            c.tau0 = section.quantity("tau0", Dimension::time);
            c.tau_star = section.quantity("tau_star", Dimension::time);
            if (section.has("plateau_time")) {
                c.plateau_time = section.quantity("plateau_time", Dimension::time);
                if (c.plateau_time < 0) section.fail("plateau_time", "is negative; it is an age of the sample");
            }
            break;
        case model::ClockKind::beam_damage:
            c.tau0 = section.quantity("tau0", Dimension::time);
            c.damage_time = damage_time(section);
            break;
        case model::ClockKind::piecewise:
        case model::ClockKind::table:
            c.times = section.quantities("tau_times", Dimension::time);
            c.taus = section.quantities("tau_values", Dimension::time);
            break;
    }
    k.form = model::kernel_from(section.choice("kernel", model::kernel_names(), "internal_clock"));
    if (section.has("jump_times")) {
        c.jump_times = section.quantities("jump_times", Dimension::time);
        c.jump_sizes = section.numbers("jump_sizes");
    }
    if (section.has("event_times")) k.event_times = section.quantities("event_times", Dimension::time);
    if (section.has("event_rate")) o.event_rate = section.quantity("event_rate", Dimension::frequency);
    if (section.has("event_times") || section.has("event_rate"))
        k.event_fraction = section.number("event_fraction", 1.0);
    k.static_fraction = section.number("static_fraction", 0.0);
    read_translation(section, k);
    o.scan_start = section.quantity("scan_start", Dimension::time, 0.0);
}

}  // namespace vitrum::scenarios
