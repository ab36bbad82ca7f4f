#include "vitrum/analysis/correlation/errors/group_traces.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

// Pixels first .. last of each group.
std::vector<std::size_t> borders(std::size_t pixels, std::size_t groups) {
    std::vector<std::size_t> border;
    for (std::size_t g = 0; g <= groups; ++g) border.push_back(g * pixels / groups);
    return border;
}

// sum a b over pixels[first .. last), in eight fixed partial sums. Exact for counts.
double product(const float* a, const float* b, const std::vector<std::uint32_t>& pixels, std::size_t first,
               std::size_t last, bool stretch) {
    std::array<double, 8> part{};
    std::size_t i = first;
    if (stretch) {
        const std::size_t shift = pixels[first] - first;
        for (; i + 8 <= last; i += 8)
            for (std::size_t k = 0; k < 8; ++k)
                part[k] += static_cast<double>(a[i + shift + k]) * static_cast<double>(b[i + shift + k]);
    }
    for (; i < last; ++i) part[0] += static_cast<double>(a[pixels[i]]) * static_cast<double>(b[pixels[i]]);
    return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

struct Work {
    const SpeckleSeries& s;
    const std::vector<std::uint32_t>& pixels;
    std::vector<std::size_t> border;
    std::vector<std::int32_t> group;  // of each pixel of the detector, -1 = none; sparse only
    std::vector<double> sums;         // [frame * groups + g]
    std::size_t groups;
    std::vector<std::uint8_t> stretch;  // 1 = the group's pixels are one stretch of memory; dense only

    void add_sums(std::size_t f) {
        double* sum = sums.data() + f * groups;
        if (s.sparse()) {
            for (std::size_t e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e)
                if (group[s.index[e]] >= 0) sum[group[s.index[e]]] += s.intensity[e];
            return;
        }
        const float* frame = s.counts.data() + f * s.pixels();
        for (std::size_t g = 0; g < groups; ++g)
            for (std::size_t i = border[g]; i < border[g + 1]; ++i) sum[g] += static_cast<double>(frame[pixels[i]]);
    }

    // Products of frames t and u by group. `earlier` holds frame t, where the series is sparse.
    void products(std::size_t t, std::size_t u, const std::vector<double>& earlier, std::vector<double>& out) const {
        std::fill(out.begin(), out.end(), 0.0);
        if (s.sparse()) {
            for (std::size_t e = s.frame_ptr[u]; e < s.frame_ptr[u + 1]; ++e)
                if (group[s.index[e]] >= 0)
                    out[static_cast<std::size_t>(group[s.index[e]])] += earlier[s.index[e]] * s.intensity[e];
            return;
        }
        const float* a = s.counts.data() + t * s.pixels();
        const float* b = s.counts.data() + u * s.pixels();
        for (std::size_t g = 0; g < groups; ++g)
            out[g] = product(a, b, pixels, border[g], border[g + 1], stretch[g] != 0);
    }

    [[nodiscard]] double total(std::size_t f) const {
        double sum = 0;
        for (std::size_t g = 0; g < groups; ++g) sum += sums[f * groups + g];
        return sum;
    }
};

}  // namespace

GroupTraces group_traces(const SpeckleSeries& s, const std::vector<std::uint32_t>& active,
                         const std::vector<std::size_t>& lags, std::size_t groups) {
    expect_consistent(s);
    for (const std::size_t lag : lags)
        if (lag < 1 || lag >= s.frames)
            throw InputError(
                fmt::format("lag = {} frames; between 1 and {} for {} frames", lag, s.frames - 1, s.frames));
    if (active.size() < 8)
        throw InputError(fmt::format("{} pixels take part; groups of pixels need at least 8", active.size()));
    groups = std::min(groups, active.size() / 4);
    const auto pixels = in_patches(s, active, groups);

    Work work{s, pixels, borders(pixels.size(), groups), {}, std::vector<double>(s.frames * groups, 0.0), groups, {}};
    if (s.sparse()) {
        work.group.assign(s.pixels(), -1);
        for (std::size_t g = 0; g < groups; ++g)
            for (std::size_t i = work.border[g]; i < work.border[g + 1]; ++i)
                work.group[pixels[i]] = static_cast<std::int32_t>(g);
    } else {
        const std::span<const std::uint32_t> all(pixels);
        for (std::size_t g = 0; g < groups; ++g)
            work.stretch.push_back(one_stretch(all.subspan(work.border[g], work.border[g + 1] - work.border[g])));
    }
    for_each_block(s.frames, 64, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t f = first; f < last; ++f) work.add_sums(f);
    });

    GroupTraces out{lags, s.frames, groups, {}, {}};
    for (const std::size_t lag : lags) {
        out.whole.emplace_back(s.frames - lag, not_a_number);
        out.share.emplace_back((s.frames - lag) * groups, 0.0);
    }
    const auto n = static_cast<double>(pixels.size());
    const auto scale = static_cast<double>(groups) / n;
    for_each_block(s.frames, 64, [&](std::size_t, std::size_t first, std::size_t last) {
        check_interrupt();
        std::vector<double> earlier(s.sparse() ? s.pixels() : 0, 0.0);
        std::vector<double> by_group(groups);
        for (std::size_t t = first; t < last; ++t) {
            const double sum = work.total(t);
            if (!(sum > 0)) continue;
            if (s.sparse())
                for (std::size_t e = s.frame_ptr[t]; e < s.frame_ptr[t + 1]; ++e) earlier[s.index[e]] += s.intensity[e];
            for (std::size_t k = 0; k < lags.size(); ++k) {
                const std::size_t u = t + lags[k];
                if (u >= s.frames) continue;
                const double later = work.total(u);
                if (!(later > 0)) continue;
                work.products(t, u, earlier, by_group);
                double all = 0;
                for (const double v : by_group) all += v;
                const double inverse = n * n / (sum * later);  // 1/(m m')
                const double c = all * inverse / n;
                out.whole[k][t] = c;
                for (std::size_t g = 0; g < groups; ++g) {
                    const auto size = static_cast<double>(work.border[g + 1] - work.border[g]);
                    const double single = n * (work.sums[t * groups + g] / sum + work.sums[u * groups + g] / later);
                    out.share[k][t * groups + g] = scale * (by_group[g] * inverse - c * (single - size));
                }
            }
            if (s.sparse())
                for (std::size_t e = s.frame_ptr[t]; e < s.frame_ptr[t + 1]; ++e) earlier[s.index[e]] = 0;
        }
    });
    return out;
}

double split_noise_variance(const GroupTraces& traces, std::size_t k) {
    const auto& whole = traces.whole.at(k);
    const auto& share = traces.share.at(k);
    double n = 0;
    std::vector<double> sum(traces.groups, 0.0);
    std::vector<double> squares(traces.groups, 0.0);
    for (std::size_t t = 0; t < whole.size(); ++t) {
        if (whole[t] != whole[t]) continue;
        n += 1;
        for (std::size_t g = 0; g < traces.groups; ++g) {
            const double v = share[t * traces.groups + g];
            sum[g] += v;
            squares[g] += v * v;
        }
    }
    double total = 0;
    for (std::size_t g = 0; g < traces.groups; ++g) total += (squares[g] - sum[g] * sum[g] / n) / (n - 1);
    const auto groups = static_cast<double>(traces.groups);
    return total / (groups * (groups - 1));
}

}  // namespace vitrum::analysis
