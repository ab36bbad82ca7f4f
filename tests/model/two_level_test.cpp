#include "vitrum/model/landscape/two_level.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::model {
namespace {

const TwoLevelSystem zhang{.formation_volume = 20, .crossing_pressure = 3};

TEST(TwoLevel, RatesObeyDetailedBalanceAndGiveTau) {
    for (const double p : {0.0, 1.7, 3.0, 8.2}) {
        const double kt = boltzmann_ev * zhang.temperature;
        const double to_right = zhang.rate_left_to_right(p);
        const double to_left = zhang.rate_right_to_left(p);
        EXPECT_NEAR(std::log(to_right / to_left), -zhang.asymmetry(p) / kt,
                    1e-12 * std::abs(zhang.asymmetry(p) / kt) + 1e-12);
        EXPECT_NEAR(zhang.tau(p) * (to_right + to_left), 1, 1e-12);
        EXPECT_NEAR(zhang.right_occupation(p), to_right / (to_right + to_left), 1e-14);
    }
}

TEST(TwoLevel, SlopeIsTheDerivative) {
    const TwoLevelSystem s{.activation_volume = 1.5, .formation_volume = 7};
    for (const double p : {0.3, 3.0, 5.5}) {
        const double h = 1e-5;
        const double numeric =
            boltzmann_gpa_a3 * s.temperature * (std::log(s.tau(p + h)) - std::log(s.tau(p - h))) / (2 * h);
        EXPECT_NEAR(s.apparent_activation_volume(p), numeric, 1e-7);
        EXPECT_NEAR(s.mean_activation_volume(p - h, p + h), numeric, 1e-7);
    }
}

// +-Omega/2 far from the crossing; Delta0 = -0.3745 eV for Omega = 20 A^3 and P_x = 3 GPa.
TEST(TwoLevel, ZhangNumbers) {
    EXPECT_NEAR(zhang.asymmetry(0), -0.3745, 1e-4);
    EXPECT_NEAR(zhang.apparent_activation_volume(-40), 10, 1e-6);
    EXPECT_NEAR(zhang.apparent_activation_volume(46), -10, 1e-6);
    EXPECT_NEAR(zhang.apparent_activation_volume(3), 0, 1e-12);
    // The peak of tau lies at the crossing.
    EXPECT_GT(zhang.tau(3), zhang.tau(2.99));
    EXPECT_GT(zhang.tau(3), zhang.tau(3.01));
}

// 4 p1 p2 = 2e-6 at 0 GPa and 5e-11 at 8.2 GPa.
TEST(TwoLevel, WhatTwoLevelAtomsWouldShow) {
    const auto product = [](double p) { return 4 * zhang.right_occupation(p) * (1 - zhang.right_occupation(p)); };
    EXPECT_NEAR(product(0), 2e-6, 0.3e-6);
    EXPECT_NEAR(product(8.2), 5e-11, 1e-11);
    const double qd = 2.7;
    EXPECT_NEAR(zhang.visible_amplitude(3, 2.7, 1), 0.5 * (1 - std::sin(qd) / qd), 1e-12);
}

TEST(TwoLevel, RefusesALostWell) {
    EXPECT_MESSAGE((check({.barrier = 0.1, .formation_volume = 20}, 0)), "below half the asymmetry");
    EXPECT_MESSAGE(check({.temperature = -1}, 0), "temperature = -1 K");
}

}  // namespace
}  // namespace vitrum::model
