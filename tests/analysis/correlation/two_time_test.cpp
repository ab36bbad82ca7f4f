#include "vitrum/analysis/correlation/two_time.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/analysis/test_series.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"

namespace vitrum::analysis {
namespace {

using test::sparse_twin;
using test::white_noise;

// The definition, one entry at a time.
double naive(const SpeckleSeries& s, std::size_t i, std::size_t j) {
    double a = 0;
    double b = 0;
    double ab = 0;
    double n = 0;
    for (std::size_t p = 0; p < s.pixels(); ++p) {
        if (!s.used.empty() && !s.used[p]) continue;
        const auto x = static_cast<double>(s.counts[i * s.pixels() + p]);
        const auto y = static_cast<double>(s.counts[j * s.pixels() + p]);
        a += x;
        b += y;
        ab += x * y;
        n += 1;
    }
    return n * ab / (a * b);
}

TEST(TwoTime, EqualsItsDefinition) {
    SpeckleSeries s = white_noise(250, 9, 131, 0.7);  // more than one tile of frames and of pixels
    s.used.assign(s.pixels(), 1);
    s.used[5] = s.used[700] = 0;
    const auto map = two_time(s);
    for (const std::size_t i : {0UL, 3UL, 191UL, 192UL, 249UL})
        for (const std::size_t j : {0UL, 100UL, 191UL, 192UL, 249UL}) {
            EXPECT_NEAR(map(i, j), naive(s, i, j), 1e-13) << i << " " << j;
            EXPECT_EQ(map(i, j), map(j, i));
        }
}

TEST(TwoTime, SparseAndDenseGiveTheSameBits) {
    const SpeckleSeries dense = white_noise(80, 20, 33, 0.05);
    const auto a = two_time(dense);
    const auto b = two_time(sparse_twin(dense));
    EXPECT_EQ(a.values, b.values);
}

TEST(TwoTime, SameBitsForAnyNumberOfThreads) {
    SpeckleSeries s = white_noise(300, 20, 60, 2);
    for (float& v : s.counts) v *= 0.37F;  // not whole: the order of sums would show
    const auto with = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return two_time(s).values;
    };
    EXPECT_EQ(with(1), with(2));
}

// A correlator that divides by the pixels that saw a photon finds 0.17 here (factor 1 - exp(-rate T)).
TEST(TwoTime, PixelsWithoutAPhotonCount) {
    const SpeckleSeries dense = white_noise(200, 100, 100, 1e-3);
    const auto g2 = g2_values(two_time(sparse_twin(dense)));
    double mean = 0;
    for (const double y : g2.y) mean += y / static_cast<double>(g2.size());
    // Pairs per lag 100 to 200, photons per pair 10 x 10 / 10000 expected coincidences 0.01: the mean over all
    // 19900 pairs has a standard error of about 1/sqrt(199) = 0.07.
    EXPECT_NEAR(mean, 1, 0.3);
}

// Empty frames have no normalisation: their pairs are left out. Counting them as zero gives 0.85 here.
TEST(TwoTime, EmptyFramesAreLeftOut) {
    SpeckleSeries s = white_noise(100, 60, 60, 1);
    for (const std::size_t f : {3UL, 17UL, 40UL, 41UL, 42UL, 77UL, 90UL})
        std::fill_n(s.counts.begin() + static_cast<std::ptrdiff_t>(f * s.pixels()), s.pixels(), 0.0F);
    const auto map = two_time(s);
    EXPECT_TRUE(std::isnan(map(3, 50)));
    Curve g2 = g2_values(map);
    add_pixel_jackknife(g2, s, map, 0);
    EXPECT_EQ(g2.weight[0], 99 - 12);
    for (std::size_t i = 0; i < 50; ++i) EXPECT_NEAR(g2.y[i], 1, 6 * g2.y_error[i]);
}

TEST(TwoTime, IntensityDriftCancels) {
    SpeckleSeries s = white_noise(50, 30, 30, 3);
    const auto before = two_time(s);
    for (std::size_t f = 0; f < s.frames; ++f)
        for (std::size_t p = 0; p < s.pixels(); ++p) s.counts[f * s.pixels() + p] *= static_cast<float>(f + 1);
    const auto after = two_time(s);
    for (std::size_t i = 0; i < before.values.size(); ++i) EXPECT_NEAR(after.values[i], before.values[i], 1e-12);
}

TEST(TwoTime, NothingToCorrelate) {
    SpeckleSeries s = white_noise(10, 3, 3, 1);
    EXPECT_MESSAGE(two_time(s, {2}), "no pixel takes part in region 2");
    std::fill(s.counts.begin(), s.counts.end(), 0.0F);
    EXPECT_MESSAGE(two_time(s), "every frame is empty");
}

TEST(G2, IsTheMeanOfTheDiagonal) {
    TwoTimeMap map{4, std::vector<double>(16, 0), 2.0, "s", false};
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) map(i, j) = static_cast<double>(10 * std::min(i, j) + std::max(i, j));
    const auto g2 = g2_values(map);
    EXPECT_EQ(g2.x, (std::vector<double>{2, 4, 6}));
    EXPECT_DOUBLE_EQ(g2.y[0], (1 + 12 + 23) / 3.0);
    EXPECT_DOUBLE_EQ(g2.y[2], 3);
    EXPECT_EQ(g2.weight, (std::vector<double>{3, 2, 1}));
    EXPECT_NEAR(g2.scatter[1], 5.5, 1e-12);
}

// The linear jackknife equals leaving a group out and starting again, to order 1/N.
TEST(G2, PixelJackknifeAgreesWithLeavingPixelsOut) {
    const SpeckleSeries s = white_noise(40, 64, 50, 0.8, 9);
    const auto map = two_time(s);
    Curve g2 = g2_values(map);
    add_pixel_jackknife(g2, s, map, 0);
    ASSERT_EQ(g2.covariance_factor.cols(), 64);
    const auto pixels = in_patches(s, active_pixels(s, 0), 64);
    std::vector<double> without(64);
    for (std::size_t group = 0; group < 64; ++group) {
        SpeckleSeries part = s;
        part.used.assign(s.pixels(), 1);
        for (std::size_t i = group * 50; i < (group + 1) * 50; ++i) part.used[pixels[i]] = 0;
        without[group] = g2_values(two_time(part)).y[4];
    }
    double mean = 0;
    for (const double v : without) mean += v / 64;
    double variance = 0;
    for (const double v : without) variance += (v - mean) * (v - mean) * 63 / 64;
    EXPECT_NEAR(g2.y_error[4] / std::sqrt(variance), 1, 0.02);
}

}  // namespace
}  // namespace vitrum::analysis
