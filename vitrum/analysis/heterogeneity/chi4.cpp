#include "vitrum/analysis/heterogeneity/chi4.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/speckle/photon_statistics.hpp"
#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::size_t fewest_pairs = 20;
constexpr std::size_t fewest_blocks = 10;
constexpr std::size_t most_blocks = 20;

// Sums of a, b, a b over the pairs at which both are known.
struct Moments {
    double n = 0, a = 0, b = 0, ab = 0;
    void add(double x, double y) {
        n += 1;
        a += x;
        b += y;
        ab += x * y;
    }
    [[nodiscard]] Moments without(const Moments& o) const { return {n - o.n, a - o.a, b - o.b, ab - o.ab}; }
    [[nodiscard]] double covariance() const { return (ab - a * b / n) / (n - 1); }
    [[nodiscard]] double mean() const { return a / n; }
};

struct Covariation {
    double value = not_a_number;
    double error = not_a_number;
    double mean = not_a_number;
    double degrees_of_freedom = 0;
    double pairs = 0;
    std::string note;
};

// Covariance of two traces (variance where they are one) with its error from blocks of time; `noise(mean)` is taken
// off.
template <class Noise>
Covariation covariation_of(const std::vector<double>& a, const std::vector<double>& b, std::size_t block,
                           Noise&& noise) {
    Covariation out;
    Moments all;
    const std::size_t blocks = std::min(most_blocks, a.size() / block);
    std::vector<Moments> parts(std::max<std::size_t>(blocks, 1));
    for (std::size_t t = 0; t < a.size(); ++t) {
        if (std::isnan(a[t]) || std::isnan(b[t])) continue;
        // About 1, where C is near: the sums of squares keep their digits.
        all.add(a[t] - 1, b[t] - 1);
        parts[t * parts.size() / a.size()].add(a[t] - 1, b[t] - 1);
    }
    out.pairs = all.n;
    if (all.n < static_cast<double>(fewest_pairs)) return out;
    const auto value = [&](const Moments& m) { return m.covariance() - noise(1 + m.mean()); };
    out.value = value(all);
    out.mean = 1 + all.mean();
    std::erase_if(parts, [](const Moments& m) { return m.n == 0; });
    if (blocks < fewest_blocks || parts.size() < fewest_blocks) {
        out.note = "no error: the run has fewer than ten blocks of four lags";
        return out;
    }
    std::vector<double> left_out;
    for (const auto& part : parts) left_out.push_back(value(all.without(part)));
    out.error = jackknife_error(left_out);
    out.degrees_of_freedom = static_cast<double>(parts.size()) - 1;
    out.note = fmt::format("errors: jackknife over {} blocks of {} frames", parts.size(), a.size() / parts.size());
    return out;
}

Estimate row_of(const char* what, const Covariation& s, const Chi4Options& o, double frame_time,
                const std::string& unit) {
    const Coordinate lag{"lag", static_cast<std::int64_t>(o.lag), static_cast<double>(o.lag) * frame_time, unit};
    const bool known = std::isfinite(s.value);
    return make_estimate(
        what, {lag}, s.value, s.error, s.degrees_of_freedom, known ? Status::ok : Status::no_data,
        fmt::format("lag {} frames, {:.0f} values{}{}", o.lag, s.pairs, s.note.empty() ? "" : "; ", s.note));
}

void check_lag(std::size_t lag, std::size_t frames) {
    if (lag < 1 || lag >= frames)
        throw InputError(fmt::format("lag = {} frames; between 1 and {} for {} frames", lag, frames - 1, frames));
}

std::size_t block_of(const Chi4Options& o) { return o.block > 0 ? o.block : std::max<std::size_t>(4 * o.lag, 16); }

constexpr auto no_noise = [](double) { return 0.0; };

}  // namespace

