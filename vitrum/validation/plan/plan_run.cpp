#include "vitrum/validation/plan/plan_run.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/files/temporary_folder.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/validation/bounds/speckle_bounds.hpp"
#include "vitrum/validation/study/outcomes.hpp"
#include "vitrum/validation/study/study_run.hpp"

namespace vitrum::validation {

namespace {

constexpr std::array taus{0.5, 1.0, 2.0};
constexpr std::size_t expected = 1;  // of them
constexpr std::array fractions{0.1, 0.2, 0.5, 1.0};
constexpr std::array judged{"tau", "beta", "contrast"};
constexpr double z_two_sided = 1.959963984540054;  // 5 %
constexpr double z_one_sided = 1.6448536269514722;
constexpr double z_power = 0.8416212335729143;  // 80 %
constexpr double most_modes = 10;
constexpr std::size_t most_frames_of_a_bound = 1000;

// Modes whose contrast sum w^2/(sum w)^2 is exactly c: K equal ones and a smaller one. Below 1/10 a flat background
// takes the rest: (1-b)^2/10.
std::string speckle_of(double contrast) {
    const double whole = 1 / contrast;
    if (std::abs(whole - std::round(whole)) < 1e-9 * whole && whole <= most_modes)
        return fmt::format("modes = {:.0f}\n", std::round(whole));
    if (whole > most_modes)
        return fmt::format("modes = {:.0f}\nbackground = {}\n", most_modes,
                           pipeline::toml_number(1 - std::sqrt(most_modes * contrast)));
    const double k = std::floor(whole);
    // (k + w^2) = c (k + w)^2, the root between 0 and 1.
    const double a = 1 - contrast;
    const double b = contrast * k;
    const double w = (b - std::sqrt(std::max(0.0, b * b - a * (k - contrast * k * k)))) / a;
    std::vector<std::string> weights(static_cast<std::size_t>(k), "1.0");
    weights.push_back(pipeline::toml_number(std::clamp(w, 1e-12, 1.0)));
    return fmt::format("mode_weights = [{}]\n", fmt::join(weights, ", "));
}

std::string text_of(const Experiment& e, const PlanSize& size, const PlanOptions& o) {
    const auto time = [](double seconds) { return pipeline::toml_text(with_unit(seconds, Dimension::time)); };
    std::string text = fmt::format(
        "[study]\ntitle = {}\nseed = {}\nreplicates = {}\nconfirmatory = []\n\n[source.speckle]\nkind = \"speckle\"\n"
        "tau = {}\nbeta = {}\nmean_count = {}\nframes = {}\nframe_time = {}\nrows = {}\ncolumns = {}\n",
        pipeline::toml_text("Plan: " + e.title), o.seed, o.replicates, time(e.tau), pipeline::toml_number(e.beta),
        pipeline::toml_number(size.mean_count), size.frames, time(size.frame_time), size.rows, size.columns);
    text += speckle_of(e.contrast);
    if (e.drift > 0)
        text += fmt::format("translation_velocity = {}\nbeam_radius = {}\n",
                            pipeline::toml_text(with_unit(e.drift, Dimension::velocity)),
                            pipeline::toml_text(fmt::format("{} um", e.beam_size / 2)));
    constexpr auto quick = "\"source.speckle.analysis.heterogeneity\" = false\n";
    for (const double factor : taus)
        text += fmt::format("\n[[cells]]\n\"source.speckle.tau\" = {}\n{}", time(factor * e.tau),
                            factor == taus[expected] ? "" : quick);
    const double middle = 0.5 * static_cast<double>(size.frames) * size.frame_time;
    for (const double fraction : fractions)
        text += fmt::format(
            "\n[[cells]]\n\"source.speckle.event_times\" = [{}]\n"
            "\"source.speckle.event_fraction\" = {}\n",
            time(middle), pipeline::toml_number(fraction));
    text += "\n[judge.event_search_p]\nthreshold = 0.05\nrejections = [0.0, 0.1]\n";
    for (const char* quantity : {"tau", "beta", "contrast", "heterogeneity_width"})
        text += fmt::format("\n[judge.{}]\nbias = \"5 %\"\n", quantity);
    return text;
}

struct Column {
    std::size_t attempted = 0;
    std::string unit;
    Replicates good;
};

// Of one quantity in one cell: replicates whose estimate is ok.
Column column_of(const Outcomes& outcomes, std::uint32_t cell, const std::string& quantity, double truth) {
    Column c;
    for (const auto& r : outcomes.replicates) {
        if (r.cell != cell) continue;
        ++c.attempted;
        for (const auto& row : r.rows) {
            const Estimand& e = outcomes.estimands[row.estimand];
            if (e.quantity != quantity) continue;
            c.unit = e.unit;
            if (row.status == Status::ok && std::isfinite(row.estimate)) {
                c.good.estimate.push_back(row.estimate);
                c.good.standard_error.push_back(row.standard_error);
                c.good.lower.push_back(row.lower);
                c.good.upper.push_back(row.upper);
                if (std::isfinite(truth)) c.good.truth.push_back(truth);
            }
            break;  // one row a replicate
        }
    }
    return c;
}

Measure scaled(const std::vector<Measure>& all, const char* name, double factor = 1) {
    for (Measure m : all) {
        if (m.name != name) continue;
        m.value *= factor;
        m.mcse *= factor;
        m.lower *= factor;
        m.upper *= factor;
        return m;
    }
    return {};
}

std::vector<Bound> bounds_of(const Experiment& e, const PlanSize& size) {
    const auto none = [](const char* why) { return std::vector<Bound>{{"tau", not_a_number, BoundKind::none, why}}; };
    if (std::max(e.grain_radial, e.grain_transverse) > 1) return none("neighbouring pixels share speckles");
    if (e.drift > 0) return none("the drift is no part of the model");
    if (size.frames > most_frames_of_a_bound) return none("too many frames");
    SpeckleRun run;
    run.tau = e.tau;
    run.beta = e.beta;
    run.frame_time = size.frame_time;
    run.frames = size.frames;
    run.pixels = e.pixels / size.cut;
    run.modes = 1 / e.contrast;
    try {
        auto low = low_count_bounds(run, size.binned_count);
        return !low.empty() && low.front().kind != BoundKind::none ? low : photon_bounds(run, size.binned_count);
    } catch (const InputError&) {
        return none("beyond double precision");
    }
}

ForecastAtTau forecast(const Outcomes& outcomes, std::uint32_t cell, const Experiment& e, const PlanSize& size,
                       double tau) {
    ForecastAtTau at;
    at.tau = tau;
    const std::array truths{tau, e.beta, e.contrast};
    for (std::size_t i = 0; i < judged.size(); ++i) {
        const Column c = column_of(outcomes, cell, judged[i], truths[i]);
        Forecast f{judged[i], c.unit, truths[i], c.attempted, c.attempted - c.good.estimate.size(), {}, {}, {}, {}, {}};
        const auto measures = c.good.estimate.size() < 2 ? std::vector<Measure>{} : performance(c.good);
        f.bias = scaled(measures, "bias");
        f.spread = scaled(measures, "empirical_se", size.fit_factor);
        f.reported = scaled(measures, "model_se", size.fit_factor);
        f.coverage = scaled(measures, "coverage");
        at.quantities.push_back(std::move(f));
    }
    return at;
}

EventForecast event_forecast(const Outcomes& outcomes, std::uint32_t cell, double fraction) {
    const Column c = column_of(outcomes, cell, "event_search_p", not_a_number);
    const auto& p = c.good.estimate;
    const auto seen = std::count_if(p.begin(), p.end(), [](double value) { return value < 0.05; });
    return {fraction, share("seen", static_cast<std::size_t>(seen), c.attempted), c.attempted - p.size()};
}

HeterogeneityForecast heterogeneity_of(const Outcomes& outcomes, const PlanSize& size) {
    HeterogeneityForecast h;
    const Column c = column_of(outcomes, expected, "heterogeneity_width", 0);
    h.without = c.attempted - c.good.estimate.size();
    if (c.good.estimate.size() < 2) return h;
    const auto measures = performance(c.good);
    h.floor = scaled(measures, "mean", size.entry_factor);
    h.spread = scaled(measures, "empirical_se", size.entry_factor * std::sqrt(size.cut));
    h.excess = (z_one_sided + z_power) * h.spread.value;
    h.smallest = std::sqrt(std::pow(h.floor.value + h.excess, 2) - std::pow(h.floor.value, 2));
    return h;
}

}  // namespace

double relative_change(double relative_spread) { return (z_two_sided + z_power) * std::sqrt(2.0) * relative_spread; }

Study plan_study(const Experiment& e, const PlanSize& size, const PlanOptions& options) {
    return study_from_text(text_of(e, size, options), e.title.empty() ? "experiment" : e.title);
}

Plan make_plan(const Experiment& e, const PlanOptions& options) {
    if (options.replicates < 10) throw InputError("--replicates: at least 10");
    Plan plan{e, plan_size(e), options, "", {}, {}, {}};
    const Study study = plan_study(e, plan.size, options);
    plan.study = study.input;
    const StudyWork one = work_of(study);
    const std::string what = fmt::format("plan '{}' with {} replicates", e.title, options.replicates);
    expect_work(one.seconds * static_cast<double>(options.replicates), what);
    expect_memory(one.bytes, what);
    const TemporaryFolder scratch("plan");
    const Ranks ranks;
    const Outcomes outcomes = run_study(study, scratch.path(), {}, ranks, {options.threads, options.quiet, {}});
    for (std::uint32_t i = 0; i < taus.size(); ++i) {
        plan.forecasts.push_back(forecast(outcomes, i, e, plan.size, taus[i] * e.tau));
        plan.forecasts.back().expected = i == expected;
    }
    auto& base = plan.forecasts[expected];
    for (auto& bound : bounds_of(e, plan.size))
        for (auto& f : base.quantities)
            if (f.quantity == bound.quantity) f.bound = bound;
    plan.events.push_back(event_forecast(outcomes, expected, 0));
    for (std::uint32_t i = 0; i < fractions.size(); ++i)
        plan.events.push_back(event_forecast(outcomes, static_cast<std::uint32_t>(taus.size()) + i, fractions[i]));
    plan.heterogeneity = heterogeneity_of(outcomes, plan.size);
    const Measure& spread = base.quantities.front().spread;
    plan.tau_change = relative_change(spread.value / e.tau);
    plan.tau_change_lower = relative_change(spread.lower / e.tau);
    plan.tau_change_upper = relative_change(spread.upper / e.tau);
    return plan;
}

}  // namespace vitrum::validation
