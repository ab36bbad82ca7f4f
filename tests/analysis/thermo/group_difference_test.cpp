// Two groups of samples: values by hand, Welch's interval, and the coverage that error bars of fits have.
#include "vitrum/analysis/thermo/group_difference.hpp"

#include <cmath>

#include <boost/math/distributions/students_t.hpp>
#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {
namespace {

TEST(GroupDifference, ByHand) {
    const std::vector<MeasuredSample> a{{1, 0.1}, {3, 0.1}};
    const std::vector<MeasuredSample> b{{4, 0.2}, {6, 0.2}, {8, 0.2}};
    const auto fits = group_difference(a, b, GroupErrors::measurement).front();
    EXPECT_DOUBLE_EQ(fits.value, 4);
    EXPECT_DOUBLE_EQ(fits.standard_error, std::sqrt(0.01 / 2 + 0.04 / 3));
    const auto spread = group_difference(a, b, GroupErrors::samples).front();
    const double va = 1;        // 2/2
    const double vb = 4.0 / 3;  // 4/3
    EXPECT_DOUBLE_EQ(spread.standard_error, std::sqrt(va + vb));
    const double freedom = (va + vb) * (va + vb) / (va * va / 1 + vb * vb / 2);
    const double factor = boost::math::quantile(boost::math::students_t(freedom), 0.975);
    EXPECT_NEAR(spread.upper - spread.value, factor * std::sqrt(va + vb), 1e-9);
}

TEST(GroupDifference, OneSampleShowsNoSpread) {
    const std::vector<MeasuredSample> one{{1, 0.1}};
    EXPECT_EQ(group_difference(one, {{2, 0.1}, {3, 0.1}}, GroupErrors::samples).front().status, Status::no_data);
    EXPECT_EQ(group_difference(one, one, GroupErrors::measurement).front().status, Status::ok);
}

// Error bars of the fits alone hold the truth in erf(1.96/sqrt(1 + between^2/error^2)/sqrt(2)) of all runs, whatever
// the number of samples. 20000 runs, four binomial errors: false alarms 6e-5.
TEST(GroupDifference, CoverageOfFitErrorsIsTheClosedForm) {
    constexpr int runs = 20000;
    for (const std::size_t samples : {1U, 3U}) {
        int held = 0;
        Stream stream({5, samples, 0}, Purpose::test, 0);
        boost::random::normal_distribution<double> normal;
        const auto draw = [&] {
            std::vector<MeasuredSample> g;
            for (std::size_t i = 0; i < samples; ++i) g.push_back({0.1 * normal(stream) + 0.05 * normal(stream), 0.05});
            return g;
        };
        for (int r = 0; r < runs; ++r) {
            const auto a = draw();
            const auto row = group_difference(a, draw(), GroupErrors::measurement).front();
            held += row.lower <= 0 && 0 <= row.upper ? 1 : 0;
        }
        const double expected = std::erf(1.959964 / std::sqrt(1 + 4.0) / std::sqrt(2.0));
        EXPECT_NEAR(static_cast<double>(held) / runs, expected, 4 * std::sqrt(expected * (1 - expected) / runs));
    }
}

}  // namespace
}  // namespace vitrum::analysis
