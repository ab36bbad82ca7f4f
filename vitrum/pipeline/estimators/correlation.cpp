// The correlation chain as an estimator, and rows that are a part of it.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "vitrum/analysis/chain/frames_summary.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/relaxation/kww.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/pipeline/estimators/column_choice.hpp"
#include "vitrum/pipeline/estimators/correlation_rows.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

namespace {

// What viewers want of frames; null for a two-time map.
std::shared_ptr<const FramesSummary> frames_summary(const SpeckleSeries& series,
                                                    const std::vector<analysis::ChainResult>& found,
                                                    std::size_t segments, const MapStore* maps) {
    auto summary = std::make_shared<FramesSummary>();
    if (segments == 0) return summary;
    analysis::SummaryOptions options;
    options.segments = segments;
    *summary = analysis::summarise(series, options);
    for (std::size_t r = 0; r < found.size(); ++r)
        analysis::add_map(*summary, r,
                          maps ? maps->g2_of_segments(r) : analysis::g2_by_segment(found[r].map, summary->segments));
    return summary;
}

Findings of_region(const Data& data, analysis::ChainResult found) {
    Findings out;
    out.part = part_of(data, found.region);
    out.frames = found.frames;
    out.pixels = found.pixels;
    out.estimates = std::move(found.estimates);
    out.notes = std::move(found.notes);
    found.g2.name = "g2";
    out.curves.push_back(std::move(found.g2));
    const auto add = [&](Curve curve, const char* called) {
        if (curve.size() == 0) return;
        curve.name = called;
        out.curves.push_back(std::move(curve));
    };
    add(std::move(found.fit), "fit");
    add(std::move(found.trace), "correlation_trace");
    add(std::move(found.tau_of_age), "tau_of_age");
    out.data.emplace_back("map", std::move(found.map));
    return out;
}

// A curve that is fitted like the g2 of the same options: its first lag is one frame.
Findings of_curve(const Curve& g2, const analysis::ChainOptions& chain) {
    TwoTimeMap clock;
    clock.frame_time = g2.size() > 0 ? g2.x.front() : 1;
    clock.time_unit = g2.x_unit;
    Findings out;
    out.estimates = analysis::estimates_of(analysis::fit_kww(g2, analysis::kww_options(chain, clock)), g2.x_unit);
    return out;
}

}  // namespace

void append(Findings& out, std::vector<Estimate> rows) {
    std::move(rows.begin(), rows.end(), std::back_inserter(out.estimates));
}

Abscissa part_of(const Data& data, std::int32_t region) {
    if (region == 0) return {};
    const auto* series = std::get_if<SpeckleSeries>(&data);
    if (!series || series->q.empty()) return {{"region", region, static_cast<double>(region), ""}};
    double q = 0;
    const auto pixels = analysis::active_pixels(*series, region);
    for (const auto p : pixels) q += series->q[p];
    return {{"region", region, q / static_cast<double>(pixels.size()), "1/angstrom"}};
}

Estimator correlation(const analysis::ChainOptions& chain) {
    return [chain](const Data& data, const Extras& extras) {
        std::vector<Findings> all;
        if (const auto* curve = std::get_if<Curve>(&data)) {
            all.push_back(of_curve(*curve, chain));
            return all;
        }
        const auto* series = std::get_if<SpeckleSeries>(&data);
        std::unique_ptr<MapStore> disk;
        if (series && extras.map_store) disk = extras.map_store(*series);
        auto results = analysis::correlate(data, chain, disk ? &disk->stream() : nullptr);
        for (std::size_t r = 0; disk && r < results.size(); ++r) disk->give(r, results[r].map);
        const auto summary = series ? frames_summary(*series, results, extras.segments, disk.get())
                                    : std::shared_ptr<const FramesSummary>();
        for (auto& found : results) {
            all.push_back(of_region(data, std::move(found)));
            all.back().frames_summary = summary;
        }
        return all;
    };
}

Estimator each_region(const analysis::ChainOptions& chain, RegionWork work) {
    return [chain, work = std::move(work)](const Data& data, const Extras&) {
        std::vector<Findings> all;
        for (const auto& result : analysis::correlate(data, chain)) {
            Findings out;
            out.part = part_of(data, result.region);
            out.frames = result.frames;
            out.pixels = result.pixels;
            work(data, result, out);
            all.push_back(std::move(out));
        }
        return all;
    };
}

Estimator selected(const analysis::ChainOptions& chain, std::vector<std::string_view> wanted) {
    return each_region(chain,
                       [wanted = std::move(wanted)](const Data&, const analysis::ChainResult& result, Findings& out) {
                           for (const auto& row : result.estimates)
                               if (std::find(wanted.begin(), wanted.end(), row.quantity) != wanted.end())
                                   out.estimates.push_back(row);
                       });
}

GivenLags given_lags(const Section& options, const analysis::ChainOptions& chain) {
    return {chain, options.has("min_lag")};
}

