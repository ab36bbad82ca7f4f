// Ratio of sums, ratio of means, log bins and multi-tau: constant images, white noise, and the naive sums.
#include "vitrum/analysis/correlation/g2_variants.hpp"

#include <array>
#include <cmath>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/analysis/test_series.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/multi_tau/multi_tau.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::analysis {
namespace {

using test::count;
using test::sparse_twin;
using test::white_noise;

SpeckleSeries constant_images(std::size_t frames) {
    SpeckleSeries s = white_noise(frames, 6, 7, 3, 5);
    for (std::size_t f = 1; f < frames; ++f)
        std::copy_n(s.counts.begin(), s.pixels(), s.counts.begin() + static_cast<std::ptrdiff_t>(f * s.pixels()));
    return s;
}

std::vector<double> sums_of(const SpeckleSeries& s) { return frame_sums(s, active_pixels(s, 0)); }

TEST(G2Variants, EqualTheNaiveSums) {
    SpeckleSeries s = white_noise(20, 5, 6, 0.1, 2);  // about one frame in twenty is empty
    std::fill_n(s.counts.begin() + 30 * 4, 30, 0.0F);
    const auto map = two_time(s);
    const auto of_sums = g2_ratio_of_sums(map, sums_of(s));
    const auto of_means = g2_ratio_of_means(map, sums_of(s));
    for (std::size_t lag = 1; lag < 20; ++lag) {
        double products = 0;
        double pair = 0;
        double past = 0;
        double future = 0;
        for (std::size_t t = 0; t + lag < 20; ++t) {
            double a = 0;
            double b = 0;
            for (std::size_t p = 0; p < 30; ++p) {
                a += count(s, t, p);
                b += count(s, t + lag, p);
                products += 30 * count(s, t, p) * count(s, t + lag, p);
            }
            pair += a * b;
            past += a;
            future += b;
        }
        if (pair > 0) {
            EXPECT_NEAR(of_sums.y[lag - 1], products / pair, 1e-12);
        }
        if (past * future > 0) {
            EXPECT_NEAR(of_means.y[lag - 1], (20.0 - static_cast<double>(lag)) * products / (past * future), 1e-12);
        }
    }
}

TEST(G2Variants, ConstantImagesGiveAConstant) {
    const auto s = constant_images(70);
    double square = 0;
    double sum = 0;
    for (std::size_t p = 0; p < s.pixels(); ++p) {
        square += count(s, 0, p) * count(s, 0, p);
        sum += count(s, 0, p);
    }
    const double expected = static_cast<double>(s.pixels()) * square / (sum * sum);
    const auto map = two_time(s);
    for (const auto& g2 : {g2_values(map), g2_ratio_of_sums(map, sums_of(s)), g2_ratio_of_means(map, sums_of(s)),
                           log_binned(g2_values(map), 5), multi_tau(s), multi_tau(sparse_twin(s))})
        for (std::size_t i = 0; i < g2.size(); ++i) EXPECT_NEAR(g2.y[i], expected, 1e-12) << g2.x[i];
}

// White Poisson noise, 200 frames x 900 pixels, mean 0.5: the standard error of a lag of n pairs is 1/(0.5 sqrt(900
// n)), at a level of 2^l frames 2^-l of it per pair. Over some 700 values, |z| < 5 has a false-alarm rate of 4e-4.
TEST(G2Variants, WhiteNoiseGivesOne) {
    const auto s = white_noise(200, 30, 30, 0.5, 6);
    const auto map = two_time(s);
    for (const auto& g2 : {g2_values(map), g2_ratio_of_sums(map, sums_of(s)), g2_ratio_of_means(map, sums_of(s)),
                           log_binned(g2_values(map), 4)})
        for (std::size_t i = 0; i < g2.size(); ++i)
            EXPECT_NEAR(g2.y[i], 1, 5 / (0.5 * 30 * std::sqrt(g2.weight[i])) + 1e-5) << g2.x[i];
    const auto g2 = multi_tau(s);
    for (std::size_t i = 0; i < g2.size(); ++i) {
        const double width = g2.x[i] <= 16 ? 1 : std::exp2(std::floor(std::log2((g2.x[i] - 1) / 8)));
        EXPECT_NEAR(g2.y[i], 1, 5 / (0.5 * width * 30 * std::sqrt(g2.weight[i])) + 1e-4) << g2.x[i];
    }
}

TEST(G2Variants, AnIntensityStepCancelsInTheRatioOfSumsOnly) {
    SpeckleSeries s = constant_images(40);
    const auto before = two_time(s);
    const double level = g2_values(before).y[0];
    for (std::size_t f = 20; f < 40; ++f)
        for (std::size_t p = 0; p < s.pixels(); ++p) s.counts[f * s.pixels() + p] *= 4;
    const auto map = two_time(s);
    EXPECT_NEAR(g2_ratio_of_sums(map, sums_of(s)).y[3], level, 1e-12);
    // Pairs at lag 4: 16 low, 16 high, 4 across: n sum aa' / (sum a sum a') = 36 (16 + 256 + 16)/(84 * 96) ... by hand.
    const double past = 20 + 16 * 4;
    const double future = 16 + 20 * 4;
    EXPECT_NEAR(g2_ratio_of_means(map, sums_of(s)).y[3] / level, 36.0 * (16 + 4 * 4 + 16 * 16) / (past * future),
                1e-12);
}

TEST(LogBinned, IsTheMeanOfTheMapEntriesInTheBin) {
    const auto s = white_noise(90, 5, 20, 1, 9);
    const auto map = two_time(s);
    Curve g2 = g2_values(map);
    add_pixel_jackknife(g2, s, map, 0);
    const auto binned = log_binned(g2, 3);
    ASSERT_EQ(binned.size(), 6U);  // edges 1, 2.15, 4.64, 10, 21.5, 46.4, 100
    double sum = 0;
    double lags = 0;
    double n = 0;
    for (std::size_t i = 0; i < 90; ++i)
        for (std::size_t j = i + 10; j < 90 && j < i + 22; ++j) {
            sum += map(i, j);
            lags += static_cast<double>(j - i);
            n += 1;
        }
    EXPECT_NEAR(binned.y[3], sum / n, 1e-12);
    EXPECT_NEAR(binned.x[3], lags / n, 1e-12);
    EXPECT_EQ(binned.weight[3], n);
    Eigen::RowVectorXd row = Eigen::RowVectorXd::Zero(g2.covariance_factor.cols());
    for (Eigen::Index lag = 10; lag < 22; ++lag)
        row += (90.0 - static_cast<double>(lag)) / n * g2.covariance_factor.row(lag - 1);
    EXPECT_NEAR(binned.y_error[3], row.norm(), 1e-12);
    EXPECT_LT(binned.y_error[3], g2.y_error[9]);
    EXPECT_MESSAGE(log_binned(g2, 0), "bins_per_decade = 0");
}

// One pixel list, level by level, with plain loops.
double naive_multi_tau(const SpeckleSeries& s, const std::vector<std::size_t>& pixels, std::size_t level,
                       std::size_t lag) {
    const std::size_t width = std::size_t{1} << level;
    const std::size_t frames = s.frames / width;
    const auto x = [&](std::size_t t, std::size_t p) {
        double sum = 0;
        for (std::size_t k = 0; k < width; ++k) sum += count(s, t * width + k, p);
        return sum / static_cast<double>(width);
    };
    double g = 0;
    double past = 0;
    double future = 0;
    double n = 0;
    for (std::size_t t = 0; t + lag < frames; ++t)
        for (const auto p : pixels) {
            g += x(t, p) * x(t + lag, p);
            past += x(t, p);
            future += x(t + lag, p);
            n += 1;
        }
    return (g / n) / (past / n * (future / n));
}

TEST(MultiTau, EqualsTheNaiveSumDenseAndSparse) {
    SpeckleSeries s = white_noise(187, 6, 11, 0.3, 7);
    s.used.assign(66, 1);
    s.used[13] = 0;
    std::vector<std::size_t> pixels;
    for (std::size_t p = 0; p < 66; ++p)
        if (p != 13) pixels.push_back(p);
    const auto dense = multi_tau(s);
    const auto sparse = multi_tau(sparse_twin(s));
    EXPECT_EQ(dense.y, sparse.y);
    EXPECT_EQ(dense.x, sparse.x);
    EXPECT_EQ(dense.y_error, sparse.y_error);
    // 187 frames: lags 1..16, 18..32 by 2 (93 frames), 36..64 by 4 (46), 72..128 by 8 (23), 144, 160 by 16 (11 frames).
    ASSERT_EQ(dense.size(), 16U + 8 + 8 + 8 + 2);
    EXPECT_EQ(dense.x[16], 18);
    EXPECT_EQ(dense.x.back(), 160);
    for (std::size_t i = 0; i < dense.size(); ++i) {
        const std::size_t level = i < 16 ? 0 : 1 + (i - 16) / 8;
        const auto lag = static_cast<std::size_t>(dense.x[i]) >> level;
        EXPECT_NEAR(dense.y[i], naive_multi_tau(s, pixels, level, lag), 1e-11) << dense.x[i];
        EXPECT_GT(dense.y_error[i], 0);
    }
    const auto of_means = g2_ratio_of_means(two_time(s), frame_sums(s, active_pixels(s, 0)));
    for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(dense.y[i], of_means.y[i], 1e-12);
}

TEST(MultiTau, StaticRegionsAreNormalisedOneByOneAndAveraged) {
    const auto s = white_noise(40, 4, 10, 1, 3);
    MultiTauOptions options{.region = 0, .channels = 8, .static_region = std::vector<std::int32_t>(40, 2)};
    std::vector<std::size_t> low;
    std::vector<std::size_t> high;
    for (std::size_t p = 0; p < 40; ++p) {
        if (p < 12) options.static_region[p] = 1;
        (p < 12 ? low : high).push_back(p);
    }
    const auto g2 = multi_tau(s, options);
    EXPECT_NEAR(g2.y[4], (naive_multi_tau(s, low, 0, 5) + naive_multi_tau(s, high, 0, 5)) / 2, 1e-12);
    EXPECT_NEAR(g2.y[8], (naive_multi_tau(s, low, 1, 5) + naive_multi_tau(s, high, 1, 5)) / 2, 1e-12);
    EXPECT_EQ(g2.x[8], 10);
}

TEST(MultiTau, SameBitsForAnyNumberOfThreads) {
    SpeckleSeries s = white_noise(100, 20, 40, 2);
    for (float& v : s.counts) v *= 0.37F;
    const auto with = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return multi_tau(s);
    };
    const auto one = with(1);
    const auto two = with(2);
    EXPECT_EQ(one.y, two.y);
    EXPECT_EQ(one.y_error, two.y_error);
}

