#include "scenarios/speckle_keys.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace vitrum::scenarios {

namespace {

std::size_t positive(Section& section, const std::string& key, std::int64_t fallback) {
    const std::int64_t value = section.integer(key, fallback);
    if (value <= 0) section.fail(key, fmt::format("is {}; at least 1 is wanted", value));
    return static_cast<std::size_t>(value);
}

// Keys of a detector that is not perfect: absent, they leave the series as it is.
model::Detector read_detector(Section& section) {
    model::Detector d;
    d.exposure = section.quantity("exposure", Dimension::time, d.exposure);
    if (d.exposure > 0) d.substeps = positive(section, "substeps", 8);
    d.background = section.number("background", d.background);
    d.heterodyne_fraction = section.number("heterodyne_fraction", d.heterodyne_fraction);
    d.static_speckle = section.number("static_speckle", d.static_speckle);
    d.dark_counts = section.number("dark_counts", d.dark_counts);
    d.intensity_noise = section.number("intensity_noise", d.intensity_noise);
    d.intensity_drift = section.number("intensity_drift", d.intensity_drift);
    d.flat_field_cv = section.number("flat_field_cv", d.flat_field_cv);
    d.zero_pixels = section.number("zero_pixels", d.zero_pixels);
    d.dead_pixels = section.number("dead_pixels", d.dead_pixels);
    return d;
}

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
        {"tau0", {ageing, accelerating}, "\"ageing\" or \"accelerating\""},
        {"tau_star", {ageing, accelerating}, "\"ageing\" or \"accelerating\""},
        {"plateau_time", {ageing, accelerating}, "\"ageing\" or \"accelerating\""},
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

}  // namespace

model::SpeckleOptions read_detector_and_field(Section& section) {
    model::SpeckleOptions o;
    o.frames = positive(section, "frames", 1000);
    o.rows = positive(section, "rows", 64);
    o.columns = positive(section, "columns", 64);
    o.frame_time = section.quantity("frame_time", Dimension::time, 1.0);
    o.relaxation.beta = section.number("beta", 1.8);
    std::vector<double> weights;
    if (section.has("mode_weights")) {
        if (section.has("modes"))
            section.fail("mode_weights",
                         "mode_weights and modes exclude each other: the list has one weight for each mode");
        weights = section.numbers("mode_weights");
        if (weights.empty()) section.fail("mode_weights", "is an empty list; give one weight a mode, as in [0.7, 0.3]");
        o.modes = static_cast<int>(weights.size());
    } else {
        o.modes = static_cast<int>(positive(section, "modes", 5));
    }
    o.mean_count = section.number("mean_count", 0.5);
    o.detector = read_detector(section);
    o.detector.mode_weights = std::move(weights);
    return o;
}

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
    o.scan_start = section.quantity("scan_start", Dimension::time, 0.0);
}

std::vector<std::string> speckle_notes(const model::SpeckleOptions& o) {
    const std::string exposure = o.detector.exposure > 0 ? fmt::format("exposures of {} s in {} instants",
                                                                       o.detector.exposure, o.detector.substeps)
                                                         : "instantaneous exposures";
    std::vector<std::string> notes{
        fmt::format("{} independent pixels, {} frames of {} s, {} photons per pixel and frame, {}.", o.rows * o.columns,
                    o.frames, o.frame_time, o.mean_count, exposure)};
    if (!model::plain(o)) notes.push_back(fmt::format("Field by {}: exact.", model::method_of(o)));
    return notes;
}

double cost_of(const model::SpeckleOptions& o) {
    const double values = static_cast<double>(o.frames) * static_cast<double>(o.rows * o.columns);
    const double instants = static_cast<double>(o.detector.substeps);
    double each = 80e-9 * instants;
    const auto times = model::sample_times(o);
    if (model::method_for(model::kernel_of(o, {}), times, o.event_rate > 0) == model::MethodKind::cholesky)
        each += static_cast<double>(times.size()) * instants * 0.05e-9;
    return values * (o.modes * each + 100e-9 + static_cast<double>(o.frames) * 0.15e-9);
}

}  // namespace vitrum::scenarios
