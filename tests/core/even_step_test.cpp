#include "vitrum/core/data/even_step.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace vitrum {
namespace {

std::vector<double> steps(std::size_t n, double step) {
    std::vector<double> times(n);
    for (std::size_t i = 0; i < n; ++i) times[i] = 7 + step * static_cast<double>(i);
    return times;
}

TEST(EvenStep, RoundingAndHolesAreEven) {
    auto times = steps(200, 0.25);
    times[3] = times[150] = NAN;
    EXPECT_EQ(even_step(times, "s").fault, "");
    EXPECT_NEAR(even_step(times, "s").step, 0.25, 1e-12);
    for (std::size_t i = 0; i < times.size(); ++i) times[i] += i % 2 == 0 ? 0.01 : -0.01;
    EXPECT_EQ(even_step(times, "s").fault, "");
    for (double& t : times) t = std::round(t);  // whole seconds, four frames in each
    EXPECT_NE(even_step(times, "s").fault, "");
    auto rounded = steps(100, 2.5);
    for (double& t : rounded) t = std::round(t);
    EXPECT_EQ(even_step(rounded, "ms", 1).fault, "");
}

TEST(EvenStep, FaultsAreNamedAndTheLongestEvenStretch) {
    auto gap = steps(100, 1);
    for (std::size_t i = 30; i < 100; ++i) gap[i] += 5;
    const EvenStep at = even_step(gap, "s");
    EXPECT_EQ(at.fault, "is not equally spaced: 6 s from frame 29 to 30, usual is 1 s");
    EXPECT_EQ(at.first, 30U);
    EXPECT_EQ(at.last, 100U);
    auto drift = steps(200, 1);
    for (std::size_t i = 0; i < 200; ++i) drift[i] += 1e-4 * static_cast<double>(i * i);
    EXPECT_NE(even_step(drift, "s").fault.find("away from even steps"), std::string::npos);
    auto twice = steps(10, 1);
    twice[5] = twice[4];
    EXPECT_EQ(even_step(twice, "s").fault, "does not increase: 11 s at frame 4, 11 s at frame 5");
    EXPECT_EQ(even_step({NAN, 1}, "s").fault, "holds fewer than two times");
}

}  // namespace
}  // namespace vitrum
