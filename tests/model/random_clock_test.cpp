#include "vitrum/model/relaxation/random_clock.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/model/field/sample_times.hpp"
#include "vitrum/model/relaxation/kernel_on_times.hpp"

namespace vitrum::model {
namespace {

const RandomClock gamma_clock{.kind = RandomClockKind::gamma, .tau = 6, .step = 0.4};
const RandomClock switching{
    .kind = RandomClockKind::two_state, .tau_fast = 2, .tau_slow = 40, .time_fast = 3, .time_slow = 9};
const RandomClock avalanches{
    .kind = RandomClockKind::avalanche, .rate = 0.3, .kappa = 0.2, .sizes = {Offspring::geometric, 0.7}};
const RandomClock critical{
    .kind = RandomClockKind::avalanche, .rate = 0.2, .kappa = 0.1, .sizes = {Offspring::poisson, 1}};

// By the power series of the generator in small steps: no eigenvalues.
double two_state_by_steps(const RandomClock& c, double s, double t) {
    constexpr int steps = 200000;
    const double h = t / steps;
    double fast = c.time_fast / (c.time_fast + c.time_slow);
    double slow = 1 - fast;
    // Second order (midpoint), row vector times generator.
    const auto rate = [&](double f, double l) {
        return std::pair{-f / c.time_fast + l / c.time_slow - s * f / c.tau_fast,
                         f / c.time_fast - l / c.time_slow - s * l / c.tau_slow};
    };
    for (int i = 0; i < steps; ++i) {
        const auto [df, dl] = rate(fast, slow);
        const auto [mf, ml] = rate(fast + h / 2 * df, slow + h / 2 * dl);
        fast += h * mf;
        slow += h * ml;
    }
    return fast + slow;
}

TEST(RandomClock, ClosedFormsAndTheirLimits) {
    EXPECT_NEAR(gamma_clock.laplace(2, 5), std::pow(1 + 2 * 0.4, -5 / (6 * 0.4)), 1e-14);
    for (const double s : {1.0, 2.0, 4.0})
        for (const double t : {0.5, 4.0, 30.0})
            EXPECT_NEAR(switching.laplace(s, t), two_state_by_steps(switching, s, t), 1e-8) << s << " " << t;
    EXPECT_NEAR(avalanches.laplace(2, 7),
                std::exp(-0.3 * 7 * (1 - GaltonWatson{Offspring::geometric, 0.7}.generating(std::exp(-0.4)))), 1e-14);
    EXPECT_NEAR(switching.laplace(0, 5), 1, 1e-14);
    // Without fluctuations every clock is the steady one of its mean rate.
    RandomClock fine = gamma_clock;
    fine.step = 1e-9;
    RandomClock equal = switching;
    equal.tau_fast = equal.tau_slow = 6;
    RandomClock small = avalanches;
    small.rate = 1e6;
    small.kappa = 0.3 / 6 / 1e6;
    for (const auto& clock : {fine, equal, small}) {
        EXPECT_NEAR(clock.mean_rate(), 1.0 / 6, 1e-12);
        EXPECT_NEAR(clock.laplace(2, 5), std::exp(-2 * 5 / 6.0), 1e-6);
        EXPECT_NEAR(clock.laplace(4, 5) - std::pow(clock.laplace(2, 5), 2), 0, 1e-6) << "no variance is left";
    }
    // The slope at s = 0 is the mean advance.
    for (const auto& clock : {gamma_clock, switching, avalanches})
        EXPECT_NEAR((1 - clock.laplace(1e-6, 3)) / 1e-6, 3 * clock.mean_rate(), 1e-4);
    EXPECT_EQ(critical.mean_rate(), std::numeric_limits<double>::infinity());
}

// Mean and variance of |g1|^2 at beta = 1 over 20000 realisations at three lags, from an instant inside the scan: each
// within 4.9 standard errors of the closed form (1e-6; 4 clocks x 3 lags x 2: 2.4e-5 in all; 1e-4 allowing for
// skewness).
TEST(RandomClock, MeanAndVarianceOverRealisations) {
    constexpr int draws = 20000;
    const SampleTimes times{.frames = 24, .frame_time = 1, .start = 50};
    const auto instants = times.all();
    std::uint64_t cell = 0;
    for (const auto& clock : {gamma_clock, switching, avalanches, critical}) {
        const Kernel law{.clock = standing_clock(), .random = clock};
        ASSERT_TRUE(law.known_population());
        const KernelOnTimes on(law, instants);
        ++cell;
        for (const std::size_t lag : {1U, 5U, 15U}) {
            const Powers p = on.powers(3, 3 + lag);
            EXPECT_NEAR(p[2], clock.laplace(2, static_cast<double>(lag)), 1e-14);
            const double variance = p[4] - p[2] * p[2];
            double sum = 0, squares = 0, spread = 0, spreads = 0;
            for (int i = 0; i < draws; ++i) {
                const Kernel one = realise(law, instants, 50, 74, {7, cell, static_cast<std::uint64_t>(i)});
                const double x = std::exp(-2 * (one.path.at(instants[3 + lag]) - one.path.at(instants[3])));
                const double v = (x - p[2]) * (x - p[2]);
                sum += x;
                squares += x * x;
                spread += v;
                spreads += v * v;
            }
            const double mean = sum / draws;
            const double mean_spread = spread / draws;
            EXPECT_NEAR(mean, p[2], 4.9 * std::sqrt((squares / draws - mean * mean) / draws)) << cell << " " << lag;
            EXPECT_NEAR(mean_spread, variance, 4.9 * std::sqrt((spreads / draws - mean_spread * mean_spread) / draws))
                << cell << " " << lag;
        }
    }
}

// A drawn clock never runs back, and its kernel is positive definite at any beta.
TEST(RandomClock, DrawnClocksAreClocks) {
    const auto instants = SampleTimes{.frames = 60, .frame_time = 1}.all();
    for (const auto& clock : {gamma_clock, switching, avalanches, critical})
        for (const double beta : {0.7, 1.8, 2.0}) {
            const Kernel one =
                realise({.clock = standing_clock(), .beta = beta, .random = clock}, instants, 0, 60, {3});
            EXPECT_FALSE(one.random_dynamics());
            EXPECT_FALSE(one.stationary());
            for (std::size_t i = 1; i < instants.size(); ++i)
                EXPECT_GE(one.path.at(instants[i]), one.path.at(instants[i - 1]));
            EXPECT_GT(smallest_relative_eigenvalue(one.matrix(instants)), -1e-14);
        }
}

TEST(ClockPath, BetweenItsKnots) {
    const ClockPath linear{.times = {1, 3}, .values = {0, 4}};
    EXPECT_EQ(linear.at(0), 0);
    EXPECT_EQ(linear.at(2), 2);
    EXPECT_EQ(linear.at(9), 4);
    const ClockPath steps = catalogue_path({1, 3}, {2, 5}, 0.1);
    EXPECT_EQ(steps.at(0.9), 0);
    EXPECT_NEAR(steps.at(1), 0.2, 1e-15) << "a step belongs to its time";
    EXPECT_NEAR(steps.at(4), 0.7, 1e-15);
    EXPECT_EQ(ClockPath{}.at(3), 0);
    EXPECT_MESSAGE((void)catalogue_path({3, 1}, {2, 5}, 1), "time 1 s in row 2 does not increase");
    EXPECT_MESSAGE((void)catalogue_path({1}, {-2}, 1), "size -2 in row 1");
    EXPECT_MESSAGE((void)catalogue_path({1}, {2}, 0), "avalanche_advance = 0");
}

TEST(RandomClock, BadClocksAreNamed) {
    const auto with = [](RandomClock clock, auto&& change) {
        change(clock);
        return message_of([&] { check(clock); });
    };
    EXPECT_EQ(with(switching, [](auto&) {}), "no error");
    EXPECT_TRUE(contains(with(gamma_clock, [](auto& c) { c.tau = 0; }), "tau = 0 s"));
    EXPECT_TRUE(contains(with(gamma_clock, [](auto& c) { c.step = 0; }), "clock_step = 0"));
    EXPECT_TRUE(contains(with(switching, [](auto& c) { c.tau_fast = 50; }), "not longer than tau_slow = 40 s"));
    EXPECT_TRUE(contains(with(switching, [](auto& c) { c.time_slow = -1; }), "time_slow = -1 s"));
    EXPECT_TRUE(contains(with(avalanches, [](auto& c) { c.rate = 0; }), "avalanche_rate = 0"));
    EXPECT_TRUE(contains(with(avalanches, [](auto& c) { c.kappa = 0; }), "avalanche_advance = 0"));
    EXPECT_TRUE(contains(with(avalanches, [](auto& c) { c.sizes.mean = 2; }), "offspring_mean = 2"));
}

}  // namespace
}  // namespace vitrum::model
