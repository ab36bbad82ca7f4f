#include "vitrum/analysis/heterogeneity/short_lags.hpp"

#include <algorithm>
#include <cmath>

namespace vitrum::analysis {

std::vector<std::size_t> short_lags(double tau, std::size_t frames) {
    constexpr std::size_t most = 12;
    const double longest = std::clamp(std::round(0.8 * tau), 1.0, std::max(1.0, static_cast<double>(frames) / 8));
    const auto last = static_cast<std::size_t>(longest);
    std::vector<std::size_t> lags;
    const std::size_t count = std::min(most, last);
    for (std::size_t k = 1; k <= count; ++k) lags.push_back(k * last / count);
    return lags;
}

GroupTraces map_traces(const TwoTimeMap& map, const std::vector<std::size_t>& lags) {
    GroupTraces out{lags, map.frames, 0, {}, {}};
    for (const std::size_t lag : lags) {
        auto& trace = out.whole.emplace_back();
        for (std::size_t t = 0; t + lag < map.frames; ++t) trace.push_back(map(t, t + lag));
        out.share.emplace_back();
    }
    return out;
}

std::vector<double> lag_weights(const GroupTraces& traces) {
    std::vector<double> weights;
    double sum = 0;
    for (std::size_t k = 0; k < traces.lags.size(); ++k) {
        double mean = 0;
        double n = 0;
        for (const double c : traces.whole[k])
            if (!std::isnan(c)) {
                mean += c - 1;
                n += 1;
            }
        weights.push_back(n > 0 ? std::max(0.0, mean / n) * static_cast<double>(traces.lags[k]) : 0);
        sum += weights.back();
    }
    for (double& w : weights) w = sum > 0 ? w / sum : 1 / static_cast<double>(weights.size());
    return weights;
}

}  // namespace vitrum::analysis
