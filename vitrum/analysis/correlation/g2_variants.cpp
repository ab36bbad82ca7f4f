#include "vitrum/analysis/correlation/g2_variants.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

namespace {

struct Sums {
    double products = 0;  // N sum P
    double pair = 0;      // sum S S'
    double past = 0;      // sum S
    double future = 0;    // sum S'
    double pairs = 0;     // n
    double seen = 0;      // pairs without an empty frame
};

template <class Value>
Curve each_lag(const TwoTimeMap& map, const std::vector<double>& sums, bool count_empty, Value&& value) {
    if (sums.size() != map.frames) throw std::logic_error("one sum per frame of the map");
    Curve g2;
    g2.name = g2.y_name = "g2";
    g2.x_name = "lag";
    g2.x_unit = map.time_unit;
    for (std::size_t lag = 1; lag < map.frames; ++lag) {
        Sums s;
        for (std::size_t t = 0; t + lag < map.frames; ++t) {
            const double both = sums[t] * sums[t + lag];
            if (std::isnan(both)) continue;
            if (both > 0) {
                s.products += map(t, t + lag) * both;
                s.seen += 1;
            }
            s.pair += both;
            s.past += sums[t];
            s.future += sums[t + lag];
            s.pairs += 1;
        }
        const double y = value(s);
        g2.x.push_back(static_cast<double>(lag) * map.frame_time);
        g2.y.push_back(std::isfinite(y) ? y : not_a_number);
        g2.weight.push_back(count_empty ? s.pairs : s.seen);
    }
    return g2;
}

}  // namespace

Curve g2_ratio_of_sums(const TwoTimeMap& map, const std::vector<double>& sums) {
    return each_lag(map, sums, false, [](const Sums& s) { return s.products / s.pair; });
}

Curve g2_ratio_of_means(const TwoTimeMap& map, const std::vector<double>& sums) {
    return each_lag(map, sums, true, [](const Sums& s) { return s.pairs * s.products / (s.past * s.future); });
}

Curve log_binned(const Curve& g2, int bins_per_decade) {
    if (bins_per_decade < 1)
        throw InputError(fmt::format("bins_per_decade = {}; at least one bin per decade", bins_per_decade));
    Curve binned = g2;
    binned.x.clear();
    binned.y.clear();
    binned.y_error.clear();
    binned.weight.clear();
    binned.scatter.clear();
    std::vector<std::vector<std::size_t>> members;
    std::vector<long> bin_of;
    for (std::size_t i = 0; i < g2.size(); ++i) {
        const double weight = g2.weight.empty() ? 1 : g2.weight[i];
        if (!std::isfinite(g2.y[i]) || !(weight > 0) || !(g2.x[i] > 0)) continue;
        // Half a part in 1e9 keeps a lag that is a bin's edge on the upper side whatever the rounding.
        const long bin = static_cast<long>(std::floor(bins_per_decade * std::log10(g2.x[i] / g2.x.front()) + 5e-10));
        if (bin_of.empty() || bin != bin_of.back()) {
            bin_of.push_back(bin);
            members.emplace_back();
        }
        members.back().push_back(i);
    }
    binned.covariance_factor = Eigen::MatrixXd::Zero(
        g2.covariance_factor.size() > 0 ? static_cast<Eigen::Index>(members.size()) : 0, g2.covariance_factor.cols());
    for (std::size_t b = 0; b < members.size(); ++b) {
        double weight = 0;
        double x = 0;
        double y = 0;
        for (const auto i : members[b]) {
            const double w = g2.weight.empty() ? 1 : g2.weight[i];
            weight += w;
            x += w * g2.x[i];
            y += w * g2.y[i];
        }
        binned.x.push_back(x / weight);
        binned.y.push_back(y / weight);
        binned.weight.push_back(weight);
        if (g2.covariance_factor.size() == 0) continue;
        auto row = binned.covariance_factor.row(static_cast<Eigen::Index>(b));
        for (const auto i : members[b])
            row += (g2.weight.empty() ? 1 : g2.weight[i]) / weight *
                   g2.covariance_factor.row(static_cast<Eigen::Index>(i));
        binned.y_error.push_back(row.norm());
    }
    return binned;
}

}  // namespace vitrum::analysis
