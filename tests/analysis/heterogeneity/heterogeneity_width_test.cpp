#include "vitrum/analysis/heterogeneity/heterogeneity_width.hpp"

#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/analysis/thermo/activation_volume.hpp"
#include "vitrum/core/numerics/shortest_interval.hpp"

namespace vitrum::analysis {
namespace {

// C(t, t+5) = values[t]; everything else 1.
TwoTimeMap map_with(const std::vector<double>& values, std::size_t lag) {
    const std::size_t n = values.size() + lag;
    TwoTimeMap map{n, std::vector<double>(n * n, 1.0), 1.0, "s", false};
    for (std::size_t t = 0; t < values.size(); ++t) map(t, t + lag) = map(t + lag, t) = values[t];
    return map;
}

TEST(ShortestInterval, ExactCases) {
    std::vector<double> uniform;
    std::vector<double> exponential;
    constexpr int n = 20000;
    for (int i = 0; i < n; ++i) {
        uniform.push_back((i + 0.5) / n);
        exponential.push_back(-std::log(1 - (i + 0.5) / n));
    }
    EXPECT_NEAR(shortest_interval(uniform, 0.9), 0.9, 2.0 / n);
    EXPECT_NEAR(shortest_interval(exponential, 0.9), std::log(10.0), 1e-3);  // 2.302585 of the mean
    std::vector<double> five{5, 1, 2, 3, 100};
    EXPECT_DOUBLE_EQ(shortest_interval(five, 0.6), 2);
    EXPECT_DOUBLE_EQ(shortest_interval(five, 0.8), 4);
    EXPECT_DOUBLE_EQ(shortest_interval(five, 1.0), 99);
}

// The naive twin: every pair of values as an interval.
TEST(ShortestInterval, AgreesWithTryingEveryInterval) {
    std::vector<double> values;
    for (int i = 0; i < 40; ++i)
        values.push_back(std::sin(12.9898 * i) * 43758.5453 - std::floor(std::sin(12.9898 * i) * 43758.5453));
    double best = 1e9;
    for (const double a : values)
        for (const double b : values) {
            int held = 0;
            for (const double v : values) held += v >= a && v <= b;
            if (held >= 0.7 * 40) best = std::min(best, b - a);
        }
    EXPECT_DOUBLE_EQ(shortest_interval(values, 0.7), best);
}

TEST(HeterogeneityWidth, TakesTheDiagonalAtTau) {
    std::vector<double> values;
    for (int i = 0; i < 400; ++i) values.push_back(1 + 0.001 * ((i * 37) % 400));
    const auto rows = heterogeneity_width(map_with(values, 5), {.tau = 5.2, .contrast = 0.2, .contrast_error = 0.01});
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_NEAR(rows[0].value, 0.359, 1e-9);
    EXPECT_NEAR(rows[3].value, 0.239, 1e-9);
    EXPECT_NEAR(rows[4].value, 0.359 / 0.2, 1e-9);
    EXPECT_GT(rows[0].standard_error, 0);
    // Lost frames are skipped.
    auto map = map_with(values, 5);
    map(7, 12) = map(12, 7) = not_a_number;
    EXPECT_NEAR(heterogeneity_width(map, {.tau = 5, .contrast = 0.2})[0].value, 0.359, 0.002);
}

TEST(HeterogeneityWidth, NoNumberWithoutALag) {
    const auto map = map_with(std::vector<double>(50, 1.0), 5);
    EXPECT_EQ(heterogeneity_width(map, {})[0].status, Status::no_data);
    EXPECT_EQ(heterogeneity_width(map, {.tau = 0.3, .contrast = 1})[0].status, Status::not_resolved);
    EXPECT_EQ(heterogeneity_width(map, {.tau = 50, .contrast = 1})[0].status, Status::decay_not_reached);
    EXPECT_TRUE(std::isnan(heterogeneity_width(map, {.tau = 50, .contrast = 1})[0].value));
}

TEST(ActivationVolume, ExactForAStraightLine) {
    // ln tau = 2 P at 300 K: V = 2 kT = 8.2838 angstrom^3.
    Curve tau;
    tau.x = {4, 0, 1};
    tau.y = {std::exp(8.0), 1, std::exp(2.0)};
    tau.y_error = {0.1 * std::exp(8.0), 0.1, 0.1 * std::exp(2.0)};
    const auto rows = activation_volume(tau, {.temperature = 300});
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[2].quantity, "activation_volume_slope");
    EXPECT_NEAR(rows[2].value, 8.283894, 1e-6);
    // kT times the error of a slope: 0.1/sqrt(sum (P - <P>)^2) with equal errors of ln tau.
    EXPECT_NEAR(rows[2].standard_error, 4.141947 * 0.1 / std::sqrt(26.0 / 3), 1e-6);
    EXPECT_NEAR(rows[3].value, 1, 1e-12);  // activation_volume_p
    EXPECT_NEAR(rows[0].value, 8.283894, 1e-6);
    EXPECT_NEAR(rows[1].value, 8.283894, 1e-6);
    EXPECT_NEAR(rows[0].abscissa[0].value, 0.5, 1e-12);
    EXPECT_NEAR(rows[1].standard_error, 4.141947 / 3 * std::sqrt(0.02), 1e-6);
    // Pressures beyond a crossover are left out; between two there is one volume and no line to test.
    tau.y[0] = 1;
    tau.y_error[0] = 0.1;
    EXPECT_EQ(activation_volume(tau, {.temperature = 300})[2].status, Status::law_rejected);
    const auto side = activation_volume(tau, {.temperature = 300, .low = 0, .high = 1});
    ASSERT_EQ(side.size(), 1U);
    EXPECT_NEAR(side[0].value, 8.283894, 1e-6);
    tau.y[0] = not_a_number;
    EXPECT_EQ(activation_volume(tau, {})[1].status, Status::no_data);
    tau.x = {1, 1, 2};
    EXPECT_MESSAGE(activation_volume(tau, {}), "two values of tau at the same pressure");
}

}  // namespace
}  // namespace vitrum::analysis