std::vector<double> correlation_trace(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels,
                                      std::size_t lag) {
    check_lag(lag, s.frames);
    const auto sums = frame_sums(s, pixels);
    const auto place = s.sparse() ? positions(s, pixels) : std::vector<std::int64_t>{};
    std::vector<double> trace(s.frames - lag);
    for_each_block(trace.size(), 64, [&](std::size_t, std::size_t first, std::size_t last) {
        check_interrupt();
        std::vector<double> earlier(s.sparse() ? s.pixels() : 0, 0.0);
        for (std::size_t t = first; t < last; ++t) {
            double product = 0;
            if (s.sparse()) {
                for (std::size_t e = s.frame_ptr[t]; e < s.frame_ptr[t + 1]; ++e)
                    if (place[s.index[e]] >= 0) earlier[s.index[e]] += s.intensity[e];
                for (std::size_t e = s.frame_ptr[t + lag]; e < s.frame_ptr[t + lag + 1]; ++e)
                    product += earlier[s.index[e]] * s.intensity[e];
                for (std::size_t e = s.frame_ptr[t]; e < s.frame_ptr[t + 1]; ++e) earlier[s.index[e]] = 0;
            } else {
                const float* a = s.counts.data() + t * s.pixels();
                const float* b = s.counts.data() + (t + lag) * s.pixels();
                for (const auto p : pixels) product += static_cast<double>(a[p]) * static_cast<double>(b[p]);
            }
            const double both = sums[t] * sums[t + lag];
            trace[t] = both > 0 ? static_cast<double>(pixels.size()) * product / both : not_a_number;
        }
    });
    return trace;
}

std::vector<Estimate> chi4(const SpeckleSeries& s, const Chi4Options& o) {
    expect_consistent(s);
    check_lag(o.lag, s.frames);
    const auto pixels = active_pixels(s, o.region);
    if (pixels.size() < 2) throw InputError(fmt::format("{} pixels take part in region {}", pixels.size(), o.region));
    const auto middle = pixels.begin() + static_cast<std::ptrdiff_t>(pixels.size() / 2);
    const auto whole = correlation_trace(s, pixels, o.lag);
    const auto half_a = correlation_trace(s, {pixels.begin(), middle}, o.lag);
    const auto half_b = correlation_trace(s, {middle, pixels.end()}, o.lag);
    const std::size_t block = block_of(o);

    std::vector<Estimate> rows{
        row_of("chi4", covariation_of(whole, whole, block, no_noise), o, s.frame_time, s.time_unit)};
    const PhotonStatistics photons = photon_statistics(s, pixels);
    if (photons.contrast > 0) {
        const MapEntry entry{photons.pixels, 1 / photons.contrast, photons.mean};
        Covariation corrected = covariation_of(whole, whole, block, [&](double mean) {
            return entry.variance(std::clamp(entry.modes * (mean - 1), 0.0, 1.0));
        });
        corrected.note += fmt::format("; M = {:.4g}, mu = {:.4g}, N = {:.0f}", entry.modes, entry.mean, entry.pixels);
        rows.push_back(row_of("chi4_formula", corrected, o, s.frame_time, s.time_unit));
    } else {
        Covariation nothing;
        nothing.pairs = static_cast<double>(whole.size());
        nothing.note = "the counts show no contrast: the noise of an entry is not known";
        rows.push_back(row_of("chi4_formula", nothing, o, s.frame_time, s.time_unit));
    }
    rows.push_back(row_of("chi4_split", covariation_of(half_a, half_b, block, no_noise), o, s.frame_time, s.time_unit));
    return rows;
}

Estimate chi4(const TwoTimeMap& map, const Chi4Options& o) {
    check_lag(o.lag, map.frames);
    std::vector<double> trace;
    for (std::size_t t = 0; t + o.lag < map.frames; ++t) trace.push_back(map(t, t + o.lag));
    return row_of("chi4", covariation_of(trace, trace, block_of(o), no_noise), o, map.frame_time, map.time_unit);
}

}  // namespace vitrum::analysis
