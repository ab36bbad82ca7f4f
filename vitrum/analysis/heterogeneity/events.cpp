#include "vitrum/analysis/heterogeneity/events.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/random/normal_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/analysis/correlation/errors/gaussian_paths.hpp"
#include "vitrum/analysis/heterogeneity/short_lags.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {

namespace {

constexpr double window = 4;  // [D] on either side over which the noise is pooled

// Running sums of one trace, unknown values left out.
struct Running {
    std::vector<double> sum{0.0};
    std::vector<double> known{0.0};
    void add(double v) {
        sum.push_back(sum.back() + (std::isnan(v) ? 0 : v));
        known.push_back(known.back() + (std::isnan(v) ? 0 : 1));
    }
};

// Means of a trace at one lag across instant t and beside it.
struct Means {
    double across = 0;
    double beside = 0;
    bool known = false;
};

Means means_at(const Running& r, std::size_t t, std::size_t lag, std::size_t reach) {
    const auto over = [&](std::size_t from, std::size_t to, double& n) {
        n += r.known[to] - r.known[from];
        return r.sum[to] - r.sum[from];
    };
    double across_n = 0;
    double beside_n = 0;
    Means m;
    m.across = over(t - lag, t, across_n);
    m.beside = over(t - lag - reach, t - lag, beside_n) + over(t, t + reach, beside_n);
    m.known = across_n > 0 && beside_n > 0;
    m.across /= across_n;
    m.beside /= beside_n;
    return m;
}

// z before scaling and how each group moves it, at the instants searched.
struct Filtered {
    std::size_t first = 0;
    std::size_t groups = 0;
    std::vector<double> z;
    std::vector<double> share;   // [instant * groups + g]
    std::vector<double> across;  // weighted mean of C - 1 across the instant, and beside it
    std::vector<double> beside;
    std::vector<double> across_share;  // of the same for each group
    std::vector<double> beside_share;
};

Filtered filter(const GroupTraces& traces, std::size_t reach, const std::vector<double>& weights) {
    Filtered out;
    out.first = 2 * reach;
    out.groups = traces.groups;
    const std::size_t count = traces.frames - 4 * reach + 1;
    out.z.assign(count, 0.0);
    out.across.assign(count, 0.0);
    out.beside.assign(count, 0.0);
    out.share.assign(count * traces.groups, 0.0);
    out.across_share = out.beside_share = out.share;
    for (std::size_t d = 0; d < traces.lags.size(); ++d) {
        Running whole;
        std::vector<Running> group(traces.groups);
        for (std::size_t t = 0; t < traces.whole[d].size(); ++t) {
            const double c = traces.whole[d][t];
            whole.add(c - 1);
            for (std::size_t g = 0; g < traces.groups; ++g)
                group[g].add(std::isnan(c) ? c : traces.share[d][t * traces.groups + g]);
        }
        for (std::size_t i = 0; i < count; ++i) {
            const Means m = means_at(whole, out.first + i, traces.lags[d], reach);
            if (!m.known) continue;
            out.across[i] += weights[d] * m.across;
            out.beside[i] += weights[d] * m.beside;
            out.z[i] += weights[d] * (m.beside - m.across);
            for (std::size_t g = 0; g < traces.groups; ++g) {
                const Means s = means_at(group[g], out.first + i, traces.lags[d], reach);
                out.across_share[i * traces.groups + g] += weights[d] * s.across;
                out.beside_share[i * traces.groups + g] += weights[d] * s.beside;
                out.share[i * traces.groups + g] += weights[d] * (s.beside - s.across);
            }
        }
    }
    return out;
}

// z in standard deviations, Student with these degrees of freedom, and its correlation along t.
struct Scaled {
    std::vector<double> z;
    std::vector<double> correlation;
    double degrees_of_freedom = 1;
};

Scaled scale_by_groups(const Filtered& f, std::size_t reach) {
    const std::size_t n = f.z.size();
    const auto groups = static_cast<double>(f.groups);
    std::vector<double> sum(n + 1, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        double square = 0;
        for (std::size_t g = 0; g < f.groups; ++g) square += f.share[i * f.groups + g] * f.share[i * f.groups + g];
        sum[i + 1] = sum[i] + square / (groups * (groups - 1));
    }
    const auto half = static_cast<std::size_t>(window * static_cast<double>(reach));
    std::vector<double> sd(n);
    Scaled out;
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t from = i > half ? i - half : 0;
        const std::size_t to = std::min(n, i + half + 1);
        sd[i] = std::sqrt((sum[to] - sum[from]) / static_cast<double>(to - from));
        out.z.push_back(sd[i] > 0 ? f.z[i] / sd[i] : 0);
    }
    // What is pooled counts as one independent look per 2 D.
    const double looks =
        std::min(static_cast<double>(n), 2.0 * static_cast<double>(half)) / (2.0 * static_cast<double>(reach));
    out.degrees_of_freedom = (groups - 1) * std::max(1.0, looks);
    for (std::size_t k = 0; k <= std::min(n - 1, 4 * reach); ++k) {
        double product = 0;
        for (std::size_t i = 0; i + k < n; ++i) {
            if (!(sd[i] > 0) || !(sd[i + k] > 0)) continue;
            double here = 0;
            for (std::size_t g = 0; g < f.groups; ++g)
                here += f.share[i * f.groups + g] * f.share[(i + k) * f.groups + g];
            product += here / (sd[i] * sd[i + k]);
        }
        out.correlation.push_back(product / static_cast<double>(n));
    }
    return out;
}

