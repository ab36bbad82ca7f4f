#include "vitrum/analysis/chain/segments.hpp"

#include <cmath>

#include <boost/random/poisson_distribution.hpp>
#include <gtest/gtest.h>

#include "vitrum/analysis/chain/frames_summary.hpp"
#include "vitrum/analysis/correlation/multi_tau/multi_tau_accumulator.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {
namespace {

SpeckleSeries poisson(std::size_t frames, double mean, std::uint64_t seed) {
    SpeckleSeries s;
    s.frames = frames;
    s.rows = 6;
    s.columns = 15;
    s.frame_time = 0.5;
    Stream stream({seed, 0, 0}, Purpose::counting, 0);
    boost::random::poisson_distribution<int> counts(mean);
    for (std::size_t i = 0; i < frames * s.pixels(); ++i) s.counts.push_back(static_cast<float>(counts(stream)));
    s.used.assign(s.pixels(), 1);
    s.used[7] = s.used[40] = 0;
    for (std::size_t p = 0; p < s.pixels(); ++p) s.region.push_back(p % 15 < 8 ? 1 : 3);
    return s;
}

SpeckleSeries sparse(const SpeckleSeries& dense) {
    SpeckleSeries s = dense;
    s.counts.clear();
    s.frame_ptr.assign(1, 0);
    for (std::size_t f = 0; f < dense.frames; ++f) {
        for (std::size_t p = 0; p < dense.pixels(); ++p)
            if (dense.counts[f * dense.pixels() + p] > 0) {
                s.index.push_back(static_cast<std::uint32_t>(p));
                s.intensity.push_back(static_cast<std::uint32_t>(dense.counts[f * dense.pixels() + p]));
            }
        s.frame_ptr.push_back(s.index.size());
    }
    return s;
}

void expect_same_bits(const Curve& a, const Curve& b) {
    EXPECT_EQ(a.x, b.x);
    EXPECT_EQ(a.y, b.y);
    EXPECT_EQ(a.weight, b.weight);
    EXPECT_EQ(a.y_error, b.y_error);
    EXPECT_EQ(a.error_method, b.error_method);
}

TEST(MultiTauAccumulator, FramesThatArriveGiveTheBitsOfTheWholeRun) {
    const SpeckleSeries whole = poisson(203, 0.6, 11);
    for (const std::int32_t region : {0, 1, 3}) {
        MultiTauOptions options;
        options.region = region;
        options.channels = 8;
        MultiTauAccumulator one_by_one(whole, options);
        for (std::size_t f = 0; f < whole.frames; ++f) {
            one_by_one.add(whole.counts.data() + f * whole.pixels());
            if (f == 2 || f == 16 || f == 99 || f + 1 == whole.frames)
                expect_same_bits(one_by_one.g2(), multi_tau(frames_of(whole, 0, f + 1), options));
        }
        MultiTauAccumulator in_blocks(whole, options);
        in_blocks.add(frames_of(whole, 0, 17));
        in_blocks.add(sparse(frames_of(whole, 17, 120)));
        in_blocks.add(frames_of(whole, 120, 203));
        EXPECT_EQ(in_blocks.frames(), 203U);
        expect_same_bits(in_blocks.g2(), multi_tau(whole, options));
    }
}

TEST(MultiTauAccumulator, StaticRegionsAndErrors) {
    const SpeckleSeries whole = poisson(64, 2, 5);
    MultiTauOptions options;
    for (std::size_t p = 0; p < whole.pixels(); ++p) options.static_region.push_back(1 + static_cast<int>(p % 2));
    MultiTauAccumulator all(whole, options);
    EXPECT_THROW((void)all.g2(), InputError);
    all.add(whole);
    expect_same_bits(all.g2(), multi_tau(whole, options));
    SpeckleSeries other = poisson(10, 1, 1);
    other.rows = 3;
    other.columns = 30;
    EXPECT_THROW(all.add(other), InputError);
    options.channels = 7;
    EXPECT_THROW(MultiTauAccumulator(whole, options), InputError);
}

TEST(Segments, EdgesCoverTheRunOnce) {
    EXPECT_EQ(segment_edges(10, 3), (std::vector<std::size_t>{0, 3, 6, 10}));
    EXPECT_EQ(segment_edges(10, 9), (std::vector<std::size_t>{0, 3, 6, 10}));  // not less than 3 frames each
    EXPECT_EQ(segment_edges(4, 5), (std::vector<std::size_t>{0, 4}));
}

TEST(Segments, EachStandsAlone) {
    const SpeckleSeries whole = poisson(61, 0.8, 3);
    const auto edges = segment_edges(whole.frames, 4);
    MultiTauOptions options;
    options.region = 3;
    const auto parts = multi_tau_by_segment(whole, options, edges);
    const auto events = multi_tau_by_segment(sparse(whole), options, edges);
    TwoTimeOptions map_options;
    map_options.region = 3;
    const TwoTimeMap map = two_time(whole, map_options);
    const auto from_map = g2_by_segment(map, edges);
    ASSERT_EQ(parts.size(), 4U);
    for (std::size_t k = 0; k < 4; ++k) {
        const SpeckleSeries part = frames_of(whole, edges[k], edges[k + 1]);
        expect_same_bits(parts[k], multi_tau(part, options));
        expect_same_bits(parts[k], events[k]);
        // The map of the segment alone is the block on the diagonal.
        const TwoTimeMap own = two_time(part, map_options);
        for (std::size_t lag = 1; lag < own.frames; ++lag) {
            double sum = 0;
            for (std::size_t t = 0; t + lag < own.frames; ++t) sum += own(t, t + lag);
            EXPECT_NEAR(from_map[k].y[lag - 1], sum / static_cast<double>(own.frames - lag), 1e-14);
        }
    }
}

TEST(FramesSummary, RegionsWithoutGapsAndDarkSegments) {
    SpeckleSeries s = poisson(60, 0.8, 9);
    for (std::size_t i = 24 * s.pixels(); i < 36 * s.pixels(); ++i) s.counts[i] = 0;  // the third fifth is dark
    const FramesSummary summary = summarise(s);
    EXPECT_EQ(summary.region_number, (std::vector<std::int32_t>{1, 3}));
    EXPECT_EQ(summary.dynamic_region[14], 2);
    EXPECT_EQ(summary.dynamic_region[7], 0);
    EXPECT_EQ(summary.segment_count(), 5U);
    const std::size_t cells = summary.g2.size();
    EXPECT_TRUE(std::isnan(summary.g2_by_segment[2 * cells]));
    EXPECT_TRUE(std::isfinite(summary.g2_by_segment[1 * cells]));
    const FramesSummary again = summarise(sparse(s));
    EXPECT_EQ(again.mean_image, summary.mean_image);
    EXPECT_EQ(again.mean_of_frame, summary.mean_of_frame);
    EXPECT_EQ(again.static_segment, summary.static_segment);
    EXPECT_EQ(again.g2, summary.g2);
}

}  // namespace
}  // namespace vitrum::analysis