TEST(MultiTau, BadOptionsAreNamed) {
    SpeckleSeries s = white_noise(10, 3, 3, 1);
    EXPECT_MESSAGE(multi_tau(s, {.region = 0, .channels = 7, .static_region = {}}), "channels = 7");
    EXPECT_MESSAGE(multi_tau(s, {.region = 2, .channels = 8, .static_region = {}}), "no pixel takes part in region 2");
    std::fill(s.counts.begin(), s.counts.end(), 0.0F);
    EXPECT_MESSAGE(multi_tau(s), "every frame is empty");
}

// On correlated speckle the error bars of multi-tau are those of repeated runs: 200 runs of 100 frames x 256 pixels.
// The ratio of the mean quoted variance to the observed one has a standard error of about sqrt(2/200) = 0.10 (plus
// sqrt(2/(63*200)) from the jackknife); 5 standard errors at each of three lags: false alarm 2e-6.
TEST(MultiTau, ErrorBarsAreTheSpreadOfRepeatedRuns) {
    model::SpeckleOptions o;
    o.frames = 100;
    o.rows = o.columns = 16;
    o.modes = 5;
    o.mean_count = 0.5;
    o.relaxation = {10, 1.5};
    constexpr int runs = 200;
    const std::array<std::size_t, 3> lags{0, 9, 18};
    std::array<double, 3> sum{};
    std::array<double, 3> squares{};
    std::array<double, 3> quoted{};
    for (std::uint64_t r = 0; r < runs; ++r) {
        const auto g2 = multi_tau(model::generate(o, {31, cell_id("multi-tau"), r}).data);
        for (std::size_t k = 0; k < 3; ++k) {
            const std::size_t i = lags.at(k);
            sum.at(k) += g2.y[i];
            squares.at(k) += g2.y[i] * g2.y[i];
            quoted.at(k) += g2.y_error[i] * g2.y_error[i] / runs;
        }
    }
    for (std::size_t k = 0; k < 3; ++k) {
        const double variance = (squares.at(k) - sum.at(k) * sum.at(k) / runs) / (runs - 1);
        EXPECT_NEAR(quoted.at(k) / variance, 1, 5 * 0.105) << lags.at(k);
        RecordProperty("ratio_" + std::to_string(k), std::to_string(std::sqrt(quoted.at(k) / variance)));
    }
}

}  // namespace
}  // namespace vitrum::analysis
