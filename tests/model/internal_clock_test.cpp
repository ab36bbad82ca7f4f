#include "vitrum/model/relaxation/internal_clock.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"

namespace vitrum::model {
namespace {

const InternalClock glass{.kind = ClockKind::ageing, .tau0 = 34, .tau_star = 2300};

// Midpoint rule with steps that meet every break of the clocks below.
double integral(const InternalClock& clock, double from, double to) {
    constexpr int steps = 60000;
    const double h = (to - from) / steps;
    double sum = 0;
    for (int i = 0; i < steps; ++i) sum += h / clock.tau(from + (i + 0.5) * h);
    return sum;
}

TEST(InternalClock, IsTheIntegralOfItsRate) {
    const std::vector<InternalClock> clocks{
        {.tau0 = 7},
        {.kind = ClockKind::ageing, .tau0 = 3, .tau_star = 9},
        {.kind = ClockKind::ageing, .tau0 = 3, .tau_star = 9, .plateau_time = 10},
        {.kind = ClockKind::accelerating, .tau0 = 8, .tau_star = 9, .plateau_time = 15},
        {.kind = ClockKind::piecewise, .times = {5, 10, 15}, .taus = {2, 9, 4}},
        {.kind = ClockKind::table, .times = {5, 10, 15}, .taus = {2, 9, 9}},
        {.kind = ClockKind::table, .times = {5}, .taus = {2}},
        {.kind = ClockKind::beam_damage, .tau0 = 6, .damage_time = 4},
    };
    for (const auto& clock : clocks) {
        check(clock);
        for (const auto& [from, to] : {std::pair{-5.0, 5.0}, {0.0, 20.0}, {12.5, 20.0}, {5.0, 10.0}})
            EXPECT_NEAR(clock.at(to) - clock.at(from), integral(clock, from, to), 2e-7 * (to - from))
                << name(clock.kind) << " " << from << " " << to;
        EXPECT_EQ(clock.at(0), 0);
    }
}

// Lambda = (tau*/tau0)(1 - exp(-t/tau*)) saturates at 67.65; forward from tw, g1 falls to 1/e after
// -tau* ln(1 - tau(tw)/tau*), and never once tau(tw) >= tau*, at 9693 s.
TEST(InternalClock, AgeingLaw) {
    EXPECT_NEAR(glass.at(1000), 2300.0 / 34 * (1 - std::exp(-1000.0 / 2300)), 1e-10);
    EXPECT_NEAR(glass.at(1e6), 67.65, 0.005);
    const double tw = 4000;
    EXPECT_NEAR(glass.tau(tw), 193.54, 0.01);
    const double lag = -2300 * std::log(1 - glass.tau(tw) / 2300);
    EXPECT_NEAR(glass.at(tw + lag) - glass.at(tw), 1, 1e-12);
    EXPECT_NEAR(glass.tau(9693), 2300, 0.3);
    EXPECT_LT(glass.at(1e7) - glass.at(9700), 1);
    InternalClock plateau = glass;
    plateau.plateau_time = 8000;
    EXPECT_DOUBLE_EQ(plateau.at(8000), glass.at(8000));
    EXPECT_NEAR(plateau.at(9000) - plateau.at(8000), 1000 / glass.tau(8000), 1e-12);
}

// Twice the speed once the dose is reached; the clock has then run 1.5 times as far as without a beam.
TEST(InternalClock, BeamDamage) {
    const InternalClock clock{.kind = ClockKind::beam_damage, .tau0 = 60, .damage_time = 200};
    EXPECT_DOUBLE_EQ(clock.tau(200), 30);
    EXPECT_DOUBLE_EQ(clock.at(200), 1.5 * 200 / 60);
    EXPECT_DOUBLE_EQ(clock.tau(-50), 60);
    EXPECT_DOUBLE_EQ(clock.at(-60), -1);
    EXPECT_FALSE(clock.stationary());
}

TEST(InternalClock, JumpsAreSteps) {
    const InternalClock clock{.tau0 = 10, .jump_times = {-1, 3, 6}, .jump_sizes = {9, 0.5, 2}};
    EXPECT_NEAR(clock.at(3.0 - 1e-9), 0.3, 1e-9);
    EXPECT_NEAR(clock.at(3.0), 0.8, 1e-12);
    EXPECT_NEAR(clock.at(7) - clock.at(5), 2.2, 1e-12);
    EXPECT_FALSE(clock.stationary());
}

TEST(InternalClock, BadClocksAreNamed) {
    EXPECT_MESSAGE(check(InternalClock{.tau0 = -2}), "tau = -2 s");
    EXPECT_MESSAGE((check(InternalClock{.kind = ClockKind::ageing, .tau0 = 0})), "tau0 = 0 s");
    EXPECT_MESSAGE((check(InternalClock{.kind = ClockKind::beam_damage, .damage_time = 0})), "damage_time = 0 s");
    EXPECT_MESSAGE((check(InternalClock{.kind = ClockKind::ageing, .tau_star = -1})), "tau_star = -1 s");
    EXPECT_MESSAGE(check(InternalClock{.kind = ClockKind::table}), "tau_times is empty");
    EXPECT_MESSAGE((check(InternalClock{.kind = ClockKind::table, .times = {0, 5}, .taus = {1}})), "tau_values has 1");
    EXPECT_MESSAGE((check(InternalClock{.kind = ClockKind::table, .times = {5, 5}, .taus = {1, 1}})),
                   "does not increase");
    EXPECT_MESSAGE((check(InternalClock{.kind = ClockKind::piecewise, .times = {0, 5}, .taus = {1, -1}})),
                   "tau_values: -1 s");
    EXPECT_MESSAGE((check(InternalClock{.jump_times = {2}, .jump_sizes = {-1}})), "jump_sizes: -1");
    EXPECT_MESSAGE((check(InternalClock{.jump_times = {2}})), "jump_sizes has 0");
    EXPECT_MESSAGE((void)clock_from("agein"), "did you mean 'ageing'");
}

}  // namespace
}  // namespace vitrum::model
