#include "vitrum/analysis/speckle/hot_pixels.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vitrum::analysis {

namespace {

// Sums of whole counts are exact.
std::vector<double> counts_of_run(const SpeckleSeries& series) {
    std::vector<double> sum(series.pixels(), 0);
    if (series.sparse()) {
        for (std::size_t e = 0; e < series.index.size(); ++e) sum[series.index[e]] += series.intensity[e];
        return sum;
    }
    for (std::size_t f = 0; f < series.frames; ++f)
        for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += series.counts[f * sum.size() + p];
    return sum;
}

double mean_without_highest(std::vector<double> values) {
    const std::size_t highest = std::max<std::size_t>(1, values.size() / 100);
    const std::size_t kept = values.size() - highest;
    if (kept == 0) return 0;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(kept), values.end());
    double sum = 0;
    for (std::size_t i = 0; i < kept; ++i) sum += values[i];
    return sum / static_cast<double>(kept);
}

double median_around(const std::vector<double>& sum, const SpeckleSeries& series, std::size_t pixel) {
    constexpr std::size_t reach = 3;
    const std::size_t row = pixel / series.columns;
    const std::size_t column = pixel % series.columns;
    std::vector<double> around;
    for (std::size_t r = row - std::min(row, reach); r <= std::min(row + reach, series.rows - 1); ++r)
        for (std::size_t c = column - std::min(column, reach); c <= std::min(column + reach, series.columns - 1); ++c) {
            const std::size_t p = r * series.columns + c;
            if (p != pixel && (series.used.empty() || series.used[p])) around.push_back(sum[p]);
        }
    if (around.empty()) return 0;
    const auto middle = around.begin() + static_cast<std::ptrdiff_t>(around.size() / 2);
    std::nth_element(around.begin(), middle, around.end());
    return *middle;
}

}  // namespace

HotPixels find_hot_pixels(const SpeckleSeries& series, double chance) {
    const auto sum = counts_of_run(series);
    std::vector<double> in_use;
    double all = 0;
    for (std::size_t p = 0; p < sum.size(); ++p)
        if (series.used.empty() || series.used[p]) {
            in_use.push_back(sum[p]);
            all += sum[p];
        }
    HotPixels hot;
    const double mean = in_use.empty() ? 0 : mean_without_highest(in_use);
    if (!(mean > 0)) return hot;
    const double rarity = std::log(static_cast<double>(in_use.size()) / chance);
    const auto beyond = [&](double n, double mean_here) { return n * std::log1p(1 / mean_here) > rarity; };
    double held = 0;
    for (std::size_t p = 0; p < sum.size(); ++p) {
        if ((!series.used.empty() && !series.used[p]) || !beyond(sum[p], mean)) continue;
        const double here = median_around(sum, series, p) / std::numbers::ln2;
        if (here > mean && !beyond(sum[p], here)) continue;
        hot.pixels.push_back(p);
        held += sum[p];
    }
    hot.share = held / all;
    return hot;
}

void mask_pixels(SpeckleSeries& series, const std::vector<std::size_t>& pixels) {
    if (pixels.empty()) return;
    if (series.used.empty()) series.used.assign(series.pixels(), 1);
    for (const std::size_t p : pixels) series.used[p] = 0;
    if (!series.sparse()) {
        for (std::size_t f = 0; f < series.frames; ++f)
            for (const std::size_t p : pixels) series.counts[f * series.pixels() + p] = 0;
        return;
    }
    std::size_t kept = 0;
    std::size_t event = 0;
    for (std::size_t f = 0; f < series.frames; ++f) {
        for (; event < series.frame_ptr[f + 1]; ++event) {
            if (!series.used[series.index[event]]) continue;
            series.index[kept] = series.index[event];
            series.intensity[kept++] = series.intensity[event];
        }
        series.frame_ptr[f + 1] = kept;
    }
    series.index.resize(kept);
    series.intensity.resize(kept);
}

}  // namespace vitrum::analysis
