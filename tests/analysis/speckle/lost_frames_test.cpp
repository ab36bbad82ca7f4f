// Frames of which nothing is known: left out with their pairs, not taken for empty ones.
#include <algorithm>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/test_series.hpp"
#include "vitrum/analysis/chain/segments.hpp"
#include "vitrum/analysis/correlation/g2_variants.hpp"
#include "vitrum/analysis/correlation/multi_tau/multi_tau.hpp"
#include "vitrum/analysis/correlation/multi_tau/multi_tau_accumulator.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/analysis/speckle/photon_statistics.hpp"
#include "vitrum/analysis/speckle/speckle_visibility.hpp"

namespace vitrum::analysis {
namespace {

void lose(SpeckleSeries& s, const std::vector<std::size_t>& frames) {
    s.lost.assign(s.frames, 0);
    for (const std::size_t f : frames) {
        s.lost[f] = 1;
        std::fill_n(s.counts.begin() + static_cast<std::ptrdiff_t>(f * s.pixels()), s.pixels(), 0.0F);
    }
}

// Pixel p of 40 counts 0 (20 times), 1 (16 times) or 2 (4 times), the same in every frame.
SpeckleSeries equal_frames(std::size_t frames) {
    SpeckleSeries s;
    s.frames = frames;
    s.rows = 4;
    s.columns = 10;
    for (std::size_t f = 0; f < frames; ++f)
        for (std::size_t p = 0; p < 40; ++p) s.counts.push_back(p < 20 ? 0.0F : p < 36 ? 1.0F : 2.0F);
    return s;
}

// P0 = 1/2, P1 = 2/5, P2 = 1/10: 2 P0 P2/P1^2 - 1 = -3/8. One of three frames taken for empty gives 2 (2/3) (1/15)/
// (4/15)^2 - 1 = 1/4. <k(k-1)>/<k>^2 over different pixels: 8 39/(24^2 - 32) - 1.
TEST(LostFrames, PhotonStatisticsLeaveThemOut) {
    SpeckleSeries s = equal_frames(3);
    lose(s, {1});
    for (const auto& series : {s, test::sparse_twin(s)}) {
        const auto rows = contrast_from_photons(series);
        EXPECT_DOUBLE_EQ(rows[0].value, -3.0 / 8);
        EXPECT_DOUBLE_EQ(rows[1].value, 8.0 * 39 / (24 * 24 - 32) - 1);
        const auto statistics = photon_statistics(series, active_pixels(series, 0));
        EXPECT_DOUBLE_EQ(statistics.mean, 24.0 / 40);
        EXPECT_DOUBLE_EQ(statistics.contrast, rows[1].value);
    }
    s.lost.clear();
    EXPECT_NEAR(contrast_from_photons(s)[0].value, 1.0 / 4, 1e-15);  // of a frame that was empty
}

// 20 frames, frames 3 and 8 lost: of the sums of two frames 2/3 and 8/9 go. Sums are 0, 2, 4 in the same pixels:
// sum K(K-1) = 16 2 + 4 12 = 80, S = 48, sum K^2 = 16 4 + 4 16 = 128.
TEST(LostFrames, SumsWithThemAreLost) {
    SpeckleSeries s = equal_frames(20);
    lose(s, {3, 8});
    for (const auto& series : {s, test::sparse_twin(s)}) {
        const SpeckleSeries sums = summed_frames(series, 2);
        EXPECT_EQ(sums.known_frames(), 8U);
        EXPECT_TRUE(sums.is_lost(1) && sums.is_lost(4));
        const auto statistics = photon_statistics(sums, active_pixels(sums, 0));
        EXPECT_DOUBLE_EQ(statistics.mean, 48.0 / 40);
        EXPECT_DOUBLE_EQ(statistics.contrast, 80.0 * 39 / (48 * 48 - 128) - 1);
    }
}

// Frames that do not change have N sum I^2/(sum I)^2 = 40 32/24^2 at every lag of every level.
TEST(LostFrames, MultiTauLeavesTheirPairsOut) {
    SpeckleSeries s = equal_frames(70);
    lose(s, {0, 5, 20, 21, 22, 41, 69});
    const MultiTauOptions options{.region = 0, .channels = 8, .static_region = {}};
    MultiTauAccumulator arriving(s, options);
    arriving.add(s);
    auto sums = frame_sums(s, active_pixels(s, 0));
    for (std::size_t f = 0; f < s.frames; ++f)
        if (s.is_lost(f)) sums[f] = std::nan("");
    for (const auto& g2 : {multi_tau(s, options), multi_tau(test::sparse_twin(s), options), arriving.g2(),
                           g2_ratio_of_means(two_time(s), sums)})
        for (std::size_t i = 0; i < g2.size(); ++i)
            if (g2.weight[i] > 0) {
                EXPECT_NEAR(g2.y[i], 40.0 * 32 / (24 * 24), 1e-12) << g2.x[i];
            } else {
                EXPECT_TRUE(std::isnan(g2.y[i])) << g2.x[i];
            }
    // Lag 1: 69 pairs, two for each of 5, 41, one for 0 and 69, four for 20 to 22. Level 1 has 35 frames, of which 0,
    // 2, 10, 11, 20, 34 are lost: at lag 5 (10 frames) the pairs that begin with 0, 2, 5, 6, 10, 11, 15, 20, 29 of 30.
    const auto g2 = multi_tau(s, options);
    EXPECT_DOUBLE_EQ(g2.weight[0], 69 - 2 * 2 - 2 - 4);
    EXPECT_DOUBLE_EQ(g2.x[8], 10);
    EXPECT_DOUBLE_EQ(g2.weight[8], 30 - 9);
}

// The same bits from dense, sparse and arriving frames, and from a naive sum at the first two levels.
TEST(LostFrames, MultiTauOfNoiseIsTheNaiveSum) {
    SpeckleSeries s = test::white_noise(61, 6, 9, 1.5, 23);
    lose(s, {2, 3, 17, 30, 31, 32, 47});
    const MultiTauOptions options{.region = 0, .channels = 4, .static_region = {}};
    const auto g2 = multi_tau(s, options);
    const auto sparse = multi_tau(test::sparse_twin(s), options);
    MultiTauAccumulator arriving(s, options);
    arriving.add(test::sparse_twin(s));
    const auto bits = [](std::vector<double> y) {  // with one number for no number
        for (double& v : y) v = std::isnan(v) ? -1 : v;
        return y;
    };
    EXPECT_EQ(bits(g2.y), bits(sparse.y));
    EXPECT_EQ(bits(g2.y), bits(arriving.g2().y));
    EXPECT_EQ(bits(g2.y_error), bits(sparse.y_error));
    EXPECT_EQ(g2.weight, arriving.g2().weight);
    const SpeckleSeries pairs = summed_frames(s, 2);
    const std::array<const SpeckleSeries*, 2> levels{&s, &pairs};
    using Place = std::array<std::size_t, 3>;  // level, lag, of the channels
    for (const auto& [level, lag, place] : {Place{0, 1, 0}, Place{0, 4, 3}, Place{1, 3, 4}, Place{1, 4, 5}}) {
        const SpeckleSeries& x = *levels.at(level);
        double products = 0;
        double past = 0;
        double future = 0;
        double n = 0;
        for (std::size_t t = 0; t + lag < x.frames; ++t) {
            if (x.is_lost(t) || x.is_lost(t + lag)) continue;
            n += 1;
            for (std::size_t p = 0; p < x.pixels(); ++p) {
                products += test::count(x, t, p) * test::count(x, t + lag, p);
                past += test::count(x, t, p);
                future += test::count(x, t + lag, p);
            }
        }
        EXPECT_NEAR(g2.y[place], n * 54 * products / (past * future), 1e-12) << level << ", " << lag;
        EXPECT_EQ(g2.weight[place], n);
    }
}

TEST(LostFrames, SegmentsKeepThem) {
    SpeckleSeries s = equal_frames(12);
    lose(s, {1, 7});
    const SpeckleSeries part = frames_of(s, 6, 12);
    EXPECT_EQ(part.lost, (std::vector<std::uint8_t>{0, 1, 0, 0, 0, 0}));
    for (const auto& g2 : multi_tau_by_segment(s, {.region = 0, .channels = 4, .static_region = {}}, {0, 6, 12}))
        EXPECT_DOUBLE_EQ(g2.y[0], 40.0 * 32 / (24 * 24));
}

// Frames that do not change: sum I^2/N over G^2 = 40 32/24^2 in each form whose mean is that of the frames that are
// known; the zeros of the lost ones would lower it.
TEST(LostFrames, HaveNoEntryInAMap) {
    SpeckleSeries s = equal_frames(6);
    lose(s, {2});
    TwoTimeOptions options;
    options.static_region.assign(40, 1);
    for (const auto n : {Normalisation::symmetric, Normalisation::global, Normalisation::static_map_time}) {
        options.normalisation = n;
        const TwoTimeMap map = two_time(s, options);
        for (std::size_t i = 0; i < 6; ++i) {
            EXPECT_TRUE(std::isnan(map(i, 2)) && std::isnan(map(2, i))) << name(n);
            if (i != 2 && i != 0) {
                EXPECT_NEAR(map(0, i), 40.0 * 32 / (24 * 24), 1e-14) << name(n);
            }
        }
    }
}

}  // namespace
}  // namespace vitrum::analysis
