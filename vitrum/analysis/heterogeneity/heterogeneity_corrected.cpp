#include "vitrum/analysis/heterogeneity/heterogeneity_corrected.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/analysis/correlation/errors/gaussian_paths.hpp"
#include "vitrum/analysis/fit/deconvolution.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/numerics/shortest_interval.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::size_t fewest_values = 20;
constexpr std::size_t fewest_blocks = 8;
constexpr std::size_t most_blocks = 20;
constexpr std::size_t resamples = 100;
constexpr double infinite = std::numeric_limits<double>::infinity();

// Sums over stretches of the trace in constant time: of values, of shares and of their squares.
class Sums {
public:
    explicit Sums(const NoisyTrace& trace) : groups_(trace.share.empty() ? 0 : trace.groups) {
        const std::size_t n = trace.value.size();
        const std::size_t width = groups_ + 3;
        sums_.assign((n + 1) * width, 0.0);
        centre_ = trace.value.front();
        for (std::size_t t = 0; t < n; ++t) {
            double* next = sums_.data() + (t + 1) * width;
            std::copy_n(sums_.data() + t * width, width, next);
            const double v = trace.value[t] - centre_;
            next[0] += v;
            next[1] += v * v;
            for (std::size_t g = 0; g < groups_; ++g) {
                const double share = trace.share[t * groups_ + g];
                next[2] += share * share;
                next[3 + g] += share;
            }
        }
    }

    struct Total {
        double n = 0;
        std::vector<double> sum;
    };
    [[nodiscard]] Total nothing() const { return {0, std::vector<double>(groups_ + 3, 0.0)}; }
    void add(Total& total, std::size_t first, std::size_t last, double sign = 1) const {
        total.n += sign * static_cast<double>(last - first);
        for (std::size_t k = 0; k < total.sum.size(); ++k)
            total.sum[k] += sign * (sums_[last * total.sum.size() + k] - sums_[first * total.sum.size() + k]);
    }
    [[nodiscard]] static double variance(const Total& t) { return (t.sum[1] - t.sum[0] * t.sum[0] / t.n) / (t.n - 1); }
    // Of the noise from groups; `known` where there are none.
    [[nodiscard]] double noise(const Total& t, double known) const {
        if (groups_ == 0) return known;
        double sum = t.sum[2];
        for (std::size_t g = 0; g < groups_; ++g) sum -= t.sum[3 + g] * t.sum[3 + g] / t.n;
        const auto groups = static_cast<double>(groups_);
        return std::max(0.0, sum) / ((t.n - 1) * groups * (groups - 1));
    }

private:
    std::size_t groups_;
    std::vector<double> sums_;
    double centre_ = 0;
};

struct Variance {
    double value = not_a_number;
    double error = not_a_number;
    double degrees_of_freedom = 1;
    [[nodiscard]] double limit(double sign) const { return value + sign * student_factor(degrees_of_freedom) * error; }
};

// Variance within the run less the noise, with a jackknife over blocks of time.
Variance corrected_variance(const NoisyTrace& trace, const Sums& sums) {
    const std::size_t n = trace.value.size();
    auto all = sums.nothing();
    sums.add(all, 0, n);
    const auto value = [&](const Sums::Total& t) { return Sums::variance(t) - sums.noise(t, trace.noise); };
    Variance out;
    out.value = value(all);
    const std::size_t blocks = std::min(most_blocks, n / std::max<std::size_t>(2 * trace.lag, 4));
    if (blocks < fewest_blocks) return out;
    std::vector<double> left_out;
    for (std::size_t b = 0; b < blocks; ++b) {
        auto rest = all;
        sums.add(rest, b * n / blocks, (b + 1) * n / blocks, -1);
        left_out.push_back(value(rest));
    }
    out.error = jackknife_error(left_out);
    out.degrees_of_freedom = static_cast<double>(blocks) - 1;
    return out;
}

struct Resampled {
    double sd = not_a_number;
    double low = not_a_number;
    double high = not_a_number;
};

// Of the deconvolved width over resampled blocks of time, noise and values together.
Resampled resampled_width(const NoisyTrace& trace, const Sums& sums) {
    const std::size_t n = trace.value.size();
    const std::size_t block = std::max<std::size_t>(2 * trace.lag, 4);
    if (n < fewest_blocks * block) return {};
    Stream stream({0, cell_id("heterogeneity_width_corrected"), 0}, Purpose::bootstrap, 0);
    boost::random::uniform_int_distribution<std::size_t> start(0, n - block);
    std::vector<double> sample(n);
    std::vector<double> widths;
    for (std::size_t r = 0; r < resamples; ++r) {
        check_interrupt();
        auto total = sums.nothing();
        for (std::size_t filled = 0; filled < n; filled += block) {
            const std::size_t from = start(stream);
            const std::size_t count = std::min(block, n - filled);
            std::copy_n(trace.value.begin() + static_cast<std::ptrdiff_t>(from), count,
                        sample.begin() + static_cast<std::ptrdiff_t>(filled));
            sums.add(total, from, from + count);
        }
        widths.push_back(deconvolve(sample, std::sqrt(sums.noise(total, trace.noise))).shortest_interval(0.9));
    }
    const double sd = spread_of(widths).sd;
    std::sort(widths.begin(), widths.end());
    return {sd, widths[resamples / 40], widths[resamples - 1 - resamples / 40]};
}

}  // namespace

