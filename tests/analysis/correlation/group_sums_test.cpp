// Sums that the fast paths make, against the definitions: multi-tau strips, and what each group of pixels adds to g2.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/test_series.hpp"
#include "vitrum/analysis/correlation/errors/group_lag_sums.hpp"
#include "vitrum/analysis/correlation/multi_tau/multi_tau.hpp"
#include "vitrum/analysis/correlation/multi_tau/multi_tau_strips.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"

namespace vitrum::analysis {
namespace {

using test::sparse_twin;
using test::white_noise;

// Products of one pixel list at one level and lag, from frames added in groups of 2^level.
double naive_products(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, std::size_t level,
                      std::size_t lag) {
    const std::size_t width = std::size_t{1} << level;
    double sum = 0;
    for (const auto p : pixels) {
        const auto value = [&](std::size_t t) {
            double v = 0;
            for (std::size_t k = 0; k < width; ++k) v += test::count(s, t * width + k, p);
            return v;
        };
        for (std::size_t t = 0; t + lag < s.frames / width; ++t) sum += value(t) * value(t + lag);
    }
    return sum;
}

// Plain code, and what this processor has beside it.
std::vector<kernels::LagKernels> kernel_sets() { return {{}, kernels::lag_kernels()}; }

// 520 pixels: more than one strip, the second narrow; some bright pixel sends a strip the wide way.
TEST(MultiTauStrips, AreTheSumsOfTheDefinition) {
    const std::vector<TauLevel> levels{{1, 7, 301, 0}, {3, 6, 150, 7}, {3, 6, 75, 11},
                                       {3, 6, 37, 15}, {3, 6, 18, 19}, {3, 5, 9, 23}};
    for (const float rare : {1.0F, 127.0F, 255.0F, 256.0F, 65535.0F, 1e6F}) {
        SpeckleSeries s = white_noise(301, 1, 530, 0.8, 17);
        for (std::size_t i = 0; i < s.counts.size(); i += 97) s.counts[i] = rare;
        if (rare == 127 || rare == 255)
            for (float& v : s.counts) v = rare;
        std::vector<std::uint32_t> pixels;
        for (std::uint32_t p = 0; p < 530; ++p)
            if (p % 50 != 7) pixels.push_back(p);
        pixels.push_back(529);
        for (const auto& kernels : kernel_sets()) {
            std::vector<double> products(26, 0.0);
            std::vector<double> sums(301, 0.0);
            add_dense_strips(s, pixels.data(), pixels.size(), levels, products, sums, kernels);
            EXPECT_EQ(sums, frame_sums(s, pixels));
            for (std::size_t l = 0; l < levels.size(); ++l)
                for (std::size_t lag = levels[l].first_lag; lag <= levels[l].last_lag; ++lag)
                    EXPECT_EQ(products[levels[l].channel + lag - levels[l].first_lag],
                              naive_products(s, pixels, l, lag))
                        << "level " << l << ", lag " << lag << ", count " << rare;
        }
    }
}

// Sums of a kernel's 32 bits are taken out before they are full: the largest counts, over many frames.
TEST(MultiTauStrips, LongBrightRunsDoNotWrap) {
    const std::vector<TauLevel> levels{{1, 3, 9000, 0}, {2, 3, 4500, 3}, {2, 3, 2250, 5}, {2, 3, 1125, 7}};
    for (const double level : {127.0, 255.0}) {
        SpeckleSeries s = white_noise(9000, 1, 512, 0, 1);
        std::fill(s.counts.begin(), s.counts.end(), static_cast<float>(level));
        const auto pixels = active_pixels(s, 0);
        for (const auto& kernels : kernel_sets()) {
            std::vector<double> products(9, 0.0);
            std::vector<double> sums(9000, 0.0);
            add_dense_strips(s, pixels.data(), pixels.size(), levels, products, sums, kernels);
            for (const auto& [first, last, frames, channel, lost] : levels)
                for (std::size_t lag = first; lag <= last; ++lag) {
                    const double value = level * 9000 / static_cast<double>(frames);
                    EXPECT_EQ(products[channel + lag - first], 512 * value * value * static_cast<double>(frames - lag))
                        << level << ", " << frames << " frames, lag " << lag;
                }
        }
    }
}

TEST(MultiTauStrips, OfIntensitiesAreDouble) {
    SpeckleSeries s = white_noise(64, 1, 40, 2, 5);
    for (float& v : s.counts) v *= 0.37F;
    std::vector<double> products(8, 0.0);
    std::vector<double> sums(64, 0.0);
    const auto pixels = active_pixels(s, 0);
    add_dense_strips(s, pixels.data(), pixels.size(), {{1, 4, 64, 0}, {3, 4, 32, 4}}, products, sums);
    for (std::size_t lag = 1; lag <= 4; ++lag)
        EXPECT_NEAR(products[lag - 1] / naive_products(s, pixels, 0, lag), 1, 1e-13);
    EXPECT_NEAR(products[5] / naive_products(s, pixels, 1, 4), 1, 1e-13);
}

TEST(MultiTau, BrightCountsDenseAndSparseGiveTheSameBits) {
    SpeckleSeries s = white_noise(150, 1, 700, 0.5, 23);
    for (std::size_t i = 0; i < s.counts.size(); i += 501) s.counts[i] = 300;
    const auto dense = multi_tau(s);
    const auto sparse = multi_tau(sparse_twin(s));
    EXPECT_EQ(dense.y, sparse.y);
    EXPECT_EQ(dense.y_error, sparse.y_error);
}

// One busy pixel goes by Fourier transform, the quiet ones pair by pair.
TEST(GroupLagSums, AreTheSumsOfTheDefinition) {
    SpeckleSeries s = white_noise(90, 1, 45, 0.05, 3);
    for (std::size_t f = 0; f < s.frames; ++f) s.counts[f * 45 + 20] = static_cast<float>(1 + f % 4);
    s.used.assign(45, 1);
    s.used[4] = 0;
    const auto pixels = active_pixels(s, 0);
    std::vector<double> scale(s.frames);
    for (std::size_t f = 0; f < s.frames; ++f) scale[f] = f == 11 ? 0 : 1.0 / static_cast<double>(3 + f % 5);
    const auto dense = group_lag_sums(s, pixels, 4, scale);
    const auto sparse = group_lag_sums(sparse_twin(s), pixels, 4, scale);
    EXPECT_EQ(dense.lag_sums, sparse.lag_sums);
    EXPECT_EQ(dense.means, sparse.means);
    for (std::size_t g = 0; g < 4; ++g)
        for (std::size_t lag = 0; lag < s.frames; ++lag) {
            double sum = 0;
            double mean = 0;
            for (std::size_t i = g * 44 / 4; i < (g + 1) * 44 / 4; ++i) {
                mean += scale[lag] * test::count(s, lag, pixels[i]) / 11;
                for (std::size_t t = 0; t + lag < s.frames; ++t)
                    sum +=
                        scale[t] * test::count(s, t, pixels[i]) * scale[t + lag] * test::count(s, t + lag, pixels[i]);
            }
            const auto at = std::pair{static_cast<Eigen::Index>(lag), static_cast<Eigen::Index>(g)};
            EXPECT_NEAR(dense.lag_sums(at.first, at.second), sum, 1e-11);
            EXPECT_NEAR(sparse.lag_sums(at.first, at.second), sum, 1e-11);
            EXPECT_NEAR(dense.means(at.second, at.first), mean, 1e-14);
            EXPECT_NEAR(sparse.means(at.second, at.first), mean, 1e-14);
        }
}

TEST(GroupLagSums, PullIsTheSumOfTheDefinition) {
    SpeckleSeries s = white_noise(150, 1, 60, 0.3, 8);
    std::fill_n(s.counts.begin() + 40 * 60, 60, 0.0F);
    const auto map = two_time(s);
    const Eigen::MatrixXd means = Eigen::MatrixXd::Random(3, 150);
    const auto pull = normalisation_pull(map, means);
    for (std::size_t lag = 0; lag < 150; ++lag)
        for (Eigen::Index g = 0; g < 3; ++g) {
            double sum = 0;
            for (std::size_t t = 0; t + lag < 150; ++t)
                if (const double c = map(t, t + lag); !std::isnan(c))
                    sum +=
                        c * (means(g, static_cast<Eigen::Index>(t)) + means(g, static_cast<Eigen::Index>(t + lag)) - 1);
            EXPECT_NEAR(pull(static_cast<Eigen::Index>(lag), g), sum, 1e-10) << lag;
        }
}

}  // namespace
}  // namespace vitrum::analysis