Scaled scale_by_median(const Filtered& f, std::size_t reach) {
    std::vector<double> size;
    for (const double z : f.z) size.push_back(std::abs(z));
    const auto middle = size.begin() + static_cast<std::ptrdiff_t>(size.size() / 2);
    std::nth_element(size.begin(), middle, size.end());
    const double sd = 1.4826 * *middle;
    Scaled out;
    for (const double z : f.z) out.z.push_back(sd > 0 ? z / sd : 0);
    // The median has 37 % of the efficiency of the mean square.
    out.degrees_of_freedom = std::max(3.0, 0.37 * static_cast<double>(f.z.size()) / (2.0 * static_cast<double>(reach)));
    const auto cut = [](double z) { return std::clamp(z, -2.5, 2.5); };
    for (std::size_t k = 0; k <= std::min(f.z.size() - 1, 4 * reach); ++k) {
        double product = 0;
        for (std::size_t i = 0; i + k < f.z.size(); ++i) product += cut(out.z[i]) * cut(out.z[i + k]);
        out.correlation.push_back(product / static_cast<double>(f.z.size() - k));
    }
    return out;
}

// Number of independent values whose largest is distributed as that of these correlated ones.
double independent_values(const std::vector<double>& correlation, std::size_t n) {
    std::vector<double> normalised;
    for (const double c : correlation) normalised.push_back(c / correlation.front());
    std::vector<double> largest;
    const std::size_t runs = n > 4000 ? 200 : 400;
    for_each_gaussian_path(normalised, n, runs, {0, cell_id("largest of a run"), 0}, [&](std::vector<double>& path) {
        largest.push_back(*std::max_element(path.begin(), path.end()));
    });
    const auto at = largest.begin() + static_cast<std::ptrdiff_t>(largest.size() * 9 / 10);
    std::nth_element(largest.begin(), at, largest.end());
    const double below = boost::math::cdf(boost::math::normal(), *at);
    return std::clamp(std::log(0.9) / std::log(below), 1.0, static_cast<double>(n));
}

// Standard deviation of the instant of the largest z within D of it, if the groups' noise comes once more.
double instant_error(const Filtered& f, std::size_t at, std::size_t reach) {
    constexpr double within_a_frame = 0.288675;
    if (f.groups == 0) return not_a_number;
    const std::size_t from = at > reach ? at - reach : 0;
    const std::size_t to = std::min(f.z.size(), at + reach + 1);
    Stream stream({0, cell_id("event"), at}, Purpose::bootstrap, 0);
    boost::random::normal_distribution<double> normal;
    const auto groups = static_cast<double>(f.groups);
    double square = 0;
    constexpr int draws = 100;
    for (int r = 0; r < draws; ++r) {
        std::vector<double> factor(f.groups);
        for (double& v : factor) v = normal(stream) / std::sqrt(groups * (groups - 1));
        std::size_t best = at;
        double highest = -std::numeric_limits<double>::infinity();
        for (std::size_t i = from; i < to; ++i) {
            double z = f.z[i];
            for (std::size_t g = 0; g < f.groups; ++g) z += factor[g] * f.share[i * f.groups + g];
            if (z > highest) {
                highest = z;
                best = i;
            }
        }
        const double moved = static_cast<double>(best) - static_cast<double>(at);
        square += moved * moved / draws;
    }
    return std::sqrt(square + within_a_frame * within_a_frame);
}

void measure_size(Event& event, const Filtered& f, std::size_t at, const EventOptions& o) {
    const double offset = o.baseline - 1;
    const double beside = f.beside[at] - offset;
    const double ratio = (f.across[at] - offset) / beside;
    double square = 0;
    for (std::size_t g = 0; g < f.groups; ++g) {
        const double d = (f.across_share[at * f.groups + g] - ratio * f.beside_share[at * f.groups + g]) / beside;
        square += d * d;
    }
    const auto groups = static_cast<double>(f.groups);
    if (!(beside > 0)) return;
    double moving = 1;  // part of g1 beside the event that is not static, over its part at lag 0
    if (o.static_fraction > 0) {
        const double g1 = std::sqrt(beside / o.contrast);
        moving = (g1 - o.static_fraction) / (g1 * (1 - o.static_fraction));
        if (!(moving > 0)) return;
    }
    const auto lost = [moving](double r) { return std::min(1.0, (1 - std::sqrt(std::clamp(r, 0.0, 1.0))) / moving); };
    event.fraction = lost(ratio);
    if (f.groups == 0) return;
    const double half = student_factor(groups - 1) * std::sqrt(square / (groups * (groups - 1)));
    event.fraction_low = lost(ratio + half);
    event.fraction_high = lost(ratio - half);
}

}  // namespace

