// Receiver-operating curves: worked by hand, against the trapezoids, and of two Gaussians, whose area is known.
#include "vitrum/validation/measures/roc.hpp"

#include <cmath>
#include <limits>

#include <boost/math/distributions/normal.hpp>
#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::validation {
namespace {

double trapezoids(const RocCurve& curve) {
    double area = 0;
    for (std::size_t i = 1; i < curve.points.size(); ++i)
        area += (curve.points[i].false_alarms - curve.points[i - 1].false_alarms) *
                (curve.points[i].power + curve.points[i - 1].power) / 2;
    return area;
}

TEST(Roc, ByHandWithTies) {
    const RocCurve curve = roc({1, 2, 2.5}, {3, 2, 2, 0.5});
    // 3 beats 3; each 2 beats 1 and ties once: 1.5; 0.5 beats none. (3 + 1.5 + 1.5)/12.
    EXPECT_DOUBLE_EQ(curve.area.value, 0.5);
    EXPECT_DOUBLE_EQ(trapezoids(curve), 0.5);
    // Shares below: 1, 1/2, 1/2, 0 with variance 1/6 over 4; of the absent 1: 1/4, 2: 1/4 + 1/4, 2.5: 3/4, variance
    // 1/16 over 3.
    EXPECT_DOUBLE_EQ(curve.area.mcse, std::sqrt(1.0 / 24 + 1.0 / 48));
    ASSERT_EQ(curve.points.size(), 6U);
    const std::vector<RocPoint> expected{{std::numeric_limits<double>::infinity(), 0, 0},
                                         {3, 0, 0.25},
                                         {2.5, 1.0 / 3, 0.25},
                                         {2, 2.0 / 3, 0.75},
                                         {1, 1, 0.75},
                                         {0.5, 1, 1}};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_DOUBLE_EQ(curve.points[i].threshold, expected[i].threshold);
        EXPECT_DOUBLE_EQ(curve.points[i].false_alarms, expected[i].false_alarms);
        EXPECT_DOUBLE_EQ(curve.points[i].power, expected[i].power);
    }
    EXPECT_DOUBLE_EQ(curve.power_at(0), 0.25);
    EXPECT_DOUBLE_EQ(curve.power_at(0.5), 0.5);
    EXPECT_DOUBLE_EQ(curve.power_at(1), 1);
}

TEST(Roc, SeparatedSwappedAndTheSame) {
    const double infinite = std::numeric_limits<double>::infinity();
    EXPECT_DOUBLE_EQ(roc({1, 2, 3}, {4, 5, infinite}).area.value, 1);
    EXPECT_DOUBLE_EQ(roc({1, 2, 3}, {4, 5}).area.mcse, 0);
    EXPECT_DOUBLE_EQ(roc({4, 5}, {1, 2, 3}).area.value, 0);
    const RocCurve same = roc({7, 7, 7}, {7, 7});
    EXPECT_DOUBLE_EQ(same.area.value, 0.5);
    EXPECT_DOUBLE_EQ(same.power_at(0.05), 0.05);
}

std::vector<double> normals(std::size_t n, double mean, std::uint64_t replicate) {
    Stream stream({41, cell_id("roc"), replicate}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal(mean);
    std::vector<double> x(n);
    for (double& v : x) v = normal(stream);
    return x;
}

// Two normal laws a distance d apart: area = Phi(d/sqrt 2), and power Phi(d + z) at the rate of false alarms Phi(z).
// 400 curves of 60 and 90 runs. The mean area is right within 4.5 standard errors, the quoted error is the spread
// within 4.5/sqrt(800) = 0.16; its trapezoids are the same number. A rate stands for the mean over thresholds: power
// within 0.02.
TEST(Roc, OfTwoGaussians) {
    const boost::math::normal law;
    for (const double distance : {0.0, 1.0, 2.0}) {
        constexpr int curves = 400;
        double sum = 0, squares = 0, errors = 0, power = 0;
        for (std::uint64_t r = 0; r < curves; ++r) {
            const RocCurve curve = roc(normals(60, 0, 2 * r), normals(90, distance, 2 * r + 1));
            sum += curve.area.value;
            squares += curve.area.value * curve.area.value;
            errors += curve.area.mcse * curve.area.mcse / curves;
            power += curve.power_at(0.2) / curves;
            ASSERT_NEAR(trapezoids(curve), curve.area.value, 1e-12);
        }
        const double spread = std::sqrt((squares - sum * sum / curves) / (curves - 1));
        EXPECT_NEAR(sum / curves, cdf(law, distance / std::sqrt(2.0)), 4.5 * spread / std::sqrt(curves)) << distance;
        EXPECT_NEAR(std::sqrt(errors) / spread, 1, 0.16) << distance;
        EXPECT_NEAR(power, cdf(law, distance + quantile(law, 0.2)), 0.02) << distance;
    }
}

TEST(Roc, WhatCannotBeJudged) {
    EXPECT_MESSAGE(roc({1}, {1, 2}), "1 runs without an event");
    EXPECT_MESSAGE(roc({1, 2}, {}), "0 runs with an event");
    EXPECT_MESSAGE(roc({1, 2}, {1, not_a_number}), "a run with an event has no statistic");
}

}  // namespace
}  // namespace vitrum::validation