NoisyTrace noisy_trace(const GroupTraces& traces, std::size_t k) {
    NoisyTrace out;
    out.lag = traces.lags.at(k);
    out.groups = traces.groups;
    for (std::size_t t = 0; t < traces.whole[k].size(); ++t) {
        if (std::isnan(traces.whole[k][t])) continue;
        out.value.push_back(traces.whole[k][t]);
        const auto from = traces.share[k].begin() + static_cast<std::ptrdiff_t>(t * traces.groups);
        out.share.insert(out.share.end(), from, from + static_cast<std::ptrdiff_t>(traces.groups));
    }
    out.noise = out.value.size() > 1 ? split_noise_variance(traces, k) : not_a_number;
    return out;
}

std::vector<Estimate> corrected_heterogeneity(const NoisyTrace& trace, const CorrectedOptions& o) {
    constexpr std::array names{"heterogeneity_width_corrected", "relative_heterogeneity_width_corrected",
                               "heterogeneity_sd"};
    std::vector<Estimate> rows;
    if (trace.value.size() < fewest_values || !(trace.noise >= 0)) {
        for (const char* what : names)
            rows.push_back(make_estimate(what, {}, not_a_number, not_a_number, infinite, Status::no_data,
                                         "fewer than 20 values of C(t, t + tau), or their noise is not known"));
        return rows;
    }
    const Sums sums(trace);
    const Variance variance = corrected_variance(trace, sums);
    const Resampled spread = resampled_width(trace, sums);
    const double width = deconvolve(trace.value, std::sqrt(trace.noise)).shortest_interval(0.9);
    const bool spread_seen = variance.limit(-1) > 0;
    std::string note = fmt::format("lag {} frames, {} values, noise sd {:.3g} by {}", trace.lag, trace.value.size(),
                                   std::sqrt(trace.noise), trace.share.empty() ? "formula" : "groups of pixels");
    note += std::isfinite(spread.sd) ? "; interval: block bootstrap, from 0 unless the variance shows more than noise"
                                     : "; no interval: the run is shorter than 16 tau";

    const auto row = [&](const char* what, double value, double error, double low, double high) {
        Estimate e = make_estimate(what, {}, value, error, infinite, value > 0 ? Status::ok : Status::at_bound, note);
        e.lower = low;
        e.upper = high;
        return e;
    };
    const double low = spread_seen ? std::min(width, spread.low) : 0;
    const double high = std::max(width, spread.high);
    const bool known = std::isfinite(spread.sd);
    rows.push_back(row(names[0], width, spread.sd, known ? low : not_a_number, known ? high : not_a_number));
    const double relative = o.contrast > 0 ? width / o.contrast : not_a_number;
    const double scale = o.contrast_error / o.contrast;  // of the contrast alone
    rows.push_back(row(names[1], relative, std::hypot(spread.sd / o.contrast, relative * scale),
                       known ? low / o.contrast : not_a_number, known ? high / o.contrast : not_a_number));
    if (!std::isfinite(relative)) rows.back().status = Status::no_data;
    const auto root = [](double v) { return v > 0 ? std::sqrt(v) : v <= 0 ? 0.0 : v; };
    const double sd = root(variance.value);
    rows.push_back(row(names[2], sd, sd > 0 ? variance.error / (2 * sd) : not_a_number, root(variance.limit(-1)),
                       root(variance.limit(1))));
    return rows;
}

HomogeneousWidth homogeneous_width(const EntryNoise& entry, std::size_t lag, std::size_t values, double fraction,
                                   std::optional<double> noise) {
    HomogeneousWidth out;
    if (values < fewest_values) return out;
    auto covariance = entry_covariance(entry, lag, values);
    out.noise = in_run_variance(covariance, values);
    if (noise) {
        for (double& k : covariance) k *= *noise / out.noise;
        out.noise = *noise;
    }
    std::vector<double> widths;
    for_each_gaussian_path(covariance, values, 200, {0, cell_id("homogeneous_width"), 0},
                           [&](std::vector<double>& path) {
                               check_interrupt();
                               widths.push_back(shortest_interval(path, fraction));
                           });
    out.mean = mean(widths);
    out.sd = spread_of(widths).sd;
    std::sort(widths.begin(), widths.end());
    out.low = widths[widths.size() / 40];
    out.high = widths[widths.size() - 1 - widths.size() / 40];
    return out;
}

Estimate floor_row(const HomogeneousWidth& width, std::string note) {
    Estimate e = make_estimate("heterogeneity_floor", {}, width.mean, width.sd, infinite,
                               std::isfinite(width.mean) ? Status::ok : Status::no_data, std::move(note));
    e.lower = width.low;
    e.upper = width.high;
    return e;
}

}  // namespace vitrum::analysis
