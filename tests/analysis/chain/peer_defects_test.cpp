// Defects of other programs' correlation, each as the test that would have caught it. The map's own are in
// two_time_test.cpp (PixelsWithoutAPhotonCount, EmptyFramesAreLeftOut).
#include <algorithm>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/test_series.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/g2_variants.hpp"
#include "vitrum/analysis/correlation/multi_tau/multi_tau.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/analysis/heterogeneity/chi4.hpp"
#include "vitrum/analysis/relaxation/age_cuts.hpp"
#include "vitrum/analysis/speckle/photon_statistics.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::analysis {
namespace {

using test::sparse_twin;
using test::white_noise;

double weighted_mean(const Curve& g2) {
    double sum = 0;
    double weight = 0;
    for (std::size_t i = 0; i < g2.size(); ++i) {
        if (!std::isfinite(g2.y[i])) continue;
        sum += g2.weight[i] * g2.y[i];
        weight += g2.weight[i];
    }
    return sum / weight;
}

std::vector<Curve> every_g2(const SpeckleSeries& s) {
    const auto map = two_time(s);
    const auto sums = frame_sums(s, active_pixels(s, 0));
    return {g2_values(map), g2_ratio_of_sums(map, sums), g2_ratio_of_means(map, sums), log_binned(g2_values(map), 4),
            multi_tau(s)};
}

// An event correlator that normalises by the pixels that saw a photon gives 0.17 here. 1e-3 photons per pixel and
// frame, 2e4 pixels, 200 frames: the 19900 pairs see 398 coincidences, a standard error of 0.05; limits at 5 (false
// alarm 6e-7).
TEST(PeerDefects, PixelsWithoutAPhotonCountInEveryG2) {
    const auto s = sparse_twin(white_noise(200, 100, 200, 1e-3, 14));
    for (const auto& g2 : every_g2(s)) EXPECT_NEAR(weighted_mean(g2), 1, 5 / std::sqrt(19900 * 0.02));
}

// Empty frames counted as zero gave 0.882 at 14.5 % of them. Here 30 pixels at 0.0644: exp(-1.93) = 14.5 % of 1200
// frames are empty; 719400 pairs x 0.124 coincidences: standard error 0.0033 for white noise, limits at 5 of it.
TEST(PeerDefects, EmptyFramesDoNotLowerAnyG2) {
    const auto s = white_noise(1200, 5, 6, 0.0644, 15);
    const auto sums = frame_sums(s, active_pixels(s, 0));
    const auto empty = std::count(sums.begin(), sums.end(), 0.0);
    ASSERT_NEAR(static_cast<double>(empty) / 1200, 0.145, 0.05);
    const auto curves = every_g2(s);
    for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(weighted_mean(curves[k]), 1, 5 * 0.0034) << k;
    // Multi-tau meets a part of the pairs only.
    EXPECT_NEAR(weighted_mean(curves[4]), 1, 0.05);
}

// A multi-tau two-time map left 55 % of its entries zero; g2 from it was 0 at lags 9, 11 and 13 of a constant image.
TEST(PeerDefects, MultiTauLeavesNoLagWithoutAValue) {
    for (const std::size_t frames : {2UL, 5UL, 17UL, 33UL, 64UL, 127UL}) {
        auto s = white_noise(frames, 4, 10, 2, 5);
        for (std::size_t f = 1; f < frames; ++f)
            std::copy_n(s.counts.begin(), 40, s.counts.begin() + static_cast<std::ptrdiff_t>(40 * f));
        const auto g2 = multi_tau(s, {.region = 0, .channels = 4, .static_region = {}});
        ASSERT_FALSE(g2.x.empty());
        for (std::size_t i = 0; i < g2.size(); ++i) EXPECT_NEAR(g2.y[i], g2.y[0], 1e-12) << frames << " " << g2.x[i];
        for (std::size_t i = 0; i < g2.size(); ++i) EXPECT_GT(g2.weight[i], 0);
    }
}

// Counts of several image sets: the last alone was returned, P(0) = 0.055 where 0.207 is right. Half the frames are
// dark here, half hold one photon in every second pixel.
TEST(PeerDefects, PhotonStatisticsUseEveryFrame) {
    auto s = white_noise(10, 8, 10, 1, 1);
    for (std::size_t i = 0; i < s.counts.size(); ++i) s.counts[i] = i < 400 ? 0.0F : static_cast<float>(i % 2);
    s.counts[0] = s.counts[11] = 2;
    const auto rows = contrast_from_photons(s);
    EXPECT_NEAR(rows[0].value, 2 * (398 + 200) * 2 / (200.0 * 200.0) - 1, 1e-12);
    EXPECT_DOUBLE_EQ(photon_statistics(s, active_pixels(s, 0)).mean, 204.0 / 800);
}

// Dense and sparse paths disagreed about the lag. A pattern that comes back after exactly 5 frames does so in each.
TEST(PeerDefects, DenseAndSparseAgreeAboutTheLag) {
    auto s = white_noise(60, 10, 20, 0.3, 6);
    for (std::size_t f = 5; f < 60; ++f)
        std::copy_n(s.counts.begin() + static_cast<std::ptrdiff_t>(200 * (f - 5)), 200,
                    s.counts.begin() + static_cast<std::ptrdiff_t>(200 * f));
    s.frame_time = 0.25;
    const auto pixels = active_pixels(s, 0);
    for (const auto& series : {s, sparse_twin(s)}) {
        for (const auto& g2 : {g2_values(two_time(series)), multi_tau(series)}) {
            const auto peak = std::max_element(g2.y.begin(), g2.y.begin() + 9) - g2.y.begin();
            EXPECT_EQ(g2.x[static_cast<std::size_t>(peak)], 5 * 0.25);
        }
        EXPECT_GT(correlation_trace(series, pixels, 5)[7], 2 * correlation_trace(series, pixels, 4)[7]);
    }
}

// Fits of single ages of a measured map sat at the bound beta = 3 for half the ages, and were used as numbers.
TEST(PeerDefects, PerAgeFitsAtABoundAreNoNumbersOfTheLaw) {
    TwoTimeMap map{200, std::vector<double>(200 * 200, 1.0), 1.0, "s", true};
    for (std::size_t i = 0; i < 200; ++i)
        for (std::size_t j = 0; j < 200; ++j) {
            const double d = std::abs(static_cast<double>(i) - static_cast<double>(j));
            // Early: a step, whose beta is infinite; late: an exponential.
            map(i, j) = i + j < 200 ? (d < 15 ? 1.1 : 1.0) : 1 + 0.1 * std::exp(-2 * d / 12);
        }
    AgeOptions options;
    options.ages = 4;
    options.max_lag = 60;
    const auto ages = tau_by_age(g2_by_age(map, options), {});
    EXPECT_EQ(ages.tau.size(), 2U);
    EXPECT_EQ(ages.rows[0].status, Status::at_bound);
    const auto late =
        std::find_if(ages.rows.rbegin(), ages.rows.rend(), [](const Estimate& e) { return e.quantity == "tau"; });
    ASSERT_NE(late, ages.rows.rend());
    EXPECT_EQ(late->status, Status::ok);
    EXPECT_NEAR(ages.tau.y.back(), 12, 0.1);
}

// Neighbours along a diagonal are correlated: the standard error of their mean, taken as if they were independent,
// is 3 to 4 times too small at tau = 30 of 400 frames and contrast 0.2 (where speckle, not counting, makes the noise:
// 50 counts here; 2.2 times at 5 counts). The pixel jackknife is right. 200 runs: an observed spread has a relative
// error 1/sqrt(400) = 0.05, the jackknife's mean 0.5 % besides; 4.5 of them: false alarm 7e-6 each. Coverage of the
// jackknife's 95 %: at least 178 of 200 (a right interval falls below with probability 1e-4).
TEST(PeerDefects, DiagonalSemTooSmall) {
    model::SpeckleOptions o;
    o.frames = 400;
    o.rows = o.columns = 12;
    o.modes = 5;
    o.mean_count = 50;
    o.relaxation = {30, 1.0};
    constexpr int runs = 200;
    struct Tally {
        double sum = 0, squares = 0, naive = 0, jackknife = 0;
        int covered = 0, covered_naive = 0;
    };
    const std::array<std::size_t, 3> lags{1, 15, 30};
    std::array<Tally, 3> tallies;
    for (std::uint64_t r = 0; r < runs; ++r) {
        const auto s = model::generate(o, {81, cell_id("diagonal"), r}).data;
        const auto map = two_time(s);
        Curve g2 = g2_values(map);
        add_pixel_jackknife(g2, s, map, 0);
        for (std::size_t k = 0; k < lags.size(); ++k) {
            Tally& t = tallies.at(k);
            const std::size_t i = lags.at(k) - 1;
            const double truth = 1 + o.relaxation.g1_squared(static_cast<double>(lags.at(k))) / o.modes;
            const double naive = g2.scatter[i] / std::sqrt(g2.weight[i] - 1);
            t.sum += g2.y[i];
            t.squares += g2.y[i] * g2.y[i];
            t.naive += naive * naive / runs;
            t.jackknife += g2.y_error[i] * g2.y_error[i] / runs;
            t.covered += std::abs(g2.y[i] - truth) < student_factor(63) * g2.y_error[i] ? 1 : 0;
            t.covered_naive += std::abs(g2.y[i] - truth) < 1.96 * naive ? 1 : 0;
        }
    }
    for (std::size_t k = 0; k < lags.size(); ++k) {
        const Tally& t = tallies.at(k);
        const double spread = std::sqrt((t.squares - t.sum * t.sum / runs) / (runs - 1));
        const std::string at = "_lag_" + std::to_string(lags.at(k));
        RecordProperty("naive_too_small_by" + at, std::to_string(spread / std::sqrt(t.naive)));
        RecordProperty("jackknife_too_small_by" + at, std::to_string(spread / std::sqrt(t.jackknife)));
        RecordProperty("covered_jackknife" + at, t.covered);
        RecordProperty("covered_naive" + at, t.covered_naive);
        EXPECT_NEAR(spread / std::sqrt(t.jackknife), 1, 4.5 * 0.05 + 0.005) << lags.at(k);
        EXPECT_GE(t.covered, 178) << lags.at(k);
        EXPECT_NEAR(spread / std::sqrt(t.naive), 3.6, 4.5 * 0.05 * 3.6) << lags.at(k);
    }
}

}  // namespace
}  // namespace vitrum::analysis
