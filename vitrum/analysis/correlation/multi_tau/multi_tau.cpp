#include "vitrum/analysis/correlation/multi_tau/multi_tau.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/multi_tau/multi_tau_strips.hpp"
#include "vitrum/analysis/correlation/multi_tau/multi_tau_sums.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/products/events_by_pixel.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

using Channel = MultiTauChannel;
using Series = std::vector<double>;

std::vector<TauLevel> levels_of(const std::vector<Channel>& channels, std::vector<std::uint8_t> lost) {
    std::vector<TauLevel> levels;
    for (std::size_t c = 0; c < channels.size(); ++c) {
        if (levels.size() <= channels[c].level) {
            if (!levels.empty()) lost = lost_of_pairs(lost);
            levels.push_back({channels[c].lag, channels[c].lag, channels[c].frames, c, lost});
        }
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

struct LevelEvent {
    std::size_t frame;
    double count;
};

// events: of one pixel; used up.
void add_sparse(const std::vector<Channel>& channels, const std::vector<TauLevel>& levels, std::size_t m,
                std::vector<LevelEvent>& events, Series& products) {
    std::size_t level = 0;
    for (std::size_t c = 0; c < channels.size();) {
        for (; level < channels[c].level; ++level) {
            std::size_t kept = 0;
            for (const LevelEvent& e : events) {
                const std::size_t frame = e.frame / 2;
                if (kept > 0 && events[kept - 1].frame == frame)
                    events[kept - 1].count += e.count;
                else
                    events[kept++] = {frame, e.count};
            }
            events.resize(kept);
            if (const auto& lost = levels[level + 1].lost; !lost.empty())
                std::erase_if(events, [&](const LevelEvent& e) { return e.frame < lost.size() && lost[e.frame]; });
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
    const std::size_t groups = std::min(multi_tau_groups, pixels.size());
    const auto levels = levels_of(channels, s.lost);
    std::vector<GroupSums> result(groups);
    std::optional<EventsByPixel> events;
    if (s.sparse()) events.emplace(s, pixels);
    for_each_block(groups, 1, [&](std::size_t group, std::size_t, std::size_t) {
        check_interrupt();
        GroupSums& out = result[group];
        const std::size_t begin = group * pixels.size() / groups;
        const std::size_t end = (group + 1) * pixels.size() / groups;
        out.products.assign(channels.size(), 0.0);
        out.sums.assign(s.frames, 0.0);
        out.pixels = static_cast<double>(end - begin);
        if (s.sparse()) {
            std::vector<LevelEvent> own;
            for (std::size_t i = begin; i < end; ++i) {
                own.clear();
                for (const auto [frame, count] : events->of(i)) {
                    out.sums[frame] += count;
                    own.push_back({frame, static_cast<double>(count)});
                }
                add_sparse(channels, levels, m, own, out.products);
            }
            return;
        }
        add_dense_strips(s, pixels.data() + begin, end - begin, levels, out.products, out.sums);
    });
    return result;
}

// Sums over the pairs of each channel.
MultiTauSums channel_sums(const std::vector<Channel>& channels, std::vector<std::uint8_t> lost, GroupSums group) {
    MultiTauSums out;
    out.products = std::move(group.products);
    out.pixels = group.pixels;
    std::size_t level = 0;
    for (const Channel& c : channels) {
        for (; level < c.level; ++level) {
            group.sums = halved(group.sums);
            lost = lost_of_pairs(lost);
        }
        double past = 0;
        double future = 0;
        for (std::size_t t = 0; t < c.frames - c.lag; ++t) {
            if (!lost.empty() && (lost[t] || lost[t + c.lag])) continue;
            past += group.sums[t];
            future += group.sums[t + c.lag];
        }
        out.past.push_back(past);
        out.future.push_back(future);
    }
    return out;
}

}  // namespace

std::vector<std::vector<std::uint32_t>> multi_tau_parts(const SpeckleSeries& s, const MultiTauOptions& options) {
    if (options.channels < 2 || options.channels % 2 != 0)
        throw InputError(fmt::format("channels = {}; an even number from 2 on", options.channels));
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

Curve multi_tau(const SpeckleSeries& s, const MultiTauOptions& options) {
    expect_consistent(s);
    const auto parts = multi_tau_parts(s, options);
    const auto m = static_cast<std::size_t>(options.channels);
    const auto channels = multi_tau_channels(s.frames, m, s.lost);
    std::vector<std::vector<MultiTauSums>> all;
    for (const auto& part : parts) {
        auto found = sums_by_group(s, part, channels, m);
        std::vector<MultiTauSums> groups(found.size());
        for_each_block(groups.size(), 1, [&](std::size_t group, std::size_t, std::size_t) {
            groups[group] = channel_sums(channels, s.lost, std::move(found[group]));
        });
        all.push_back(std::move(groups));
    }
    return multi_tau_curve(channels, s.frame_time, s.time_unit, all);
}

}  // namespace vitrum::analysis
