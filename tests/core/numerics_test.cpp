#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "vitrum/core/numerics/minimise.hpp"
#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum {
namespace {

TEST(Statistics, OfFourNumbersByHand) {
    const std::array<double, 4> x{1, 2, 3, 4};
    EXPECT_EQ(mean(x), 2.5);
    EXPECT_DOUBLE_EQ(sample_variance(x), 5.0 / 3);
    const Spread s = spread_of(x);
    EXPECT_EQ(s.n, 4U);
    EXPECT_DOUBLE_EQ(s.error(), std::sqrt(5.0 / 12));
    // Values without one group: squares about the mean times (n - 1)/n.
    EXPECT_DOUBLE_EQ(jackknife_error(x), std::sqrt(5.0 * 3 / 4));
}

TEST(Statistics, TooFewValuesAreNotANumber) {
    EXPECT_TRUE(std::isnan(mean({})));
    EXPECT_TRUE(std::isnan(sample_variance(std::array<double, 1>{3})));
    EXPECT_TRUE(std::isnan(spread_of(std::array<double, 1>{3}).sd));
    EXPECT_EQ(blocked_mean(std::array<double, 1>{3}).error, 0);
}

TEST(Statistics, BlocksSeeThatNeighboursAreAlike) {
    // Every value 16 times: as good as 64 independent ones, whose error is four times that of 1024.
    std::vector<double> x;
    for (int i = 0; i < 64; ++i)
        for (int k = 0; k < 16; ++k) x.push_back(std::sin(37.0 * i));
    std::vector<double> once;
    for (int i = 0; i < 64; ++i) once.push_back(std::sin(37.0 * i));
    EXPECT_NEAR(blocked_mean(x).mean, mean(once), 1e-12);
    EXPECT_GE(blocked_mean(x).error, spread_of(once).error() * (1 - 1e-12));
}

TEST(Minimise, FindsTheLowerOfTwoWellsAndTheEnds) {
    const auto wells = [](double x) { return (x * x - 1) * (x * x - 1) + 0.1 * x; };
    const double at = minimise(wells, -2, 2, 40);
    // 4 x (x^2 - 1) + 0.1 = 0 near -1.
    EXPECT_NEAR(4 * at * (at * at - 1) + 0.1, 0, 1e-5);
    EXPECT_LT(at, -1);
    EXPECT_NEAR(minimise([](double x) { return x; }, 3, 5, 10), 3, 1e-6);
    EXPECT_NEAR(minimise([](double x) { return -x; }, 3, 5, 10), 5, 1e-6);
    EXPECT_NEAR(minimise([](double x) { return std::abs(x - 0.3); }, 0, 1, 7), 0.3, 1e-6);
}

}  // namespace
}  // namespace vitrum
