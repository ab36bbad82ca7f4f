#include "vitrum/sim/scattering/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace vitrum::sim {

BlockedMean blocked_mean(std::span<const double> values) {
    constexpr std::size_t fewest_blocks = 6;
    BlockedMean result;
    if (values.empty()) return result;
    double sum = 0;
    for (const double v : values) sum += v;
    result.mean = sum / static_cast<double>(values.size());
    std::vector<double> block(values.begin(), values.end());
    while (block.size() >= 2) {
        const auto n = static_cast<double>(block.size());
        double mean = 0;
        for (const double v : block) mean += v / n;
        double squares = 0;
        for (const double v : block) squares += (v - mean) * (v - mean);
        result.error = std::max(result.error, std::sqrt(squares / (n * (n - 1))));
        const std::size_t half = block.size() / 2;
        if (half < fewest_blocks) break;
        for (std::size_t i = 0; i < half; ++i) block[i] = (block[2 * i] + block[2 * i + 1]) / 2;
        block.resize(half);
    }
    return result;
}

double jackknife_error(std::span<const double> left_out) {
    const auto n = static_cast<double>(left_out.size());
    double mean = 0;
    for (const double v : left_out) mean += v / n;
    double squares = 0;
    for (const double v : left_out) squares += (v - mean) * (v - mean);
    return std::sqrt(squares * (n - 1) / n);
}

}  // namespace vitrum::sim
