// What a detector cuts off, and options that make no detector.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/model/small_series.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {
namespace {

using test::dense;
using test::small_series;

// Counts above the largest one stand as the largest; others stay as they are. Then no moment of the counts is known.
TEST(GeneratedSeries, SaturatedCountsAreCutOff) {
    for (const Output output : {Output::dense, Output::sparse}) {
        SpeckleOptions o = small_series();
        o.rows = 20;
        o.output = output;
        const StreamKey key{3, cell_id("cut"), 0};
        const auto whole = dense(generate(o, key).data);
        o.detector.saturation = 3;
        const auto made = generate(o, key);
        const auto cut = dense(made.data);
        std::size_t above = 0;
        for (std::size_t i = 0; i < whole.counts.size(); ++i) {
            EXPECT_EQ(cut.counts[i], std::min(whole.counts[i], 3.0F));
            above += whole.counts[i] > 3 ? 1 : 0;
        }
        EXPECT_GT(above, 100U);
        EXPECT_EQ(made.truth.curve("g2"), nullptr);
        EXPECT_EQ(made.truth.find("contrast", {}), nullptr);
        EXPECT_EQ(made.truth.find("tau", {})->value, 5);
    }
}

TEST(GeneratedSeries, BadOptionsAreNamed) {
    const auto with = [](auto&& change) {
        SpeckleOptions o = small_series();
        change(o);
        return message_of([&] { check(o); });
    };
    EXPECT_EQ(with([](auto&) {}), "no error");
    EXPECT_TRUE(
        contains(with([](auto& o) { o.dynamics.event_times = {99}; }), "event_times: 99 s lies outside the scan"));
    EXPECT_TRUE(contains(with([](auto& o) { o.dynamics.event_rate = -1; }), "event_rate = -1"));
    EXPECT_TRUE(contains(with([](auto& o) { o.detector.exposure = 2; }), "exposure = 2 s"));
    EXPECT_TRUE(contains(with([](auto& o) { o.detector.exposure = 1; }), "substeps = 1"));
    EXPECT_TRUE(contains(with([](auto& o) { o.detector.background = 1; }), "background = 1"));
    EXPECT_TRUE(contains(with([](auto& o) { o.detector.dark_counts = -1; }), "dark_counts = -1"));
    EXPECT_TRUE(contains(with([](auto& o) { o.detector.intensity_drift = 2; }), "intensity_drift = 2"));
    EXPECT_TRUE(
        contains(with([](auto& o) { o.detector.zero_pixels = o.detector.dead_pixels = 0.5; }), "leave no pixel"));
    EXPECT_TRUE(contains(with([](auto& o) { o.detector.mode_weights = {1, 0}; }), "mode_weights: 0"));
    EXPECT_TRUE(contains(with([](auto& o) { o.detector.lost_frames = 1; }), "lost_frames = 1"));
    EXPECT_TRUE(contains(with([](auto& o) { o.detector.hot_pixels = 0.1; }), "hot_pixels = 0.1 and hot_counts = 0"));
    EXPECT_TRUE(contains(with([](auto& o) { o.detector.saturation = 2.5; }), "saturation = 2.5"));
    EXPECT_TRUE(contains(with([](auto& o) {
                             o.frames = 5000;
                             o.dynamics.event_times = {50};
                         }),
                         "frames = 5000"));
    EXPECT_TRUE(contains(with([](auto& o) {
                             o.dynamics.clock = {.kind = ClockKind::piecewise, .times = {0, 6}, .taus = {1, 40}};
                             o.dynamics.form = KernelForm::midpoint;
                         }),
                         "kernel: this correlation is not positive definite"));
    EXPECT_TRUE(contains(with([](auto& o) { o.dynamics.form = KernelForm::earlier_time; }), "earlier_time"));
}

}  // namespace
}  // namespace vitrum::model
