#include "vitrum/pipeline/truth/join.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "vitrum/pipeline/truth/shift_truth.hpp"

namespace vitrum::pipeline {

namespace {

const Curve* curve_named(const Findings& found, std::string_view name) {
    const auto at =
        std::find_if(found.curves.begin(), found.curves.end(), [&](const Curve& c) { return c.name == name; });
    return at == found.curves.end() ? nullptr : &*at;
}

// A reference curve from the same atoms, fitted like the data (same lags, same weights), is the reference of tau,
// beta and contrast: what this estimator would give without photon noise and without the finite set of wavevectors.
void add_reference_parameters(const Findings& found, const Estimator& run, GroundTruth& truth) {
    const Curve* reference = truth.curve("g2");
    const Curve* g2 = curve_named(found, "g2");
    if (!reference || !g2 || truth.origin_of(*reference) != Origin::reference || truth.find("tau", {})) return;
    Curve curve = *reference;
    curve.y_error.clear();
    if (curve.size() <= g2->size()) {
        const auto size = static_cast<std::ptrdiff_t>(curve.size());
        curve.weight.assign(g2->weight.begin(), g2->weight.begin() + size);
        curve.scatter.assign(g2->scatter.begin(), g2->scatter.begin() + size);
    }
    const auto fitted = run(Data(std::move(curve)), {});
    const auto& rows = fitted.front().estimates;
    const auto value = [&](std::string_view what) {
        const auto at = std::find_if(rows.begin(), rows.end(), [&](const Estimate& e) { return e.quantity == what; });
        return at == rows.end() || at->status != Status::ok ? not_a_number : at->value;
    };
    const double tau = value("tau");
    if (!std::isfinite(tau)) return;
    const std::string note = "the reference curve of the same atoms, fitted alike";
    truth.add("tau", {}, tau, Origin::reference, note);
    truth.add("rate", {}, 1 / tau, Origin::reference, note);
    for (const char* what : {"beta", "contrast", "baseline"}) truth.add(what, {}, value(what), Origin::reference, note);
}

double frame_time_of(const Findings& found) {
    for (const auto& [name, data] : found.data)
        if (const auto* map = std::get_if<TwoTimeMap>(&data)) return map->frame_time;
    return 1;
}

}  // namespace

GroundTruth join_truth(Findings& found, const GroundTruth& whole, const Estimator& run, std::size_t shift_window) {
    const Coordinate* region = found.part.find("region");
    GroundTruth truth = region ? whole.of_region(region->index) : whole;
    add_reference_parameters(found, run, truth);
    add_shift_truth(found.estimates, shift_window, found.frames, truth);
    match_events(found.estimates, truth, 1.5 * frame_time_of(found));
    return truth;
}

void match_events(std::vector<Estimate>& estimates, const GroundTruth& truth, double tolerance) {
    std::map<std::int64_t, std::int64_t> number;  // as found -> as in the truth
    std::int64_t next = 0;
    for (const auto& row : truth.rows) {
        if (row.quantity != "event_time" || row.abscissa.empty()) continue;
        next = std::max(next, row.abscissa.back().index + 1);
        const Estimate* best = nullptr;
        for (const auto& e : estimates) {
            if (e.quantity != "event_time" || number.count(e.abscissa.back().index) > 0) continue;
            const double far = std::abs(e.value - row.value);
            const double allowed = std::max(tolerance, std::isfinite(e.standard_error) ? 4 * e.standard_error : 0.0);
            if (far <= allowed && (!best || far < std::abs(best->value - row.value))) best = &e;
        }
        if (best) number[best->abscissa.back().index] = row.abscissa.back().index;
    }
    if (next == 0) return;
    for (auto& e : estimates) {
        if (e.abscissa.empty() || e.abscissa.back().name != "event") continue;
        auto& index = e.abscissa.back().index;
        if (number.count(index) == 0) number[index] = next++;
        index = number[index];
    }
}

}  // namespace vitrum::pipeline
