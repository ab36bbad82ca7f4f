#include "vitrum/core/data/time_alignment.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace vitrum {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(TimeAlignment, MeanInsideTheExposureElseTheLineAtItsMiddle) {
    // Samples every 0.25 s of v = 10 t: a frame of 0.5 s holds three of them, one of 0.1 s may hold none.
    TimeSeries trace{"x", "", {}, {}};
    for (int i = 0; i <= 40; ++i) {
        trace.time.push_back(0.25 * i);
        trace.value.push_back(2.5 * i);
    }
    const auto wide = aligned(trace, {1.0, 2.0, 0.5, 3});
    for (std::size_t f = 0; f < 3; ++f) EXPECT_DOUBLE_EQ(wide[f], 10 * (1.25 + 2.0 * static_cast<double>(f)));
    const auto narrow = aligned(trace, {1.1, 2.0, 0.1, 3});
    for (std::size_t f = 0; f < 3; ++f) EXPECT_NEAR(narrow[f], 10 * (1.15 + 2.0 * static_cast<double>(f)), 1e-12);
    // The mean, not the line: one outlier inside the exposure counts a third.
    trace.value[5] += 30;
    EXPECT_DOUBLE_EQ(aligned(trace, {1.0, 2.0, 0.5, 1})[0], 12.5 + 10);
}

TEST(TimeAlignment, GapsAndEndsAreNotFilled) {
    const TimeSeries trace{"x", "", {0, 1, 2, 3, 10, 11, 12}, {0, 1, 2, 3, 10, 11, 12}};
    const auto values = aligned(trace, {-0.5, 1, 0, 14});
    for (std::size_t f = 0; f < values.size(); ++f) {
        const double t = -0.5 + static_cast<double>(f);
        const bool known = (t > 0 && t < 3) || (t > 10 && t < 12);
        EXPECT_EQ(std::isfinite(values[f]), known) << t;
        if (known) {
            EXPECT_DOUBLE_EQ(values[f], t);
        }
    }
}

TEST(TimeAlignment, OrderAndLostSamplesDoNotMatter) {
    const TimeSeries trace{"x", "", {3, 0, 2, 1, nan}, {6, 0, nan, 2, 7}};
    const auto values = aligned(trace, {0.5, 1, 0, 3});
    EXPECT_DOUBLE_EQ(values[0], 1);
    EXPECT_DOUBLE_EQ(values[1], 3);  // 2 s is lost: the line from 1 s to 3 s
    EXPECT_DOUBLE_EQ(values[2], 5);
    EXPECT_TRUE(std::isnan(aligned({"x", "", {}, {}}, {0, 1, 0, 1})[0]));
}

}  // namespace
}  // namespace vitrum
