#include "vitrum/pipeline/truth/atoms_beside_speckle.hpp"

#include <cmath>
#include <limits>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "vitrum/analysis/dynamics/window_correlation.hpp"
#include "vitrum/analysis/heterogeneity/chi4.hpp"
#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/model/scattering/departure.hpp"

namespace vitrum::pipeline {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

Estimate paired(const char* quantity, const model::PairedMean& mean) {
    return make_estimate(quantity, {}, mean.value, mean.error, infinite,
                         std::isfinite(mean.value) ? Status::ok : Status::no_data,
                         "paired: jackknife over groups of wavevectors of both sides");
}

// First lag [frames] at which |F|^2 has fallen to exp(-2); 0 if it never does.
std::size_t decay_lag(const Curve& reference) {
    for (std::size_t l = 0; l < reference.size(); ++l)
        if (reference.y[l] - 1 < std::exp(-2.0)) return l + 1;
    return 0;
}

void add_heterogeneity(const AtomsBehind& atoms, const SpeckleSeries& series, std::size_t lag, Findings& out) {
    analysis::WindowCorrelationOptions o;
    o.lag = lag;
    o.wavevectors = atoms.wavevectors;
    o.weight = atoms.weight;
    auto windows = analysis::window_correlation(atoms.trajectory, o);
    double width = not_a_number;
    // The lag differs from run to run: it is part of what was measured, not a place at which runs are compared.
    const auto record = [&](Estimate e) {
        e.abscissa.clear();
        e.note += fmt::format("; at a lag of {:.3g} ps, where |F|^2 = exp(-2)",
                              static_cast<double>(lag) * series.frame_time * 1e12);
        out.estimates.push_back(std::move(e));
    };
    for (Estimate& e : windows.estimates) {
        if (e.quantity == "self_correlation_width" && e.status == Status::ok) width = e.value;
        record(std::move(e));
    }
    out.curves.push_back(std::move(windows.trace));
    analysis::Chi4Options chi4;
    chi4.lag = lag;
    for (Estimate& e : analysis::chi4(series, chi4)) record(std::move(e));

    const double rho = atoms.reference.g2.y[lag - 1] - 1;
    const double entry = MapEntry{1, 1, atoms.mean_count}.variance(rho);
    const double independent = static_cast<double>(series.frames - lag) / static_cast<double>(lag);
    Curve needed = make_curve("wavevectors_needed", "Delta C / contrast", "", "N_q", "");
    constexpr int points = 25;
    for (int i = 0; i < points; ++i) {
        const double x = 0.02 * std::pow(50.0, i / (points - 1.0));
        needed.x.push_back(x);
        needed.y.push_back(analysis::wavevectors_needed(x, entry, independent, 1));
    }
    out.curves.push_back(std::move(needed));
    if (!std::isfinite(width)) return;
    const double number = analysis::wavevectors_needed(width, entry, independent, 1);
    out.estimates.push_back(make_estimate(
        "wavevectors_needed", {}, number, not_a_number, infinite, std::isfinite(number) ? Status::ok : Status::no_data,
        fmt::format("for a Delta C/contrast of {:.3f}, that of the atoms, at a lag of {:.3g} ps, {} photons per "
                    "wavevector and frame, {:.0f} independent windows; this run has {}",
                    width, static_cast<double>(lag) * series.frame_time * 1e12, atoms.mean_count, independent,
                    series.columns)));
}

}  // namespace

Findings atoms_beside_speckle(const AtomsBehind& atoms, const SpeckleSeries& series) {
    Findings out;
    auto counted = model::departure(atoms.reference, series.counts, series.frames);
    counted.curve.name = "speckle_departure";
    auto intensity = model::departure(atoms.reference, atoms.intensity, series.frames);
    intensity.curve.name = "speckle_departure_no_photons";
    out.estimates.push_back(paired("speckle_departure", counted.mean));
    out.estimates.push_back(paired("speckle_departure_no_photons", intensity.mean));
    out.estimates.push_back(
        paired("intensity_variance", model::intensity_variance(atoms.reference, atoms.intensity, series.frames)));
    out.curves.push_back(std::move(counted.curve));
    out.curves.push_back(std::move(intensity.curve));
    if (const std::size_t lag = decay_lag(atoms.reference.g2); lag > 0)
        add_heterogeneity(atoms, series, lag, out);
    else
        out.notes.emplace_back(
            "The atoms' own correlation does not fall to 1/e within half the run: their heterogeneity is not given.");
    return out;
}

}  // namespace vitrum::pipeline