EventOptions with_static_part(EventOptions o, double contrast, double baseline, double baseline_error) {
    const double still = baseline - o.baseline;
    if (!(contrast > 0) || !(baseline_error > 0) || !(still > 3 * baseline_error)) return o;
    o.contrast = contrast + still;
    o.static_fraction = std::sqrt(still / o.contrast);
    return o;
}

EventSearch find_events(const GroupTraces& traces, const EventOptions& o) {
    if (!(o.false_alarm > 0 && o.false_alarm <= 0.5))
        throw InputError(fmt::format("false_alarm = {}; a rate per map between 0 and 0.5", o.false_alarm));
    if (!(o.static_fraction >= 0 && o.static_fraction < 1))
        throw InputError(fmt::format("event_static = {}; a part of g1 between 0 and 1", o.static_fraction));
    EventSearch out;
    const std::size_t reach = std::max<std::size_t>(traces.lags.back(), 2);
    out.resolution = reach;
    const std::size_t fewest = (traces.groups > 0 ? 8 : 40) * reach;
    if (traces.frames < 4 * reach + fewest || traces.groups == 1) return out;
    out.searched = true;
    const Filtered f = filter(traces, reach, lag_weights(traces));
    out.first = f.first;
    out.last = f.first + f.z.size() - 1;
    const Scaled scaled = f.groups > 0 ? scale_by_groups(f, reach) : scale_by_median(f, reach);
    if (!(scaled.correlation.front() > 0)) return out;
    const double looks = independent_values(scaled.correlation, f.z.size());
    const boost::math::students_t student(scaled.degrees_of_freedom);
    const auto p_of = [&](double z) {
        const double single = boost::math::cdf(boost::math::complement(student, z));
        return -std::expm1(looks * std::log1p(-single));
    };
    std::vector<std::uint8_t> open(f.z.size(), 1);
    for (;;) {
        std::size_t best = f.z.size();
        for (std::size_t i = 0; i < f.z.size(); ++i)
            if (open[i] && (best == f.z.size() || scaled.z[i] > scaled.z[best])) best = i;
        if (best == f.z.size()) break;
        const double p = p_of(scaled.z[best]);
        out.smallest_p = std::min(out.smallest_p, p);
        if (p > o.false_alarm || scaled.z[best] <= 0) break;
        Event event;
        event.frame = f.first + best;
        event.p_value = p;
        event.z = scaled.z[best];
        event.frame_error = instant_error(f, best, reach);
        measure_size(event, f, best, o);
        out.events.push_back(event);
        for (std::size_t i = best > reach ? best - reach : 0; i < std::min(f.z.size(), best + reach + 1); ++i)
            open[i] = 0;
    }
    std::sort(out.events.begin(), out.events.end(), [](const Event& a, const Event& b) { return a.frame < b.frame; });
    return out;
}

std::vector<Estimate> event_rows(const EventSearch& s, const EventOptions& o, double frame_time,
                                 const std::string& time_unit) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    std::vector<Estimate> rows;
    if (!s.searched) {
        rows.push_back(make_estimate("event_count", {}, not_a_number, not_a_number, infinite, Status::no_data,
                                     "the run is too short against tau to search for events"));
        return rows;
    }
    const std::string note = fmt::format(
        "searched from {:.6g} to {:.6g} {}, family-wise false-alarm rate {:.3g}, events closer than {:.4g} {} count "
        "once",
        static_cast<double>(s.first) * frame_time, static_cast<double>(s.last) * frame_time, time_unit, o.false_alarm,
        static_cast<double>(s.resolution) * frame_time, time_unit);
    rows.push_back(make_estimate("event_count", {}, static_cast<double>(s.events.size()), not_a_number, infinite,
                                 Status::ok, note));
    rows.push_back(make_estimate("event_search_p", {}, s.smallest_p, not_a_number, infinite, Status::ok, note));
    for (std::size_t i = 0; i < s.events.size(); ++i) {
        const Event& e = s.events[i];
        const double time = (static_cast<double>(e.frame) - 0.5) * frame_time;
        const Abscissa at{{"event", static_cast<std::int64_t>(i), time, time_unit}};
        rows.push_back(make_estimate("event_time", at, time, e.frame_error * frame_time, infinite, Status::ok,
                                     fmt::format("{:.3g} standard deviations", e.z)));
        Estimate size = make_estimate(
            "event_fraction", at, e.fraction, (e.fraction_high - e.fraction_low) / 3.92, infinite,
            std::isfinite(e.fraction) ? Status::ok : Status::no_data,
            o.static_fraction > 0
                ? fmt::format("interval from groups of pixels; static part of g1 {:.3g}", o.static_fraction)
                : "interval from groups of pixels");
        size.lower = e.fraction_low;
        size.upper = e.fraction_high;
        if (e.fraction >= 1) size.status = Status::at_bound;
        rows.push_back(size);
        rows.push_back(make_estimate("event_p", at, e.p_value, not_a_number, infinite, Status::ok, ""));
    }
    return rows;
}

}  // namespace vitrum::analysis
