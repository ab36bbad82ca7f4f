#include "vitrum/analysis/correlation/errors/correlated_noise.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "vitrum/analysis/correlation/errors/pair_noise.hpp"

namespace vitrum::analysis {

std::vector<double> entry_covariance(const EntryNoise& noise, std::size_t lag, std::size_t values) {
    std::vector<double> g1;
    for (std::size_t k = 0; k <= lag + values; ++k) {
        g1.push_back(std::exp(-std::pow(static_cast<double>(k) / noise.tau, noise.beta)));
        if (g1.back() < 1e-9) break;
    }
    const std::size_t reach = g1.size();
    const PairNoise pair(noise.modes, std::move(g1));
    const auto d = static_cast<std::int64_t>(lag);
    const double mu = noise.mean;
    std::vector<double> covariance(values, 0.0);
    for (std::size_t s = 0; s < values; ++s) {
        if (s > lag + reach) break;  // nothing in common
        double sum = pair.speckle(d, d, static_cast<std::int64_t>(s));
        if (s == 0) sum += 2 * pair.one_common_frame(d, d, 0) / mu + pair.mean_product(d) / (mu * mu);
        if (s == lag) sum += pair.one_common_frame(d, d, 2 * d) / mu;
        covariance[s] = sum / noise.pixels;
    }
    return covariance;
}

double in_run_variance(const std::vector<double>& covariance, std::size_t n) {
    const auto count = static_cast<double>(n);
    double sum = count * covariance.at(0);
    for (std::size_t k = 1; k < std::min(n, covariance.size()); ++k)
        sum += 2 * (count - static_cast<double>(k)) * covariance[k];
    return count / (count - 1) * (covariance[0] - sum / (count * count));
}

}  // namespace vitrum::analysis