namespace {

// A lag is a time, or a number of frames.
void expect_lags(const Curve& g2) {
    for (const char* plain : {"", "1", "frame", "frames", own_unit})
        if (g2.x_unit == plain) return;
    static_cast<void>(unit_factor(g2.x_unit, Dimension::time, fmt::format("lags are times: column '{}'", g2.x_name)));
}

// Rows before the first positive lag, of rows in the order of their lags: a correlation is even in the lag, and at lag
// 0 it holds the shot noise.
std::size_t without_use(Columns& table, const Column& lag) {
    const auto& t = lag.values;
    const auto below = static_cast<std::size_t>(std::lower_bound(t.begin(), t.end(), 0.0) - t.begin());
    const auto used = static_cast<std::size_t>(std::upper_bound(t.begin(), t.end(), 0.0) - t.begin());
    if (used == t.size())
        throw InputError(fmt::format("'{}': no lag is positive; the largest is {}", table.file.string(), t.back()));
    if (below > 0)
        table.remarks.push_back(fmt::format("{} row{} of negative lag left out", below, below > 1 ? "s" : ""));
    if (used > below) table.remarks.push_back("row of lag 0 left out");
    return used;
}

}  // namespace

analysis::KwwOptions kww_of_curve(const GivenLags& given, const Curve& g2) {
    const auto& chain = given.chain;
    expect_lags(g2);
    if (chain.max_lag && chain.max_lag->in_frames != chain.min_lag.in_frames && g2.x_unit != "s")
        throw InputError("lags of a curve are given as numbers in the unit of its first column");
    analysis::KwwOptions kww;
    // Plain numbers are in the unit of the column; lags below the first row need no limit.
    kww.min_lag = given.min_lag ? chain.min_lag.value : 0;
    if (chain.max_lag) kww.max_lag = chain.max_lag->value;
    kww.weights = chain.weights;
    kww.baseline = chain.baseline;
    kww.beta = chain.beta;
    kww.profile = chain.profile;
    kww.rejection_level = chain.rejection_level;
    return kww;
}

Estimator on_g2(Section& options, DataKind kind, std::function<Findings(const Curve&)> work) {
    if (kind == DataKind::curve) return on<Curve>(std::move(work));
    const auto lag = choose(options, "x", {"lag", "delay", "dt", "tau", "t", "x"}, 0, true);
    const auto value = choose(options, "y", {"g2", "y"}, 1, true);
    const auto error = choose(options, "error", {"g2_error", "g2_err", "error", "sigma", "y_error"}, 2, false);
    const auto pairs = choose(options, "pairs", {"pairs", "weight"}, 3, false);
    return on<Columns>([=, work = std::move(work)](Columns table) {
        const Column* x = pick(table, lag);
        const Column* y = pick(table, value);
        const Column* sigma = pick(table, error);
        const Column* weight = pick(table, pairs);
        check_positive(table, sigma, "an error");
        arrange_rows(table, {x, y, sigma, weight}, Repeats::refused);
        const auto first = static_cast<std::ptrdiff_t>(without_use(table, *x));
        const auto rest = [first](const Column& c) {
            return std::vector<double>(c.values.begin() + first, c.values.end());
        };
        Curve g2;
        g2.name = g2.y_name = "g2";
        g2.x_name = "lag";
        const double factor = time_factor(*x, g2.x_unit);
        for (const double t : rest(*x)) g2.x.push_back(factor * t);
        g2.y = rest(*y);
        if (sigma) g2.y_error = rest(*sigma);
        if (weight) g2.weight = rest(*weight);
        return with_remarks(work(g2), table.remarks);
    });
}

double tau_in_frames(const std::optional<analysis::Lag>& wanted, const analysis::ChainResult& result) {
    if (wanted) return wanted->in_unit_of(result.map) / result.map.frame_time;
    for (const auto& e : result.estimates)
        if (is_tau_of_run(e) && (e.status == Status::ok || e.status == Status::law_rejected))
            return e.value / result.map.frame_time;
    return 0;
}

Estimator read_correlation(Section& options, DataKind) { return correlation(read_chain(options)); }

Estimator read_g2(Section& options, DataKind) {
    analysis::ChainOptions chain;
    read_map_options(options, chain);
    return each_region(chain, [chain](const Data&, const analysis::ChainResult& result, Findings& out) {
        for (std::size_t i = 0; i < result.g2.size(); ++i) {
            const Abscissa at{{"lag", static_cast<std::int64_t>(i + 1), result.g2.x[i], result.g2.x_unit}};
            const bool known = std::isfinite(result.g2.y[i]);
            out.estimates.push_back(make_estimate(
                g2_quantity(chain), at, result.g2.y[i], result.g2.y_error.empty() ? not_a_number : result.g2.y_error[i],
                result.g2.degrees_of_freedom, known ? Status::ok : Status::no_data, result.g2.error_method));
            if (chain.normalisation != analysis::Normalisation::symmetric)
                out.estimates.back().note += fmt::format("; normalisation {}", name(chain.normalisation));
        }
    });
}

Estimator read_heterogeneity(Section& options, DataKind) {
    return selected(read_chain(options),
                    {"tau", "heterogeneity_width", "heterogeneity_width_80", "heterogeneity_width_70",
                     "heterogeneity_width_60", "relative_heterogeneity_width", "heterogeneity_width_corrected",
                     "relative_heterogeneity_width_corrected", "heterogeneity_sd", "heterogeneity_floor"});
}

}  // namespace vitrum::pipeline
