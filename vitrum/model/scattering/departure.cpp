#include "vitrum/model/scattering/departure.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::model {

namespace {

constexpr double visible = 0.1;  // of |F|^2

// g2 at every lag from all wavevectors (last entry) and without each group. `sums`: groups x frames.
std::vector<std::vector<double>> g2_of_groups(const PairedReference& reference, std::span<const float> intensity,
                                              std::size_t frames) {
    const std::size_t groups = reference.left_out.size();
    const std::size_t vectors = reference.group.size();
    const std::size_t lags = reference.g2.size();
    std::vector<double> sums(groups * frames, 0.0);
    std::vector<double> members(groups, 0.0);
    for (std::size_t k = 0; k < vectors; ++k) members[reference.group[k]] += 1;
    for (std::size_t t = 0; t < frames; ++t)
        for (std::size_t k = 0; k < vectors; ++k)
            sums[reference.group[k] * frames + t] += static_cast<double>(intensity[t * vectors + k]);
    std::vector<std::vector<double>> g2(groups + 1, std::vector<double>(lags, 0.0));
    for_each_block(lags, 1, [&](std::size_t l, std::size_t, std::size_t) {
        const std::size_t lag = l + 1;
        std::vector<double> product(groups);
        for (std::size_t t = 0; t + lag < frames; ++t) {
            std::fill(product.begin(), product.end(), 0.0);
            const float* one = intensity.data() + t * vectors;
            const float* other = one + lag * vectors;
            for (std::size_t k = 0; k < vectors; ++k)
                product[reference.group[k]] += static_cast<double>(one[k]) * static_cast<double>(other[k]);
            double p = 0;
            double a = 0;
            double b = 0;
            double n = 0;
            for (std::size_t g = 0; g < groups; ++g) {
                p += product[g];
                a += sums[g * frames + t];
                b += sums[g * frames + t + lag];
                n += members[g];
            }
            for (std::size_t g = 0; g < groups; ++g)
                g2[g][l] += (p - product[g]) * (n - members[g]) /
                            ((a - sums[g * frames + t]) * (b - sums[g * frames + t + lag]));
            g2[groups][l] += p * n / (a * b);
        }
        for (auto& of_group : g2) of_group[l] /= static_cast<double>(frames - lag);
    });
    return g2;
}

}  // namespace

Departure departure(const PairedReference& reference, std::span<const float> intensity, std::size_t frames) {
    const std::size_t groups = reference.left_out.size();
    const std::vector<std::vector<double>> g2 = g2_of_groups(reference, intensity, frames);
    Departure result;
    result.curve = make_curve("speckle_departure", "lag", "s", "g2 - 1 - |F|^2", "");
    result.curve.error_method = "paired, jackknife over groups of wavevectors; lags are correlated";
    std::vector<double> mean(groups + 1, 0.0);
    double lags = 0;
    std::vector<double> left_out(groups);
    for (std::size_t l = 0; l < reference.g2.size(); ++l) {
        const double whole = g2[groups][l] - reference.g2.y[l];
        for (std::size_t g = 0; g < groups; ++g) left_out[g] = g2[g][l] - 1 - reference.left_out[g][l];
        result.curve.x.push_back(reference.g2.x[l]);
        result.curve.y.push_back(whole);
        result.curve.y_error.push_back(jackknife_error(left_out));
        if (!(reference.g2.y[l] - 1 > visible)) continue;
        lags += 1;
        for (std::size_t g = 0; g < groups; ++g) mean[g] += left_out[g];
        mean[groups] += whole;
    }
    for (double& m : mean) m = lags > 0 ? m / lags : std::numeric_limits<double>::quiet_NaN();
    result.mean = {mean[groups], jackknife_error(std::span(mean).first(groups))};
    return result;
}

PairedMean intensity_variance(const PairedReference& reference, std::span<const float> intensity, std::size_t frames) {
    const std::size_t groups = reference.left_out.size();
    const std::size_t vectors = reference.group.size();
    std::vector<double> one(groups, 0.0);
    std::vector<double> two(groups, 0.0);
    std::vector<double> count(groups, 0.0);
    for (std::size_t t = 0; t < frames; ++t)
        for (std::size_t k = 0; k < vectors; ++k) {
            const auto i = static_cast<double>(intensity[t * vectors + k]);
            one[reference.group[k]] += i;
            two[reference.group[k]] += i * i;
            count[reference.group[k]] += 1;
        }
    double sum = 0;
    double squares = 0;
    double n = 0;
    for (std::size_t g = 0; g < groups; ++g) sum += one[g], squares += two[g], n += count[g];
    const auto variance = [](double s, double s2, double m) { return s2 * m / (s * s) - 1; };
    std::vector<double> left_out(groups);
    for (std::size_t g = 0; g < groups; ++g) left_out[g] = variance(sum - one[g], squares - two[g], n - count[g]);
    return {variance(sum, squares, n), jackknife_error(left_out)};
}

}  // namespace vitrum::model
