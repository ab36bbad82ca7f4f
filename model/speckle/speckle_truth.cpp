// The truth of a synthetic series: see speckle_source.hpp.
#include <algorithm>
#include <cmath>

#include "core/map_entry_variance.hpp"
#include "model/speckle/series_law.hpp"
#include "model/speckle/spatial_field.hpp"
#include "model/speckle/spatial_truth.hpp"
#include "model/speckle/speckle_source.hpp"

namespace vitrum::model {

namespace {

// A homogeneous, stationary sample has no dynamic heterogeneity: all of its width is noise.
// `sigma` of C(t, t + tau).
void add_noise_floor(double sigma, double contrast, Origin origin, GroundTruth& truth) {
    const std::string note = "noise alone of a homogeneous sample, for a series much longer than tau";
    truth.add("heterogeneity_width", {}, gaussian_width(0.9) * sigma, origin, note);
    truth.add("heterogeneity_width_80", {}, gaussian_width(0.8) * sigma, origin, note);
    truth.add("heterogeneity_width_70", {}, gaussian_width(0.7) * sigma, origin, note);
    truth.add("heterogeneity_width_60", {}, gaussian_width(0.6) * sigma, origin, note);
    if (contrast > 0)
        truth.add("relative_heterogeneity_width", {}, gaussian_width(0.9) * sigma / contrast, origin, note);
    const std::string none = "homogeneous and stationary";
    truth.add("heterogeneity_width_corrected", {}, 0, Origin::closed_form, none);
    truth.add("relative_heterogeneity_width_corrected", {}, 0, Origin::closed_form, none);
    truth.add("heterogeneity_sd", {}, 0, Origin::closed_form, none);
}

GroundTruth plain_truth(const SpeckleOptions& o) {
    GroundTruth truth;
    const double m = o.modes;
    truth.add("tau", {}, o.relaxation.tau, o.origin);
    truth.add("rate", {}, 1 / o.relaxation.tau, o.origin);
    truth.add("beta", {}, o.relaxation.beta, o.origin);
    truth.add("contrast", {}, 1 / m, Origin::closed_form, "equal modes, independent pixels, f_q = 1");
    truth.add("baseline", {}, 1, Origin::closed_form);
    const MapEntry noise{static_cast<double>(o.rows * o.columns), m, o.mean_count};
    add_noise_floor(std::sqrt(noise.variance(std::exp(-2.0))), 1 / m, Origin::closed_form, truth);

    Curve g2;
    g2.name = "g2";
    g2.x_name = "lag";
    g2.x_unit = "s";
    g2.y_name = "g2";
    for (std::size_t k = 1; k < o.frames; ++k) {
        const double lag = static_cast<double>(k) * o.frame_time;
        g2.x.push_back(lag);
        g2.y.push_back(1 + o.relaxation.g1_squared(lag) / m);
    }
    truth.add(std::move(g2), o.origin);
    return truth;
}

// x = age at the (first instant of the) exposure of each frame; y to be filled.
Curve over_age(const char* name, const char* y_name, const SampleTimes& times) {
    Curve curve;
    curve.name = name;
    curve.x_name = "age";
    curve.x_unit = "s";
    curve.y_name = y_name;
    for (std::size_t f = 0; f < times.frames; ++f) curve.x.push_back(times.at(f, 0));
    return curve;
}

void add_clock(const SpeckleOptions& o, const Kernel& k, const SampleTimes& times, GroundTruth& truth) {
    const double middle = o.scan_start + static_cast<double>(o.frames - 1) * o.frame_time / 2;
    truth.add("tau_mid_scan", {}, k.clock.tau(middle), o.origin);
    const double plateau = k.clock.plateau_time;
    const bool exponential = k.clock.kind == ClockKind::ageing || k.clock.kind == ClockKind::accelerating;
    // Times from the first frame: a map does not know the age of its sample.
    if (exponential && (plateau < 0 || plateau > o.scan_start)) {
        const double sign = k.clock.kind == ClockKind::ageing ? 1 : -1;
        truth.add("ageing_tau0", {}, k.clock.tau(o.scan_start), o.origin);
        truth.add("ageing_tau_star", {}, sign * k.clock.tau_star, o.origin);
        truth.add("ageing_rate", {}, sign / k.clock.tau_star, o.origin);
        if (plateau >= 0) {
            truth.add("ageing_plateau_time", {}, plateau - o.scan_start, o.origin);
            truth.add("ageing_plateau", {}, k.clock.tau(plateau), o.origin);
        }
    }
    if (k.clock.kind == ClockKind::beam_damage) {
        if (o.scan_start >= 0) {
            truth.add("damage_tau0", {}, k.clock.tau(o.scan_start), o.origin);
            truth.add("damage_time", {}, k.clock.damage_time + o.scan_start, o.origin);
        }
        Curve tau = over_age("tau", "tau", times);
        tau.y_unit = "s";
        for (const double t : tau.x) tau.y.push_back(k.clock.tau(t));
        truth.add(std::move(tau), o.origin);
    }
    if (k.form != KernelForm::internal_clock) return;  // tau(t) alone: this correlation has no clock
    truth.add("clock_beta", {}, k.beta, o.origin);
    Curve clock = over_age("clock", "internal clock", times);
    for (const double t : clock.x) clock.y.push_back(k.clock.at(t));
    truth.add(std::move(clock), o.origin);
}

void add_events(const SpeckleOptions& o, const Kernel& k, GroundTruth& truth) {
    const Origin origin = o.event_rate > 0 ? Origin::recorded : Origin::imposed;
    for (std::size_t i = 0; i < k.event_times.size(); ++i) {
        const double t = k.event_times[i] - o.scan_start;
        truth.add("event_time", {{"event", static_cast<std::int64_t>(i), t, "s"}}, t, origin);
        truth.add("event_fraction", {{"event", static_cast<std::int64_t>(i), t, "s"}}, k.event_fraction, origin);
    }
    if (o.event_rate > 0) truth.add("event_rate", {}, o.event_rate, Origin::closed_form);
    if (o.event_rate > 0 || !k.event_times.empty())
        truth.add("event_fraction", {}, k.event_fraction, Origin::closed_form);
}

// Stationary dynamics of one kind in front of a perfect detector, the pattern apart.
bool homogeneous(const SpeckleOptions& o) {
    return o.detector.perfect() && o.dynamics.stationary() && o.dynamics.static_fraction == 0 && o.event_rate == 0 &&
           o.dynamics.translation_rate == 0;
}

}  // namespace

bool plain(const SpeckleOptions& o) { return homogeneous(o) && !o.pattern.any(); }

GroundTruth truth_of(const SpeckleOptions& o, const StreamKey& key) {
    const DrawnDetector drawn = draw(o.detector, o.frames, o.rows * o.columns, key);
    return has_regions(o) ? truth_of_regions(o, key, drawn) : truth_of(o, key, drawn);
}

GroundTruth truth_of(const SpeckleOptions& o, const StreamKey& key, const DrawnDetector& drawn) {
    const bool even = std::all_of(drawn.gain.begin(), drawn.gain.end(), [](double gain) { return gain == 1; });
    if (plain(o) && even) return plain_truth(o);
    GroundTruth truth;
    const Kernel kernel = kernel_of(o, key);
    const SampleTimes times = sample_times(o);
    const auto pattern = pattern_law(o, key, drawn.gain);
    const SeriesLaw law(kernel, times, o.detector, drawn, o.mean_count, mode_shares(o), 0, pattern);
    // What was drawn once for this series is known, but not by a formula of its parameters alone.
    const bool random = o.event_rate > 0 || o.pattern.rows.walk > 0 || o.pattern.columns.walk > 0 ||
                        o.detector.flat_field_cv > 0 || o.detector.intensity_noise > 0;
    const Origin origin = o.origin == Origin::imposed ? o.origin : random ? Origin::recorded : Origin::closed_form;
    truth.add(law.g2(), origin);
    if (!pattern) truth.add(law.map_noise(), Origin::numerical);

    const double far = law.correlation_of(0);
    const bool still =
        kernel.stationary() && o.event_rate == 0 && kernel.translation_rate == 0 && !(pattern && pattern->moves());
    if (still && law.beam_cancels() && kernel.static_fraction == 0) {
        const std::string note = o.detector.exposure > 0 ? "of F; the exposure smears g2 within a frame" : "";
        truth.add("tau", {}, o.relaxation.tau, o.origin, note);
        truth.add("rate", {}, 1 / o.relaxation.tau, o.origin, note);
        truth.add("beta", {}, o.relaxation.beta, o.origin, note);
        truth.add("baseline", {}, far, origin);
        const double contrast = o.detector.exposure > 0 ? 0 : law.correlation_of(pattern ? pattern->self() : 1) - far;
        if (contrast > 0) truth.add("contrast", {}, contrast, origin);
        // What stays still shifts all entries alike: it is noise between samples, not within this one.
        const double lag = std::round(o.relaxation.tau / o.frame_time);
        if (!pattern && o.detector.static_speckle == 0 && o.detector.intensity_noise == 0 &&
            o.detector.intensity_drift == 0 && lag >= 1 && lag < static_cast<double>(o.frames))
            add_noise_floor(std::sqrt(law.entry_variance(0, static_cast<std::size_t>(lag))), contrast,
                            Origin::numerical, truth);
        if (pattern && homogeneous(o) && even && o.pattern.subpixels == 1)
            add_noise_floor(std::sqrt(grain_entry_variance(o, *pattern, std::exp(-2.0))), contrast, Origin::closed_form,
                            truth);
    }
    // Of one frame: the same for all unless the dynamics change between exposures that last.
    if (law.beam_cancels() && ((kernel.stationary() && (!pattern || pattern->steady())) || o.detector.exposure == 0))
        truth.add("frame_contrast", {}, law.correlation_of(law.field_square(0, 0)) - far, origin);
    if (kernel.static_fraction > 0) truth.add("static_fraction", {}, kernel.static_fraction, Origin::closed_form);
    if (!still || kernel.static_fraction > 0) add_clock(o, kernel, times, truth);
    add_events(o, kernel, truth);
    add_pattern_truth(o, kernel, pattern.get(), drawn, truth);
    if (o.detector.intensity_noise > 0 || o.detector.intensity_drift != 0) {
        Curve beam = over_age("beam", "relative intensity", times);
        beam.y = drawn.beam;
        truth.add(std::move(beam), o.detector.intensity_noise > 0 ? Origin::recorded : Origin::closed_form);
    }
    if (o.event_rate > 0) {
        Kernel given = kernel;
        given.event_times = o.dynamics.event_times;
        Curve population =
            SeriesLaw(given, times, o.detector, drawn, o.mean_count, mode_shares(o), o.event_rate, pattern).g2();
        population.name = "g2_population";
        truth.add(std::move(population), o.origin);
    }
    return truth;
}

}  // namespace vitrum::model
