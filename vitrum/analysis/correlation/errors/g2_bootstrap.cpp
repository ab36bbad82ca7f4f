#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/errors/g2_errors.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

namespace {

// C(t, t+lag) less its mean; pairs with an empty frame add nothing.
std::vector<double> deviations_along(const TwoTimeMap& map, std::size_t lag, double mean) {
    std::vector<double> d(map.frames - lag, 0.0);
    for (std::size_t t = 0; t < d.size(); ++t)
        if (const double c = map(t, t + lag); !std::isnan(c)) d[t] = c - mean;
    return d;
}

double mean_along(const TwoTimeMap& map, std::size_t lag) {
    double sum = 0;
    double pairs = 0;
    for (std::size_t t = 0; t + lag < map.frames; ++t)
        if (const double c = map(t, t + lag); !std::isnan(c)) {
            sum += c;
            pairs += 1;
        }
    return pairs > 0 ? sum / pairs : not_a_number;
}

double autocovariance(const std::vector<double>& d, std::size_t k) {
    double sum = 0;
    for (std::size_t t = 0; t + k < d.size(); ++t) sum += d[t] * d[t + k];
    return sum / static_cast<double>(d.size());
}

double best_block(const std::vector<double>& d) {
    const auto n = static_cast<double>(d.size());
    const double r0 = autocovariance(d, 0);
    if (!(r0 > 0)) return 1;
    const auto run = static_cast<std::size_t>(std::max(5.0, std::ceil(std::sqrt(std::log10(n)))));
    const double limit = 2 * std::sqrt(std::log10(n) / n);
    const std::size_t most = d.size() / 2;
    std::vector<double> r{r0};
    // The last lag before a run of correlations that nobody would notice.
    std::size_t noticed = 0;
    for (std::size_t k = 1; k <= most && k <= noticed + run; ++k) {
        r.push_back(autocovariance(d, k));
        if (std::abs(r.back()) > limit * r0) noticed = k;
    }
    if (noticed == 0) return 1;
    const std::size_t width = std::min(2 * noticed, most);
    double spectrum = r0;
    double slope = 0;
    for (std::size_t k = 1; k <= width; ++k) {
        if (k >= r.size()) r.push_back(autocovariance(d, k));
        const double x = static_cast<double>(k) / static_cast<double>(width);
        const double window = x <= 0.5 ? 1 : 2 * (1 - x);
        spectrum += 2 * window * r[k];
        slope += 2 * window * static_cast<double>(k) * r[k];
    }
    if (!(spectrum > 0)) return static_cast<double>(width);
    return std::cbrt(1.5 * n) * std::pow(slope / spectrum, 2.0 / 3);
}

}  // namespace

std::string_view name(G2Errors errors) {
    constexpr std::array names{"automatic", "pixels", "formula", "bootstrap", "frames", "independent"};
    return names.at(static_cast<std::size_t>(errors));
}

std::string_view covers(G2Errors errors) {
    switch (errors) {
        case G2Errors::bootstrap:
        case G2Errors::frames: return "covers g2 of the population";
        case G2Errors::independent: return "takes entries of a diagonal for independent: too small";
        default: return "covers g2 of this run";
    }
}

std::size_t automatic_block_length(const TwoTimeMap& map) {
    const std::size_t longest = std::max<std::size_t>(1, map.frames / 5);
    double best = 1;
    for (const double share : {0.0, 0.01, 0.03, 0.1, 0.25}) {
        const auto lag = std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(map.frames)));
        if (lag >= map.frames) continue;
        best = std::max(best, best_block(deviations_along(map, lag, mean_along(map, lag))));
    }
    return std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(best)), 1, longest);
}

void add_block_bootstrap(Curve& g2, const TwoTimeMap& map, std::optional<std::size_t> block_length) {
    constexpr std::size_t fewest_blocks = 3;
    const std::size_t block = std::max<std::size_t>(1, block_length.value_or(automatic_block_length(map)));
    const std::size_t step = std::max<std::size_t>(1, block / 4);
    const std::size_t starts = map.frames > block ? (map.frames - 1 - block) / step + 1 : 0;
    g2.covariance_factor =
        Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(g2.size()), static_cast<Eigen::Index>(starts));
    g2.y_error.assign(g2.size(), not_a_number);
    for (std::size_t lag = 1; lag < map.frames; ++lag) {
        const std::size_t pairs = map.frames - lag;
        if (pairs < fewest_blocks * block || !(g2.weight[lag - 1] > 0)) continue;
        const auto d = deviations_along(map, lag, g2.y[lag - 1]);
        std::vector<double> upto(pairs + 1, 0.0);
        for (std::size_t t = 0; t < pairs; ++t) upto[t + 1] = upto[t] + d[t];
        auto row = g2.covariance_factor.row(static_cast<Eigen::Index>(lag) - 1);
        // The same column is the same part of the run at every lag.
        std::size_t used = 0;
        for (std::size_t t = 0; used < starts && t + block <= pairs; t += step, ++used)
            row(static_cast<Eigen::Index>(used)) = (upto[t + block] - upto[t]) / static_cast<double>(block);
        const auto n = static_cast<double>(pairs);
        const auto b = static_cast<double>(block);
        // Variance of the mean = b/(n - b) times the mean square of the block means about it; lost pairs scale it up.
        row *= std::sqrt(b / (n - b) / static_cast<double>(used) * n / g2.weight[lag - 1]);
        g2.y_error[lag - 1] = row.norm();
    }
    // Overlapping blocks are worth half as many again as blocks side by side.
    g2.degrees_of_freedom = std::max(1.0, 1.5 * (static_cast<double>(map.frames) / static_cast<double>(block) - 1));
    g2.error_method = fmt::format("bootstrap over moving blocks of {} frames", block);
}

void add_independent_errors(Curve& g2) {
    g2.covariance_factor.resize(0, 0);
    g2.y_error.resize(g2.size());
    for (std::size_t i = 0; i < g2.size(); ++i)
        g2.y_error[i] = g2.weight[i] > 1 ? g2.scatter[i] / std::sqrt(g2.weight[i] - 1) : not_a_number;
    g2.degrees_of_freedom = std::numeric_limits<double>::infinity();
    g2.error_method = "standard deviation along the diagonal over the root of its pairs";
}

}  // namespace vitrum::analysis
