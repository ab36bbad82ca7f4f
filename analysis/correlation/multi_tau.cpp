#include "analysis/correlation/multi_tau.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analysis/correlation/active_pixels.hpp"
#include "analysis/correlation/leave_out.hpp"
#include "analysis/correlation/multi_tau_strips.hpp"
#include "core/error.hpp"
#include "core/estimate.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"

namespace vitrum::analysis {

namespace {

struct Channel {
    std::size_t level;
    std::size_t lag;     // in frames of 2^level
    std::size_t frames;  // of this level
};

std::vector<Channel> channels_of(std::size_t frames, std::size_t m) {
    std::vector<Channel> channels;
    std::size_t first = 1;
    for (std::size_t level = 0; frames > first; ++level, frames /= 2, first = m / 2 + 1)
        for (std::size_t lag = first; lag <= m && lag < frames; ++lag) channels.push_back({level, lag, frames});
    return channels;
}

using Series = std::vector<double>;

std::vector<TauLevel> levels_of(const std::vector<Channel>& channels) {
    std::vector<TauLevel> levels;
    for (std::size_t c = 0; c < channels.size(); ++c) {
        if (levels.size() <= channels[c].level)
            levels.push_back({channels[c].lag, channels[c].lag, channels[c].frames, c});
        levels.back().last_lag = channels[c].lag;
    }
    return levels;
}

// Frames added in pairs; an odd last one falls away.
Series halved(const Series& x) {
    Series y(x.size() / 2);
    for (std::size_t t = 0; t < y.size(); ++t) y[t] = x[2 * t] + x[2 * t + 1];
    return y;
}

struct Event {
    std::size_t frame;
    double count;
};

void add_sparse(const std::vector<Channel>& channels, std::size_t m, std::vector<Event> events, Series& products) {
    std::size_t level = 0;
    for (std::size_t c = 0; c < channels.size();) {
        for (; level < channels[c].level; ++level) {
            std::size_t kept = 0;
            for (const Event& e : events) {
                const std::size_t frame = e.frame / 2;
                if (kept > 0 && events[kept - 1].frame == frame)
                    events[kept - 1].count += e.count;
                else
                    events[kept++] = {frame, e.count};
            }
            events.resize(kept);
        }
        const std::size_t first = c;
        while (c < channels.size() && channels[c].level == level) ++c;
        for (std::size_t a = 0; a < events.size(); ++a)
            for (std::size_t b = a + 1; b < events.size() && events[b].frame - events[a].frame <= m; ++b) {
                // An odd last frame takes no part: at this level it lies at or beyond `frames`.
                const std::size_t lag = events[b].frame - events[a].frame;
                if (lag < channels[first].lag || lag - channels[first].lag >= c - first) continue;
                if (events[b].frame >= channels[first].frames) continue;
                products[first + lag - channels[first].lag] += events[a].count * events[b].count;
            }
    }
}

// Products of one group of pixels, and its frame sums.
struct GroupSums {
    Series products;
    Series sums;  // frames of level 0
    double pixels = 0;
};

std::vector<GroupSums> sums_by_group(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels,
                                     const std::vector<Channel>& channels, std::size_t m) {
    constexpr std::size_t most_groups = 64;
    const std::size_t groups = std::min(most_groups, pixels.size());
    std::vector<GroupSums> result(groups);
    std::vector<std::vector<Event>> events;
    if (s.sparse()) {
        const auto place = positions(s, pixels);
        events.resize(pixels.size());
        for (std::size_t f = 0; f < s.frames; ++f)
            for (std::size_t e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e)
                if (const auto i = place[s.index[e]]; i >= 0)
                    events[static_cast<std::size_t>(i)].push_back({f, static_cast<double>(s.intensity[e])});
    }
    for_each_block(groups, 1, [&](std::size_t group, std::size_t, std::size_t) {
        check_interrupt();
        GroupSums& out = result[group];
        const std::size_t begin = group * pixels.size() / groups;
        const std::size_t end = (group + 1) * pixels.size() / groups;
        out.products.assign(channels.size(), 0.0);
        out.sums.assign(s.frames, 0.0);
        out.pixels = static_cast<double>(end - begin);
        if (s.sparse()) {
            for (std::size_t i = begin; i < end; ++i) {
                for (const Event& e : events[i]) out.sums[e.frame] += e.count;
                add_sparse(channels, m, events[i], out.products);
            }
            return;
        }
        add_dense_strips(s, pixels.data() + begin, end - begin, levels_of(channels), out.products, out.sums);
    });
    return result;
}

Series g2_of(const std::vector<Channel>& channels, const Series& products, Series sums, double pixels) {
    Series g2;
    std::size_t level = 0;
    for (std::size_t c = 0; c < channels.size(); ++c) {
        for (; level < channels[c].level; ++level) sums = halved(sums);
        double past = 0;
        double future = 0;
        const std::size_t pairs = channels[c].frames - channels[c].lag;
        for (std::size_t t = 0; t < pairs; ++t) {
            past += sums[t];
            future += sums[t + channels[c].lag];
        }
        const double value = static_cast<double>(pairs) * pixels * products[c] / (past * future);
        g2.push_back(std::isfinite(value) ? value : not_a_number);
    }
    return g2;
}

GroupSums total_of(const std::vector<GroupSums>& groups) {
    GroupSums total = groups.front();
    for (std::size_t g = 1; g < groups.size(); ++g) {
        for (std::size_t i = 0; i < total.products.size(); ++i) total.products[i] += groups[g].products[i];
        for (std::size_t i = 0; i < total.sums.size(); ++i) total.sums[i] += groups[g].sums[i];
        total.pixels += groups[g].pixels;
    }
    return total;
}

GroupSums difference(GroupSums total, const GroupSums& group) {
    for (std::size_t i = 0; i < total.products.size(); ++i) total.products[i] -= group.products[i];
    for (std::size_t i = 0; i < total.sums.size(); ++i) total.sums[i] -= group.sums[i];
    total.pixels -= group.pixels;
    return total;
}

std::vector<std::vector<std::uint32_t>> parts_of(const SpeckleSeries& s, const MultiTauOptions& options) {
    const auto pixels = active_pixels(s, options.region);
    if (pixels.empty()) throw InputError(fmt::format("no pixel takes part in region {}", options.region));
    if (options.static_region.empty()) return {pixels};
    if (options.static_region.size() != s.pixels())
        throw InputError(
            fmt::format("{} static regions given for {} pixels", options.static_region.size(), s.pixels()));
    const auto most = std::max(0, *std::max_element(options.static_region.begin(), options.static_region.end()));
    std::vector<std::vector<std::uint32_t>> parts(static_cast<std::size_t>(most));
    for (const auto p : pixels)
        if (options.static_region[p] > 0) parts[static_cast<std::size_t>(options.static_region[p]) - 1].push_back(p);
    std::erase_if(parts, [](const auto& part) { return part.empty(); });
    if (parts.empty()) throw InputError(fmt::format("no pixel of region {} lies in a static region", options.region));
    return parts;
}

}  // namespace

Curve multi_tau(const SpeckleSeries& s, const MultiTauOptions& options) {
    expect_consistent(s);
    if (options.channels < 2 || options.channels % 2 != 0)
        throw InputError(fmt::format("channels = {}; an even number from 2 on", options.channels));
    const auto m = static_cast<std::size_t>(options.channels);
    const auto channels = channels_of(s.frames, m);
    const auto parts = parts_of(s, options);
    Curve g2;
    g2.name = g2.y_name = "g2";
    g2.x_name = "lag";
    g2.x_unit = s.time_unit;
    for (const Channel& c : channels) {
        g2.x.push_back(static_cast<double>(c.lag << c.level) * s.frame_time);
        g2.weight.push_back(static_cast<double>(c.frames - c.lag));
    }
    g2.y.assign(channels.size(), 0.0);
    // Each static region is left out group by group; regions are independent, so their variances add.
    const auto share = 1 / static_cast<double>(parts.size());
    Eigen::MatrixXd factor(static_cast<Eigen::Index>(channels.size()), 0);
    double freedom = 0;
    for (const auto& part : parts) {
        const auto groups = sums_by_group(s, part, channels, m);
        const GroupSums total = total_of(groups);
        if (std::all_of(total.sums.begin(), total.sums.end(), [](double v) { return v == 0; }))
            throw InputError("every frame is empty: there is nothing to correlate");
        Curve own = g2;
        own.y = g2_of(channels, total.products, total.sums, total.pixels);
        for (std::size_t i = 0; i < channels.size(); ++i) g2.y[i] += share * own.y[i];
        if (groups.size() < 8) continue;
        std::vector<Series> without;
        for (const auto& group : groups) {
            const GroupSums rest = difference(total, group);
            without.push_back(g2_of(channels, rest.products, rest.sums, rest.pixels));
        }
        set_jackknife(own, without);
        factor.conservativeResize(Eigen::NoChange, factor.cols() + own.covariance_factor.cols());
        factor.rightCols(own.covariance_factor.cols()) = share * own.covariance_factor;
        freedom += own.degrees_of_freedom;
    }
    if (factor.cols() > 0) {
        g2.covariance_factor = factor;
        g2.degrees_of_freedom = freedom;
        g2.error_method = fmt::format("jackknife over {} groups of pixels", factor.cols());
        for (Eigen::Index i = 0; i < factor.rows(); ++i) g2.y_error.push_back(factor.row(i).norm());
    }
    return g2;
}

}  // namespace vitrum::analysis
