// Events and motion of the speckle pattern.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/heterogeneity/events.hpp"
#include "vitrum/analysis/heterogeneity/short_lags.hpp"
#include "vitrum/analysis/heterogeneity/stationarity.hpp"
#include "vitrum/analysis/speckle/pattern_shift.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/correlation_rows.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

namespace {

// The static part given, else that of the fit of g2.
analysis::EventOptions with_static_part(const analysis::EventOptions& o, const std::vector<Estimate>& rows,
                                        std::optional<double> given) {
    const auto find = [&](const char* what) {
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const Estimate& e) { return e.quantity == what; });
        return row == rows.end() || row->status != Status::ok ? Estimate{} : *row;
    };
    const Estimate contrast = find("contrast");
    const Estimate baseline = find("baseline");
    if (!given) return analysis::with_static_part(o, contrast.value, baseline.value, baseline.standard_error);
    analysis::EventOptions out = o;
    out.static_fraction = *given;
    out.contrast = contrast.value + baseline.value - o.baseline;
    return out;
}

}  // namespace

Estimator read_events(Section& options, DataKind) {
    const auto chain = read_chain(options);
    analysis::EventOptions o;
    o.false_alarm = options.number("false_alarm", o.false_alarm);
    if (!(o.false_alarm > 0 && o.false_alarm <= 0.5))
        options.fail("false_alarm", fmt::format("is {}; a rate per map between 0 and 0.5", o.false_alarm));
    const auto baseline = options.optional_number("event_baseline");
    o.baseline = baseline.value_or(o.baseline);
    auto still = options.optional_number("event_static");
    if (still && !(*still >= 0 && *still < 1))
        options.fail("event_static", fmt::format("is {}; a part of g1 from 0 to less than 1", *still));
    // Who gives the baseline says that what lies below it is no speckle of the sample.
    if (baseline && !still) still = 0;
    const auto wanted = read_lag(options, "tau");
    return each_region(chain, [=](const Data& data, const analysis::ChainResult& result, Findings& out) {
        const double tau = tau_in_frames(wanted, result);
        if (!(tau > 0)) {
            append(out, {make_estimate("event_count", {}, not_a_number, not_a_number, 1, Status::no_data,
                                       "no clean tau; give --set tau=FRAMES")});
            return;
        }
        const auto here = with_static_part(o, result.estimates, still);
        const auto lags = analysis::short_lags(tau, result.frames);
        const auto* series = std::get_if<SpeckleSeries>(&data);
        const auto traces = series
                                ? analysis::group_traces(*series, analysis::active_pixels(*series, result.region), lags)
                                : analysis::map_traces(result.map, lags);
        append(out, analysis::stationarity(traces));
        append(out, analysis::event_rows(analysis::find_events(traces, here), here, result.map.frame_time,
                                         result.map.time_unit));
    });
}

Estimator read_pattern_shift(Section& options, DataKind) {
    analysis::ShiftOptions o;
    const auto window = options.integer("window", 0);
    const auto tiles = options.integer("tiles", 4);
    if (window < 0) options.fail("window", fmt::format("is {}; a number of frames", window));
    if (tiles < 2) options.fail("tiles", fmt::format("is {}; at least 2 along each side", tiles));
    o.window = static_cast<std::size_t>(window);
    o.tiles = static_cast<std::size_t>(tiles);
    if (const auto row = options.optional_number("centre_row")) o.centre_row = *row;
    if (const auto column = options.optional_number("centre_column")) o.centre_column = *column;
    return on<SpeckleSeries>([o](const SpeckleSeries& series) {
        Findings out;
        out.frames = series.frames;
        out.estimates = analysis::pattern_shift(series, o);
        return out;
    });
}

}  // namespace vitrum::pipeline
