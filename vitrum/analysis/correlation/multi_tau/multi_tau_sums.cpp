#include "vitrum/analysis/correlation/multi_tau/multi_tau_sums.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/data/curve_errors.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

namespace {

using Series = std::vector<double>;

void add(Series& to, const Series& from, double sign) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += sign * from[i];
}

MultiTauSums combined(MultiTauSums total, const MultiTauSums& group, double sign) {
    add(total.products, group.products, sign);
    add(total.past, group.past, sign);
    add(total.future, group.future, sign);
    total.pixels += sign * group.pixels;
    return total;
}

Series g2_of(const std::vector<MultiTauChannel>& channels, const MultiTauSums& sums) {
    Series g2;
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const auto pairs = static_cast<double>(channels[c].pairs);
        const double value = pairs * sums.pixels * sums.products[c] / (sums.past[c] * sums.future[c]);
        g2.push_back(std::isfinite(value) ? value : not_a_number);
    }
    return g2;
}

}  // namespace

std::vector<MultiTauChannel> multi_tau_channels(std::size_t frames, std::size_t m,
                                                const std::vector<std::uint8_t>& lost) {
    std::vector<MultiTauChannel> channels;
    std::vector<std::uint8_t> gone = lost;
    std::size_t first = 1;
    for (std::size_t level = 0; frames > first; ++level, frames /= 2, first = m / 2 + 1, gone = lost_of_pairs(gone))
        for (std::size_t lag = first; lag <= m && lag < frames; ++lag) {
            std::size_t pairs = frames - lag;
            for (std::size_t t = lag; t < gone.size(); ++t) pairs -= gone[t] || gone[t - lag] ? 1 : 0;
            channels.push_back({level, lag, frames, pairs});
        }
    return channels;
}

std::vector<std::uint8_t> lost_of_pairs(const std::vector<std::uint8_t>& lost) {
    std::vector<std::uint8_t> pairs(lost.size() / 2);
    for (std::size_t t = 0; t < pairs.size(); ++t) pairs[t] = lost[2 * t] || lost[2 * t + 1] ? 1 : 0;
    return pairs;
}

Curve multi_tau_curve(const std::vector<MultiTauChannel>& channels, double frame_time, const std::string& time_unit,
                      const std::vector<std::vector<MultiTauSums>>& parts) {
    constexpr std::size_t fewest_groups = 8;
    Curve g2;
    g2.name = g2.y_name = "g2";
    g2.x_name = "lag";
    g2.x_unit = time_unit;
    for (const auto& c : channels) {
        g2.x.push_back(static_cast<double>(c.lag << c.level) * frame_time);
        g2.weight.push_back(static_cast<double>(c.pairs));
    }
    g2.y.assign(channels.size(), 0.0);
    // Each static region is left out group by group; regions are independent, so their variances add.
    const auto share = 1 / static_cast<double>(parts.size());
    Eigen::MatrixXd factor(static_cast<Eigen::Index>(channels.size()), 0);
    double freedom = 0;
    for (const auto& groups : parts) {
        MultiTauSums total = groups.front();
        for (std::size_t g = 1; g < groups.size(); ++g) total = combined(std::move(total), groups[g], 1);
        const auto nothing = [](double sum) { return sum == 0; };
        if (std::all_of(total.past.begin(), total.past.end(), nothing) &&
            std::all_of(total.future.begin(), total.future.end(), nothing))
            throw InputError("every frame is empty: there is nothing to correlate");
        Curve own = g2;
        own.y = g2_of(channels, total);
        for (std::size_t i = 0; i < channels.size(); ++i) g2.y[i] += share * own.y[i];
        if (groups.size() < fewest_groups) continue;
        std::vector<Series> without;
        for (const auto& group : groups) without.push_back(g2_of(channels, combined(total, group, -1)));
        set_jackknife(own, side_by_side(without), "groups of pixels");
        factor.conservativeResize(Eigen::NoChange, factor.cols() + own.covariance_factor.cols());
        factor.rightCols(own.covariance_factor.cols()) = share * own.covariance_factor;
        freedom += own.degrees_of_freedom;
    }
    if (factor.cols() > 0) {
        g2.covariance_factor = factor;
        g2.degrees_of_freedom = freedom;
        g2.error_method = fmt::format("jackknife over {} groups of pixels", factor.cols());
        errors_from_factor(g2);
    }
    return g2;
}

}  // namespace vitrum::analysis
