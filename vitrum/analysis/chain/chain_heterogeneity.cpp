#include "vitrum/analysis/chain/chain_heterogeneity.hpp"

#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/heterogeneity/events.hpp"
#include "vitrum/analysis/heterogeneity/short_lags.hpp"
#include "vitrum/analysis/heterogeneity/stationarity.hpp"
#include "vitrum/analysis/speckle/photon_statistics.hpp"

namespace vitrum::analysis {

namespace {

Curve trace_curve(const GroupTraces& traces, double noise, const SpeckleSeries& series) {
    Curve curve;
    curve.name = "correlation_trace";
    curve.x_name = "time";
    curve.x_unit = series.time_unit;
    curve.y_name = "correlation";
    for (std::size_t t = 0; t < traces.whole[0].size(); ++t) {
        curve.x.push_back(static_cast<double>(t) * series.frame_time);
        curve.y.push_back(traces.whole[0][t]);
        curve.y_error.push_back(std::sqrt(noise));
    }
    curve.error_method = fmt::format("noise of one value from {} groups of pixels", traces.groups);
    return curve;
}

}  // namespace

bool gives_a_lag(const KwwFit& fit) { return fit.status == Status::ok || fit.status == Status::law_rejected; }

Estimate at_lag_of(const KwwFit& fit, Estimate row) {
    if (fit.status != Status::law_rejected || row.status != Status::ok) return row;
    const bool by_law = row.quantity.starts_with("relative_") || row.quantity == "heterogeneity_floor";
    const bool at_tau = row.quantity.starts_with("heterogeneity_");
    if (by_law) row.status = Status::law_rejected;
    if (by_law || at_tau) row.note += "; at the tau of a KWW fit whose law is rejected";
    return row;
}

std::vector<Estimate> changes_along_run(const GroupTraces& traces, const KwwFit& fit, double frame_time,
                                        const std::string& time_unit) {
    auto rows = stationarity(traces);
    const EventOptions options = with_static_part({}, fit.contrast, fit.baseline, std::sqrt(fit.covariance(3, 3)));
    for (auto& row : event_rows(find_events(traces, options), options, frame_time, time_unit))
        rows.push_back(std::move(row));
    return rows;
}

HeterogeneityRows heterogeneity_of_frames(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels,
                                          const KwwFit& fit, NoiseSource source) {
    HeterogeneityRows out;
    if (!gives_a_lag(fit) || pixels.size() < 8) return out;
    const double rounded = std::round(fit.tau / series.frame_time);
    if (!(rounded >= 1) || rounded + 20 > static_cast<double>(series.frames)) return out;
    const auto lag = static_cast<std::size_t>(rounded);
    const GroupTraces traces = group_traces(series, pixels, {lag});
    NoisyTrace trace = noisy_trace(traces, 0);
    if (trace.value.size() < 20) return out;

    const PhotonStatistics photons = photon_statistics(series, pixels);
    EntryNoise entry;
    entry.pixels = photons.pixels;
    entry.modes = 1 / (photons.contrast > 0 ? photons.contrast : fit.contrast);
    entry.mean = photons.mean;
    entry.tau = fit.tau / series.frame_time;
    entry.beta = std::min(fit.beta, 2.0);
    const double split = trace.noise;
    const bool formula = source == NoiseSource::formula;
    const HomogeneousWidth floor =
        homogeneous_width(entry, lag, trace.value.size(), 0.9, formula ? std::nullopt : std::optional<double>(split));
    if (formula) {
        trace.share.clear();
        trace.noise = floor.noise;
    }
    const double by_formula = in_run_variance(entry_covariance(entry, lag, trace.value.size()), trace.value.size());
    out.trace = trace_curve(traces, trace.noise, series);
    out.estimates =
        corrected_heterogeneity(trace, {.contrast = fit.contrast, .contrast_error = std::sqrt(fit.covariance(0, 0))});
    out.estimates.push_back(floor_row(
        floor,
        fmt::format("200 Gaussian runs, tau/T = {:.3g}, N = {:.0f}, mu = {:.4g}, contrast {:.4g}; noise variance "
                    "{:.4g} by groups of pixels, {:.4g} by formula, the former used",
                    entry.tau / static_cast<double>(series.frames), entry.pixels, entry.mean, 1 / entry.modes, split,
                    by_formula)));
    if (formula) {
        auto& note = out.estimates.back().note;
        note.replace(note.rfind("former"), 6, "latter");
    }
    const auto changes = changes_along_run(group_traces(series, pixels, short_lags(entry.tau, series.frames)), fit,
                                           series.frame_time, series.time_unit);
    out.estimates.insert(out.estimates.end(), changes.begin(), changes.end());
    return out;
}

}  // namespace vitrum::analysis
