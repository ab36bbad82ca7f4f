// The truth of a synthetic series: see speckle_source.hpp.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/core/numerics/shortest_interval.hpp"
#include "vitrum/model/speckle/series_law.hpp"
#include "vitrum/model/speckle/spatial_field.hpp"
#include "vitrum/model/speckle/spatial_truth.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {

namespace {

constexpr std::size_t most_frames_of_a_stored_kernel = 2000;

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

// Of dynamics that change within the run: what C(t, t + lag) of this realisation does without noise, at the lag where
// its g2 has fallen to e^-2 of its range (tau, of a KWW decay). `from`, `to`: C of fields that are the same and that
// are independent. None where g2 does not fall so far.
void add_heterogeneity(const SeriesLaw& law, const Curve& g2, double from, double to, Origin origin,
                       GroundTruth& truth) {
    const double level = to + (from - to) * std::exp(-2.0);
    std::size_t k = 0;
    while (k < g2.size() && !(g2.y[k] <= level)) ++k;
    if (k == g2.size()) return;
    if (k > 0 && g2.y[k - 1] - level < level - g2.y[k]) --k;  // the nearer one
    std::vector<double> values = law.along(k + 1);
    if (values.size() < 2) return;
    double mean = 0;
    for (const double c : values) mean += c / static_cast<double>(values.size());
    double squares = 0;
    for (const double c : values) squares += (c - mean) * (c - mean);
    double width = shortest_interval(values, 0.9);
    if (width < 1e-12) width = 0;  // rounding of values that are the same
    const std::string note = "C(t, t + lag) of this run without noise, at the lag " + std::to_string(k + 1) +
                             " frames where its g2 is down to e^-2";
    truth.add("heterogeneity_width_corrected", {}, width, origin, note);
    truth.add("relative_heterogeneity_width_corrected", {}, width / (from - to), origin, note);
    truth.add("heterogeneity_sd", {}, std::sqrt(squares / static_cast<double>(values.size() - 1)), origin, note);
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

// Times from the first frame: a map does not know the age of its sample.
void add_ageing(const SpeckleOptions& o, const InternalClock& clock, GroundTruth& truth) {
    const double plateau = clock.plateau_time;
    const bool exponential = clock.kind == ClockKind::ageing || clock.kind == ClockKind::accelerating;
    if (!exponential || (plateau >= 0 && plateau <= o.scan_start)) return;
    const double sign = clock.kind == ClockKind::ageing ? 1 : -1;
    truth.add("ageing_tau0", {}, clock.tau(o.scan_start), o.origin);
    truth.add("ageing_tau_star", {}, sign * clock.tau_star, o.origin);
    truth.add("ageing_rate", {}, sign / clock.tau_star, o.origin);
    if (plateau < 0) return;
    truth.add("ageing_plateau_time", {}, plateau - o.scan_start, o.origin);
    truth.add("ageing_plateau", {}, clock.tau(plateau), o.origin);
}

void add_damage(const SpeckleOptions& o, const InternalClock& clock, const SampleTimes& times, GroundTruth& truth) {
    if (o.scan_start >= 0) {
        truth.add("damage_tau0", {}, clock.tau(o.scan_start), o.origin);
        truth.add("damage_time", {}, clock.damage_time + o.scan_start, o.origin);
    }
    Curve tau = over_age("tau", "tau", times);
    tau.y_unit = "s";
    for (const double t : tau.x) tau.y.push_back(clock.tau(t));
    truth.add(std::move(tau), o.origin);
}

// Clock, its exponent and its avalanches of one kernel; `called` "" for the series itself, else the name of the part.
void add_clock(const SpeckleOptions& o, const Kernel& k, const std::string& called, const Abscissa& at,
               const SampleTimes& times, GroundTruth& truth) {
    const std::string tail = called.empty() ? "" : "_" + called;
    const bool drawn = !k.path.empty();
    const Origin origin = drawn ? Origin::recorded : o.origin;
    if (k.has_clock() && !std::isinf(k.clock.tau(o.scan_start))) {
        const double middle = o.scan_start + static_cast<double>(o.frames - 1) * o.frame_time / 2;
        truth.add("tau_mid_scan", at, k.clock.tau(middle), o.origin);
    }
    if (called.empty()) add_ageing(o, k.clock, truth);
    if (called.empty() && k.clock.kind == ClockKind::beam_damage) add_damage(o, k.clock, times, truth);
    if (!k.has_clock() || k.form != KernelForm::internal_clock || k.stored) return;  // this correlation has no clock
    if (k.spectral_terms > 0) return;  // the realised correlation is no function of the clock alone
    truth.add("clock_beta", at, k.beta, o.origin);
    Curve clock = over_age(("clock" + tail).c_str(), "internal clock", times);
    for (const double t : clock.x) clock.y.push_back(k.clock.at(t) + k.path.at(t));
    truth.add(std::move(clock), origin);
    if (k.path.sizes.empty()) return;
    Curve avalanches;
    avalanches.name = "avalanches" + tail;
    avalanches.x_name = "time from the first frame";
    avalanches.x_unit = "s";
    avalanches.y_name = "avalanche size";
    for (const double t : k.path.times) avalanches.x.push_back(t - o.scan_start);
    avalanches.y = k.path.sizes;
    truth.add(std::move(avalanches), origin);
}

// `spec`: the same kernel before its random part was drawn. `share`: part of all of g1, at lag 0, that this kernel is;
// its static part takes no part in its events, so that what they take of g1 is less than what they take of the rest.
void add_events(const SpeckleOptions& o, const Kernel& spec, const Kernel& k, double share, const Abscissa& at,
                GroundTruth& truth) {
    const Origin origin = spec.event_rate > 0 ? Origin::recorded : Origin::imposed;
    const double fraction = share * (1 - k.static_fraction) * k.event_fraction;
    for (std::size_t i = 0; i < k.event_times.size(); ++i) {
        const double t = k.event_times[i] - o.scan_start;
        Abscissa place = at;
        place.push_back({"event", static_cast<std::int64_t>(i), t, "s"});
        truth.add("event_time", place, t, origin);
        truth.add("event_fraction", place, fraction, origin);
    }
    if (spec.event_rate > 0) truth.add("event_rate", at, spec.event_rate, Origin::closed_form);
    if (spec.event_rate > 0 || !k.event_times.empty()) truth.add("event_fraction", at, fraction, Origin::closed_form);
}

// Parts of a sum or a product, depth first: each at its own place {"part", number}.
void add_parts(const SpeckleOptions& o, const Kernel& spec, const Kernel& k, double share, const std::string& prefix,
               const SampleTimes& times, std::int64_t& number, GroundTruth& truth) {
    const auto add = [&](const std::vector<KernelPart>& before, const std::vector<KernelPart>& parts, bool weighted) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const Kernel& part = parts[i].kernel;
            const std::string name = prefix.empty() ? parts[i].name : prefix + "_" + parts[i].name;
            const Abscissa at{{"part", number, static_cast<double>(number), ""}};
            ++number;
            truth.add("part_weight", at, weighted ? parts[i].weight : 1, Origin::closed_form,
                      name + (weighted ? ", of a sum" : ", of a product"));
            if (part.static_fraction > 0) truth.add("static_fraction", at, part.static_fraction, Origin::closed_form);
            add_clock(o, part, name, at, times, truth);
            const double own = share * (1 - k.static_fraction) * (weighted ? parts[i].weight : 1);
            add_events(o, before[i].kernel, part, own, at, truth);
            add_parts(o, before[i].kernel, part, own, name, times, number, truth);
        }
    };
    add(spec.sum, k.sum, true);
    add(spec.product, k.product, false);
}

