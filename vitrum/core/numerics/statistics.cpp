#include "vitrum/core/numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace vitrum {

namespace {

double squares_about(std::span<const double> values, double centre) {
    double squares = 0;
    for (const double v : values) squares += (v - centre) * (v - centre);
    return squares;
}

}  // namespace

double mean(std::span<const double> values) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    double sum = 0;
    for (const double v : values) sum += v;
    return sum / static_cast<double>(values.size());
}

double sample_variance(std::span<const double> values) {
    if (values.size() < 2) return std::numeric_limits<double>::quiet_NaN();
    return squares_about(values, mean(values)) / static_cast<double>(values.size() - 1);
}

double Spread::error() const { return sd / std::sqrt(static_cast<double>(n)); }

Spread spread_of(std::span<const double> values) {
    Spread s;
    s.n = values.size();
    if (s.n < 2) return s;
    s.mean = mean(values);
    s.sd = std::sqrt(squares_about(values, s.mean) / static_cast<double>(s.n - 1));
    return s;
}

BlockedMean blocked_mean(std::span<const double> values) {
    constexpr std::size_t fewest_blocks = 6;
    BlockedMean result;
    if (values.empty()) return result;
    result.mean = mean(values);
    std::vector<double> block(values.begin(), values.end());
    while (block.size() >= 2) {
        const auto n = static_cast<double>(block.size());
        result.error = std::max(result.error, std::sqrt(squares_about(block, mean(block)) / (n * (n - 1))));
        const std::size_t half = block.size() / 2;
        if (half < fewest_blocks) break;
        for (std::size_t i = 0; i < half; ++i) block[i] = (block[2 * i] + block[2 * i + 1]) / 2;
        block.resize(half);
    }
    return result;
}

double jackknife_error(std::span<const double> left_out) {
    if (left_out.size() < 2) return std::numeric_limits<double>::quiet_NaN();
    const auto n = static_cast<double>(left_out.size());
    return std::sqrt(squares_about(left_out, mean(left_out)) * (n - 1) / n);
}

}  // namespace vitrum
