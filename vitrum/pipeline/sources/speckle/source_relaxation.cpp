// Speckle whose g1 is an exact relaxation function: <exp(-t/tau)> over a spectrum of wells, or the share of regions
// in which no renewal event has happened. Every region has a process of its own, so g1 is not random.
#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include <boost/math/tools/toms748_solve.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/model/landscape/spectrum.hpp"
#include "vitrum/model/relaxation/kww.hpp"
#include "vitrum/model/relaxation/renewal.hpp"
#include "vitrum/pipeline/sources/speckle/beam_trace.hpp"
#include "vitrum/pipeline/sources/speckle/landscape_keys.hpp"
#include "vitrum/pipeline/sources/speckle/landscape_sources.hpp"
#include "vitrum/pipeline/sources/speckle/speckle_keys.hpp"

namespace vitrum::pipeline {

namespace {

// Factors of a matrix of all pairs of frames are made for each realisation.
constexpr std::size_t most_frames = 2000;

struct Relaxation {
    std::variant<model::RelaxationSpectrum, model::Renewal> law;
    std::string called;
    model::SpeckleOptions speckle;

    [[nodiscard]] double g1(double time) const {
        if (const auto* spectrum = std::get_if<model::RelaxationSpectrum>(&law)) return spectrum->relaxation(time);
        return std::get<model::Renewal>(law).unbroken(time);
    }
    // Integral of g1 over all times [s]; infinite where it has no end.
    [[nodiscard]] double mean_time() const {
        if (const auto* spectrum = std::get_if<model::RelaxationSpectrum>(&law)) return spectrum->moment(1);
        const auto& renewal = std::get<model::Renewal>(law);
        return renewal.mean_wait * (1 + 1 / renewal.shape) / 2;
    }
    // Where it is a KWW decay: rates of a one-sided stable law, and events of a Poisson process.
    [[nodiscard]] std::optional<model::Kww> kww() const {
        if (const auto* renewal = std::get_if<model::Renewal>(&law)) {
            if (renewal->shape == 1) return model::Kww{renewal->mean_wait, 1};
            return {};
        }
        const auto* stable = std::get_if<model::StableRates>(&std::get<model::RelaxationSpectrum>(law).spectrum);
        if (stable) return model::Kww{stable->tau, stable->beta};
        return {};
    }
    // Lag at which g1 = 1/e [s]; none below 1e30 s.
    [[nodiscard]] std::optional<double> time_to_1_e() const {
        constexpr double level = 0.36787944117144233;
        double high = speckle.frame_time;
        while (g1(high) > level)
            if ((high *= 2) > 1e30) return {};
        double low = high;
        while (g1(low) < level)
            if ((low /= 2) < 1e-30) return {};
        if (low == high) return low;
        std::uintmax_t steps = 200;
        const auto root = boost::math::tools::toms748_solve([&](double t) { return g1(t) - level; }, low, high,
                                                            boost::math::tools::eps_tolerance<double>(40), steps);
        return (root.first + root.second) / 2;
    }
};

Relaxation read_law(Section& section) {
    Relaxation r;
    r.called = section.choice("relaxation", {"exponential", "box", "gaussian", "gamma", "stable", "renewal"}, "box");
    if (r.called == "renewal") {
        model::Renewal renewal;
        renewal.shape = section.number("shape", renewal.shape);
        renewal.mean_wait = section.quantity("mean_wait", Dimension::time, renewal.mean_wait);
        section.guard([&] { model::check(renewal); });
        r.law = renewal;
        return r;
    }
    model::RelaxationSpectrum spectrum;
    if (r.called == "gamma") {
        model::GammaRates rates;
        rates.shape = section.number("shape", rates.shape);
        rates.time = section.quantity("rate_time", Dimension::time, rates.time);
        spectrum.spectrum = rates;
    } else if (r.called == "stable") {
        model::StableRates rates;
        rates.tau = section.quantity("tau", Dimension::time, rates.tau);
        rates.beta = section.number("beta", rates.beta);
        spectrum.spectrum = rates;
    } else {
        std::visit([&](const auto& barriers) { spectrum.spectrum = barriers; }, read_barriers(section, r.called));
        spectrum.temperature = section.quantity("temperature", Dimension::temperature, spectrum.temperature);
        const double attempts = section.quantity("attempt_rate", Dimension::frequency, 1 / (2 * spectrum.tau_00));
        if (!(attempts > 0)) section.fail("attempt_rate", "is not positive");
        spectrum.tau_00 = 1 / (2 * attempts);
    }
    section.guard([&] { model::check(spectrum); });
    r.law = spectrum;
    return r;
}

// g1 between all pairs of frames. A relaxation that is a mixture of exponentials, or falls convex to 0 (Polya), has a
// Gaussian field; what has none is refused with its smallest eigenvalue.
std::shared_ptr<const model::StoredKernel> kernel_of(const Relaxation& r) {
    const auto frames = static_cast<Eigen::Index>(r.speckle.frames);
    Eigen::VectorXd of_lag(frames);
    for (Eigen::Index lag = 0; lag < frames; ++lag)
        of_lag[lag] = lag == 0 ? 1 : r.g1(static_cast<double>(lag) * r.speckle.frame_time);
    Eigen::MatrixXd g1(frames, frames);
    for (Eigen::Index j = 0; j < frames; ++j)
        for (Eigen::Index i = 0; i < frames; ++i) g1(i, j) = of_lag[std::abs(i - j)];
    auto stored = model::stored_kernel(std::move(g1), fmt::format("relaxation = \"{}\"", r.called));
    stored.start = r.speckle.scan_start;
    stored.frame_time = r.speckle.frame_time;
    return std::make_shared<const model::StoredKernel>(std::move(stored));
}

// What holds of every realisation, beside what the speckle's own truth says.
void add_truth(const Relaxation& r, std::optional<double> time_to_1_e, GroundTruth& truth) {
    const auto& o = r.speckle;
    if (time_to_1_e) truth.add("tau_apparent", {}, *time_to_1_e, Origin::closed_form, "g1 = 1/e there");
    if (const double mean = r.mean_time(); std::isfinite(mean))
        truth.add("mean_relaxation_time", {}, mean, Origin::closed_form);
    if (!o.detector.perfect() || o.pattern.any() || o.dynamics.static_fraction > 0) return;
    truth.add("contrast", {}, 1.0 / o.modes, Origin::closed_form);
    truth.add("baseline", {}, 1, Origin::closed_form);
    // The other laws have no tau and no beta.
    if (const auto kww = r.kww()) {
        truth.add("tau", {}, kww->tau, Origin::closed_form);
        truth.add("rate", {}, 1 / kww->tau, Origin::closed_form);
        truth.add("beta", {}, kww->beta, Origin::closed_form);
    }
}

std::string what_relaxes(const Relaxation& r) {
    if (std::holds_alternative<model::Renewal>(r.law)) {
        const auto& renewal = std::get<model::Renewal>(r.law);
        return fmt::format("regions that renew at gamma({:g}) times of mean {:g} s", renewal.shape, renewal.mean_wait);
    }
    return fmt::format("double wells with a spectrum \"{}\"", r.called);
}

}  // namespace

SourcePlan read_relaxation_speckle(Section& section, const std::string& name) {
    Relaxation r = read_law(section);
    r.speckle = read_detector_and_field(section);
    auto& o = r.speckle;
    if (o.frames > most_frames)
        section.fail("frames", fmt::format("is {}; at most {} with a relaxation function", o.frames, most_frames));
    o.dynamics.clock = model::standing_clock();
    o.dynamics.static_fraction = section.number("static_fraction", 0.0);
    o.relaxation.beta = o.dynamics.beta = 1;
    const auto time_to_1_e = r.time_to_1_e();
    section.guard([&] {
        o.dynamics.stored = kernel_of(r);
        model::check(o);
    });
    Unit unit;
    unit.name = name;
    unit.title = fmt::format("Speckle of {}", what_relaxes(r));
    const std::string note =
        fmt::format("g1(t) is that of {}, each by itself: exact at every lag{}.", what_relaxes(r),
                    time_to_1_e ? fmt::format("; it falls to 1/e at {:.4g} s", *time_to_1_e) : std::string());
    const auto dress = [r, time_to_1_e, note, name, title = unit.title](Labelled<SpeckleSeries> made,
                                                                        const StreamKey& key) {
        Labelled<DataSet> set;
        set.data.name = name;
        set.data.source = "relaxation_speckle";
        set.data.title = title;
        set.data.data = std::move(made.data);
        set.data.traces = beam_trace(r.speckle, key);
        set.data.notes = {note};
        for (auto& more : speckle_notes(r.speckle)) set.data.notes.push_back(std::move(more));
        set.truth = std::move(made.truth);
        add_truth(r, time_to_1_e, set.truth);
        return set;
    };
    make_speckle(unit, o, dress);
    SourcePlan plan;
    plan.units.push_back(std::move(unit));
    plan.statements.push_back(fmt::format(
        "Source '{}': g1 is the relaxation function of {}. tau and beta are truths only where it is a KWW decay.", name,
        what_relaxes(r)));
    return plan;
}

}  // namespace vitrum::pipeline