// Stationary dynamics of one kind in front of a perfect detector, the pattern apart.
bool homogeneous(const SpeckleOptions& o) {
    return o.detector.perfect() && o.dynamics.single() && o.dynamics.stationary() && o.dynamics.static_fraction == 0 &&
           o.dynamics.translation_rate == 0;
}

// Counts that are cut off have no closed form: what speaks of their moments goes, what speaks of the field stays.
GroundTruth without_moments(GroundTruth truth) {
    const auto of_counts = [](const std::string& name) {
        for (const char* start : {"g2", "chi4", "map_noise", "contrast", "baseline", "frame_contrast", "heterogeneity",
                                  "relative_heterogeneity"})
            if (name.rfind(start, 0) == 0) return true;
        return false;
    };
    std::erase_if(truth.rows, [&](const TruthRow& row) { return of_counts(row.quantity); });
    for (std::size_t i = truth.curves.size(); i-- > 0;)
        if (of_counts(truth.curves[i].name)) {
            truth.curves.erase(truth.curves.begin() + static_cast<std::ptrdiff_t>(i));
            truth.curve_origins.erase(truth.curve_origins.begin() + static_cast<std::ptrdiff_t>(i));
        }
    return truth;
}

GroundTruth linear_truth(const SpeckleOptions& o, const StreamKey& key, const DrawnDetector& drawn) {
    const bool even = std::all_of(drawn.gain.begin(), drawn.gain.end(), [](double gain) { return gain == 1; });
    if (plain(o) && even) return plain_truth(o);
    GroundTruth truth;
    const Kernel spec = dynamics_of(o);
    const Kernel kernel = kernel_of(o, key);
    const SampleTimes times = sample_times(o);
    const auto pattern = pattern_law(o, key, drawn.gain);
    const SeriesLaw law(kernel, times, o.detector, drawn, o.mean_count, mode_shares(o), pattern);
    // What was drawn once for this series is known, but not by a formula of its parameters alone.
    const bool beam_drawn = o.detector.intensity_noise > 0 || o.detector.empty_frames > 0 || o.detector.lost_frames > 0;
    const bool random = spec.random_dynamics() || spec.spectral_terms > 0 || o.pattern.rows.walk > 0 ||
                        o.pattern.columns.walk > 0 || o.detector.flat_field_cv > 0 || beam_drawn;
    const Origin origin = o.origin == Origin::imposed ? o.origin : random ? Origin::recorded : Origin::closed_form;
    truth.add(law.g2(), origin);
    if (!law.lag_alone() && law.beam_cancels() && kernel.static_fraction == 0)
        add_heterogeneity(law, *truth.curve("g2"), law.correlation_of(pattern ? pattern->self() : 1),
                          law.correlation_of(0), origin, truth);
    if (!pattern) truth.add(law.map_noise(), Origin::numerical);
    // Where it is no function of the lag and of a few parameters.
    if ((!kernel.stationary_in_law() || spec.spectral_terms > 0) && o.frames <= most_frames_of_a_stored_kernel)
        truth.add(law.field_map(), origin);

    const double far = law.correlation_of(0);
    const double near = law.correlation_of(pattern ? pattern->self() : 1);
    const bool still =
        spec.single() && spec.stationary() && kernel.translation_rate == 0 && !(pattern && pattern->moves());
    if (still && law.beam_cancels() && kernel.static_fraction == 0) {
        const std::string note = o.detector.exposure > 0 ? "of F; the exposure smears g2 within a frame" : "";
        truth.add("tau", {}, o.relaxation.tau, o.origin, note);
        truth.add("rate", {}, 1 / o.relaxation.tau, o.origin, note);
        truth.add("beta", {}, o.relaxation.beta, o.origin, note);
        truth.add("baseline", {}, far, origin);
        const double contrast = o.detector.exposure > 0 ? 0 : near - far;
        if (contrast > 0) truth.add("contrast", {}, contrast, origin);
        // What stays still shifts all entries alike: it is noise between samples, not within this one.
        const double lag = std::round(o.relaxation.tau / o.frame_time);
        if (!pattern && o.detector.static_speckle == 0 && o.detector.steady() && lag >= 1 &&
            lag < static_cast<double>(o.frames))
            add_noise_floor(std::sqrt(law.entry_variance(0, static_cast<std::size_t>(lag))), contrast,
                            Origin::numerical, truth);
        if (pattern && homogeneous(o) && even && o.pattern.subpixels == 1)
            add_noise_floor(std::sqrt(grain_entry_variance(o, *pattern, std::exp(-2.0))), contrast, Origin::closed_form,
                            truth);
    }
    // Of one frame: the same for all unless the dynamics change between exposures that last.
    if (law.beam_cancels() && ((kernel.stationary() && (!pattern || pattern->steady())) || o.detector.exposure == 0))
        truth.add("frame_contrast", {}, law.correlation_of(law.field_square(0, 0)) - far, origin);
    if (o.detector.f_q < 1) {
        const double f_q = o.detector.f_q;
        truth.add("f_q", {}, f_q, Origin::closed_form, "g2 and the counts show the contrast gamma f_q^2");
        if (law.beam_cancels())
            truth.add("speckle_contrast", {}, (near - far) / (f_q * f_q), origin,
                      "gamma, of the speckle without vibrations");
    }
    if (kernel.static_fraction > 0) truth.add("static_fraction", {}, kernel.static_fraction, Origin::closed_form);
    if (!still || kernel.static_fraction > 0) add_clock(o, kernel, "", {}, times, truth);
    add_events(o, spec, kernel, 1, {}, truth);
    std::int64_t parts = 0;
    add_parts(o, spec, kernel, 1, "", times, parts, truth);
    add_pattern_truth(o, kernel, pattern.get(), drawn, truth);
    if (!o.detector.steady()) {
        Curve beam = over_age("beam", "relative intensity", times);
        beam.y = drawn.beam;
        truth.add(std::move(beam), beam_drawn ? Origin::recorded : Origin::closed_form);
    }
    if (!spec.random_dynamics()) return truth;
    if (law.beam_cancels()) truth.add(law.variance_over_time(), Origin::recorded);
    if (!spec.known_population()) return truth;
    const SeriesLaw all(spec, times, o.detector, drawn, o.mean_count, mode_shares(o), pattern);
    Curve population = all.g2();
    population.name = "g2_population";
    truth.add(std::move(population), o.origin);
    if (o.detector.substeps == 1 && law.beam_cancels()) truth.add(all.variance_over_realisations(), o.origin);
    return truth;
}

}  // namespace

bool plain(const SpeckleOptions& o) { return homogeneous(o) && !o.pattern.any(); }

GroundTruth truth_of(const SpeckleOptions& o, const StreamKey& key) {
    const DrawnDetector drawn = draw(o.detector, o.frames, o.rows * o.columns, key);
    return has_regions(o) ? truth_of_regions(o, key, drawn) : truth_of(o, key, drawn);
}

GroundTruth truth_of(const SpeckleOptions& o, const StreamKey& key, const DrawnDetector& drawn) {
    GroundTruth truth = linear_truth(o, key, drawn);
    return o.detector.saturation > 0 ? without_moments(std::move(truth)) : truth;
}

}  // namespace vitrum::model
