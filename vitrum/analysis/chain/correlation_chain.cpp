#include "vitrum/analysis/chain/correlation_chain.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "vitrum/analysis/chain/chain_heterogeneity.hpp"
#include "vitrum/analysis/correlation/errors/g2_formula.hpp"
#include "vitrum/analysis/correlation/errors/leave_out.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/heterogeneity/chi4.hpp"
#include "vitrum/analysis/heterogeneity/heterogeneity_width.hpp"
#include "vitrum/analysis/heterogeneity/short_lags.hpp"
#include "vitrum/analysis/relaxation/ageing_law.hpp"
#include "vitrum/analysis/speckle/pattern_shift.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/option_text.hpp"

namespace vitrum::analysis {

namespace {

Curve fitted_curve(const Curve& g2, const KwwFit& fit) {
    Curve curve;
    if (!std::isfinite(fit.tau)) return curve;
    curve.name = "fit";
    curve.x_name = g2.x_name;
    curve.x_unit = g2.x_unit;
    curve.y_name = "g2";
    for (const double lag : g2.x)
        if (lag >= fit.first_lag && lag <= fit.last_lag) {
            curve.x.push_back(lag);
            curve.y.push_back(fit(lag));
        }
    return curve;
}

// `along`: C(t, t + lag), where the map is not held.
KwwFit finish(ChainResult& result, const ChainOptions& options,
              const std::function<std::vector<double>(std::size_t)>& along = {}) {
    const KwwFit fit = fit_kww(result.g2, kww_options(options, result.map));
    result.fit = fitted_curve(result.g2, fit);
    result.estimates = estimates_of(fit, result.map.time_unit);
    if (!options.heterogeneity) return fit;
    HeterogeneityOptions heterogeneity;
    // Without a trustworthy tau there is no lag to take Delta C at; for that a rejected law still serves.
    if (gives_a_lag(fit)) {
        heterogeneity.tau = fit.tau;
        heterogeneity.contrast = fit.contrast;
        heterogeneity.contrast_error = std::sqrt(fit.covariance(0, 0));
    }
    for (auto& row : along ? heterogeneity_width(result.frames, result.map.frame_time, heterogeneity, along)
                           : heterogeneity_width(result.map, heterogeneity))
        result.estimates.push_back(at_lag_of(fit, std::move(row)));
    return fit;
}

// Noise of the law that the curve itself shows; false if it shows none.
bool add_formula(ChainResult& result, const ChainOptions& options, double mean) {
    const KwwOptions range = kww_options(options, result.map);
    const KwwFit fit = fit_kww(result.g2, range);
    if ((fit.status != Status::ok && fit.status != Status::decay_not_reached) || !(fit.contrast > 0)) return false;
    SpeckleNoise noise;
    noise.pixels = static_cast<double>(result.pixels);
    noise.modes = 1 / fit.contrast;
    noise.mean = mean;
    noise.g1 = [tau = fit.tau / result.map.frame_time, beta = fit.beta](std::size_t lag) {
        return std::exp(-std::pow(static_cast<double>(lag) / tau, beta));
    };
    const double longest = range.max_lag / result.map.frame_time + 0.5;
    const std::size_t lags =
        longest < static_cast<double>(result.g2.size()) ? static_cast<std::size_t>(longest) : result.g2.size();
    add_formula_errors(result.g2, result.frames, lags, noise);
    return true;
}

// Errors that the map alone gives.
void add_errors_in_time(ChainResult& result, const ChainOptions& options) {
    if (options.errors == G2Errors::bootstrap) {
        std::optional<std::size_t> block;
        if (options.block_length) {
            const double frames = std::round(options.block_length->in_unit_of(result.map) / result.map.frame_time);
            if (!(frames >= 1) || frames > static_cast<double>(result.frames) / 3)
                throw InputError(fmt::format("block_length: is {} frames; between 1 and {} for {} frames", frames,
                                             result.frames / 3, result.frames));
            block = static_cast<std::size_t>(frames);
        }
        add_block_bootstrap(result.g2, result.map, block);
    } else if (options.errors == G2Errors::independent) {
        add_independent_errors(result.g2);
    } else {
        add_frame_jackknife(result.g2, result.map);
    }
}

constexpr auto no_law = " (formula: the curve shows no law to take it from)";

void add_errors(ChainResult& result, const ChainOptions& options, const SpeckleSeries& series,
                const TwoTimeOptions& map_options, double mean) {
    if (options.errors == G2Errors::bootstrap || options.errors == G2Errors::frames ||
        options.errors == G2Errors::independent) {
        add_errors_in_time(result, options);
        return;
    }
    if (options.errors == G2Errors::formula && add_formula(result, options, mean)) return;
    if (options.normalisation == Normalisation::symmetric)
        add_pixel_jackknife(result.g2, series, result.map, map_options.region);
    else
        add_leave_out_jackknife(result.g2, series, map_options);
    if (options.errors == G2Errors::formula) result.g2.error_method += no_law;
}

// g2 with its errors from rows that pass by once.
void add_streamed_g2(ChainResult& result, const ChainOptions& options, const SpeckleSeries& series,
                     const MapStream& stream, double mean) {
    StreamOptions o;
    o.region = result.region;
    o.memory = stream.memory;
    o.row_bytes = stream.tile * series.frames * sizeof(double);
    o.diagonal = options.diagonal;
    o.errors = options.errors == G2Errors::automatic || options.errors == G2Errors::pixels;
    result.g2 = stream_two_time(series, o, stream.sink(result.region));
    if (options.errors == G2Errors::independent) add_independent_errors(result.g2);
    if (options.errors == G2Errors::formula && !add_formula(result, options, mean)) {
        o.errors = true;
        result.g2 = stream_two_time(series, o, {});
        result.g2.error_method += no_law;
    }
}

void name_what_is_covered(ChainResult& result, G2Errors errors) {
    if (result.g2.error_method.empty()) return;
    result.g2.error_method += fmt::format("; {}", covers(errors));
}

// A region of one pixel is normalised by itself: C is 1 whatever moves, which is no measurement.
void finish_one_pixel(ChainResult& result, const ChainOptions& options, const MapStream* stream) {
    const std::size_t n = result.frames;
    const TwoTimeMap& map = result.map;
    if (stream) {
        const auto sink = stream->sink(result.region);
        const std::vector<double> unknown(stream->tile * n, not_a_number);
        for (std::size_t first = 0; first < n; first += stream->tile)
            sink({first, std::min(stream->tile, n - first), n, unknown.data()});
    }
    Curve& g2 = result.g2;
    g2.name = g2.y_name = "g2";
    g2.x_name = "lag";
    g2.x_unit = map.time_unit;
    for (std::size_t lag = 1; lag < n; ++lag) g2.x.push_back(static_cast<double>(lag) * map.frame_time);
    g2.y.assign(n - 1, not_a_number);
    g2.weight.assign(n - 1, 0.0);
    g2.scatter.assign(n - 1, 0.0);
    g2.y_error.assign(n - 1, not_a_number);
    g2.error_method = "one pixel, normalised by itself: g2 would be 1 whatever moves";
    const KwwFit fit = fit_kww(g2, kww_options(options, map));
    result.estimates = estimates_of(fit, map.time_unit);
    for (auto& row : result.estimates) row.note = g2.error_method;
    result.notes.emplace_back("The region has one pixel in use, which C is normalised by: nothing is measured.");
}

// tau in windows of age, and the ageing law through them.
void add_ageing(ChainResult& result, const ChainOptions& options, const SpeckleSeries& series,
                const TwoTimeOptions& map_options) {
    AgeOptions ages;
    ages.ages = options.ages;
    ages.cut = options.cut;
    auto found = tau_by_age(g2_by_age(series, map_options, ages), kww_options(options, result.map));
    for (auto& row : found.rows) result.estimates.push_back(std::move(row));
    for (auto& row : ageing_law(found.tau, {.rejection_level = options.rejection_level}))
        result.estimates.push_back(std::move(row));
    result.tau_of_age = std::move(found.tau);
}

// A contrast that depends on the counts is not the contrast: the same name would compare it with another truth.
void name_normalisation(std::vector<Estimate>& estimates, Normalisation normalisation) {
    if (normalisation == Normalisation::symmetric) return;
    if (normalisation == Normalisation::pearson)
        std::erase_if(estimates, [](const Estimate& e) {
            return e.quantity != "tau" && e.quantity != "rate" && e.quantity != "beta";
        });
    for (auto& e : estimates) e.note += fmt::format("; normalisation {}", name(normalisation));
}

// A fit of the mean over a run whose dynamics change: tau and beta are not those of any moment, and a mixture of
// exponential times looks stretched.
void say_if_not_stationary(std::vector<Estimate>& estimates) {
    std::string why;
    for (const Estimate& e : estimates)
        if ((e.quantity == "stationarity_p" || e.quantity == "trend_p") && e.value < rejection_level)
            why += fmt::format("{}{} = {:.1e}", why.empty() ? "" : ", ", e.quantity, e.value);
    if (why.empty()) return;
    for (Estimate& e : estimates)
        if (e.abscissa.empty() && (e.quantity == "tau" || e.quantity == "rate" || e.quantity == "beta"))
            e.note += fmt::format("{}the run is not stationary ({}): a mean over it, of no moment's law",
                                  e.note.empty() ? "" : "; ", why);
}

}  // namespace

double Lag::in_unit_of(const TwoTimeMap& map) const {
    if (in_frames) return value * map.frame_time;
    if (map.time_unit == "frames")
        throw InputError(
            fmt::format("a lag of {} s was asked for, but the data have no frame time; give {} or the lag as a number "
                        "of frames",
                        value, option_text("frame_time", "SECONDS", "s")));
    return value;
}

std::string_view g2_quantity(const ChainOptions& options) {
    return options.errors == G2Errors::bootstrap || options.errors == G2Errors::frames ? "g2_population" : "g2";
}

KwwOptions kww_options(const ChainOptions& options, const TwoTimeMap& map) {
    KwwOptions kww;
    kww.min_lag = options.min_lag.in_unit_of(map);
    if (options.max_lag) kww.max_lag = options.max_lag->in_unit_of(map);
    kww.weights = options.weights;
    kww.baseline = options.baseline;
    kww.beta = options.beta;
    kww.profile = options.profile;
    kww.rejection_level = options.rejection_level;
    if (options.normalisation == Normalisation::pearson) kww.lowest_baseline = -1;
    return kww;
}

void expect_streamable(const ChainOptions& options) {
    if (options.errors == G2Errors::bootstrap || options.errors == G2Errors::frames)
        throw InputError(fmt::format("errors = {} needs the whole map; take pixels or formula", name(options.errors)));
    if (options.normalisation != Normalisation::symmetric)
        throw InputError(fmt::format("normalisation = {} needs the whole map; only symmetric is made row by row",
                                     name(options.normalisation)));
}

std::vector<ChainResult> correlate(const Data& data, const ChainOptions& options, const MapStream* stream) {
    std::vector<ChainResult> results;
    if (const auto* map = std::get_if<TwoTimeMap>(&data)) {
        ChainResult result;
        result.map = *map;
        result.frames = map->frames;
        result.g2 = g2_values(result.map);
        if (options.errors == G2Errors::pixels || options.errors == G2Errors::formula)
            throw InputError(
                fmt::format("errors = {}: a map has no pixels; take frames or bootstrap", name(options.errors)));
        if (options.shift_window > 0) throw InputError("shift_window: a map has no pixels, only frames show a shift");
        add_errors_in_time(result, options);
        name_what_is_covered(result, options.errors == G2Errors::automatic ? G2Errors::frames : options.errors);
        const KwwFit fit = finish(result, options);
        if (options.heterogeneity && gives_a_lag(fit) && fit.tau >= result.map.frame_time)
            for (auto& row :
                 changes_along_run(map_traces(result.map, short_lags(fit.tau / result.map.frame_time, result.frames)),
                                   fit, result.map.frame_time, result.map.time_unit))
                result.estimates.push_back(std::move(row));
        say_if_not_stationary(result.estimates);
        results.push_back(std::move(result));
        return results;
    }
    const auto& series = std::get<SpeckleSeries>(data);
    if (options.errors == G2Errors::formula && options.normalisation != Normalisation::symmetric)
        throw InputError(fmt::format("errors = formula holds for normalisation = symmetric, not {}; take pixels",
                                     name(options.normalisation)));
    if (stream) expect_streamable(options);
    if (options.shift_window > 0) check_shift(series, {.window = options.shift_window});
    const std::int32_t regions = region_count(series);
    for (std::int32_t region = regions > 0 ? 1 : 0; region <= regions; ++region) {
        check_interrupt();
        const auto pixels = active_pixels(series, region);
        if (regions > 0 && pixels.empty()) continue;  // regions may be numbered with gaps
        ChainResult result;
        result.region = region;
        TwoTimeOptions map_options;
        map_options.region = region;
        map_options.normalisation = options.normalisation;
        map_options.diagonal = options.diagonal;
        map_options.static_region = series.static_region;
        if (!stream) result.map = two_time(series, map_options);
        result.frames = result.map.frames = series.frames;
        result.map.frame_time = series.frame_time;
        result.map.time_unit = series.time_unit;
        result.map.diagonal_valid = options.diagonal == Diagonal::factorial;
        result.pixels = pixels.size();
        if (result.pixels == 1 && options.normalisation == Normalisation::symmetric) {
            finish_one_pixel(result, options, stream);
            results.push_back(std::move(result));
            continue;
        }
        const auto sums = frame_sums(series, pixels);
        const double mean = std::accumulate(sums.begin(), sums.end(), 0.0) /
                            (static_cast<double>(result.pixels) * static_cast<double>(series.known_frames()));
        const auto empty = std::count(sums.begin(), sums.end(), 0.0);
        if (empty > 0)
            result.notes.push_back(
                fmt::format("{} of {} frames are empty; their pairs are left out.", empty, series.frames));
        if (const std::size_t masked = series.pixels() - active_pixels(series, 0).size(); masked > 0)
            result.notes.push_back(fmt::format("{} of {} pixels are masked.", masked, series.pixels()));
        std::function<std::vector<double>(std::size_t)> along;
        if (stream) {
            add_streamed_g2(result, options, series, *stream, mean);
            along = [&](std::size_t lag) { return correlation_trace(series, pixels, lag); };
        } else {
            result.g2 = g2_values(result.map);
            add_errors(result, options, series, map_options, mean);
        }
        name_what_is_covered(result, options.errors);
        const KwwFit fit = finish(result, options, along);
        if (options.ages > 0) add_ageing(result, options, series, map_options);
        if (options.heterogeneity && options.normalisation == Normalisation::symmetric) {
            auto rows = heterogeneity_of_frames(series, pixels, fit, options.noise);
            result.trace = std::move(rows.trace);
            for (auto& row : rows.estimates) result.estimates.push_back(at_lag_of(fit, std::move(row)));
            say_if_not_stationary(result.estimates);
        }
        name_normalisation(result.estimates, options.normalisation);
        // The pattern moves as a whole: with the first region, for the whole detector.
        if (options.shift_window > 0 && results.empty())
            for (auto& row : pattern_shift(series, {.window = options.shift_window}))
                if (row.abscissa.empty()) result.estimates.push_back(std::move(row));
        results.push_back(std::move(result));
    }
    return results;
}

}  // namespace vitrum::analysis
