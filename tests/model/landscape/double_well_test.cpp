#include "vitrum/model/landscape/double_well.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/model/landscape/well_law.hpp"

namespace vitrum::model {
namespace {

TEST(DoubleWell, BothConventionsGiveOneSetOfRates) {
    for (const double asymmetry : {0.0, 0.13, -0.21}) {
        const DoubleWell well{0.8, asymmetry, 2e12, 5e12};
        const LowWell low = seen_from_low(well);
        EXPECT_DOUBLE_EQ(low.barrier, 0.8 + std::abs(asymmetry) / 2);
        const DoubleWell back = symmetric(low);
        EXPECT_NEAR(back.saddle, well.saddle, 1e-15);
        EXPECT_EQ(back.asymmetry, well.asymmetry);
        for (const double temperature : {250.0, 700.0}) {
            const Rates a = well.rates(temperature);
            const Rates b = back.rates(temperature);
            EXPECT_NEAR(b.to_right / a.to_right, 1, 1e-12);
            EXPECT_NEAR(b.to_left / a.to_left, 1, 1e-12);
            EXPECT_NEAR(low.rate_up(temperature) / (low.low_is_left ? a.to_right : a.to_left), 1, 1e-12);
            EXPECT_NEAR(low.rate_down(temperature) / (low.low_is_left ? a.to_left : a.to_right), 1, 1e-12);
        }
    }
}

TEST(DoubleWell, ClosedFormsOfTauOccupationAndActivity) {
    const double nu = 3e12;
    const DoubleWell well{0.75, 0.09, nu, nu};
    const double kt = boltzmann_ev * 420;
    const Rates r = well.rates(420);
    const double sech = 1 / std::cosh(well.asymmetry / (2 * kt));
    EXPECT_NEAR(std::log(r.to_right / r.to_left), -well.asymmetry / kt, 1e-12);
    EXPECT_NEAR(r.tau() / (std::exp(well.saddle / kt) / (2 * nu) * sech), 1, 1e-12);
    EXPECT_NEAR(r.right(), (1 - std::tanh(well.asymmetry / (2 * kt))) / 2, 1e-14);
    EXPECT_NEAR(r.activity() / (nu * std::exp(-well.saddle / kt) * sech), 1, 1e-12);
    EXPECT_NEAR(r.flux(r.right()) / r.activity(), 1, 1e-12);
    EXPECT_NEAR(r.spin_correlation(r.tau()), sech * sech / std::numbers::e, 1e-13);
    // Vibrational entropy: Delta_eff = Delta - kT ln(nu_L/nu_R).
    const DoubleWell entropic{0.75, 0.09, 4 * nu, nu};
    EXPECT_NEAR(entropic.rates(420).right(), 1 / (1 + std::exp((0.09 - kt * std::log(4.0)) / kt)), 1e-13);
    EXPECT_NEAR(entropic.effective_asymmetry(420), 0.09 - kt * std::log(4.0), 1e-14);
}

// k = 1 and 3: 0.6250 and 1.2500.
TEST(DoubleWell, FanoFactors) {
    const Rates r{1, 3};
    EXPECT_DOUBLE_EQ(r.fano_one_way(), 0.625);
    EXPECT_DOUBLE_EQ(r.fano_all(), 1.25);
    EXPECT_DOUBLE_EQ(r.one_way(), 0.75);
    // A short window sees at most one flip: Poisson. Its first order in the window: 1 - r1 T and 1 + (k1-k2)^2/(2K) T.
    EXPECT_NEAR(r.fano_one_way(1e-3), 1 - 0.75e-3, 2e-6);
    EXPECT_NEAR(r.fano_all(1e-3), 1 + 0.5e-3, 2e-6);
    EXPECT_NEAR(r.fano_all(1.0001e-4 / 4), r.fano_all(0.9999e-4 / 4), 1e-8) << "both sides of the series' end";
    EXPECT_NEAR(r.fano_all(1e7), 1.25, 1e-7);
}

TEST(DoubleWell, PrefactorsWithFriction) {
    const double well = 7e12, barrier = 4e12;
    EXPECT_DOUBLE_EQ(transition_state_attempt(well), well / (2 * std::numbers::pi));
    EXPECT_NEAR(kramers_attempt(well, barrier, 1e3) / transition_state_attempt(well), 1, 1e-9);
    EXPECT_NEAR(kramers_attempt(well, barrier, 1e17) / overdamped_attempt(well, barrier, 1e17), 1, 1e-8);
    const double g = 5e12;
    const double written = well / (2 * std::numbers::pi) * (std::sqrt(g * g / 4 + barrier * barrier) - g / 2) / barrier;
    EXPECT_NEAR(kramers_attempt(well, barrier, g) / written, 1, 1e-12);
}

const WellLaw crossing{.barrier = 0.87, .asymmetry = -60 * ev_per_gpa_a3, .formation_volume = 20};

TEST(WellLaw, SlopesAreTheDerivatives) {
    for (const WellLaw& law : {crossing, WellLaw{.barrier = 0.9,
                                         .asymmetry = 0.05,
                                         .activation_volume = 3,
                                         .formation_volume = -9,
                                         .attempt_left = 1e12,
                                         .attempt_right = 7e12}})
        for (const double p : {0.2, 2.8, 6.0}) {
            const double temperature = 350;
            const double kt = boltzmann_gpa_a3 * temperature;
            const double h = 1e-5;
            const auto slope = [&](auto&& f) { return (f(p + h) - f(p - h)) / (2 * h); };
            const auto rates = [&](double at) { return law.rates({temperature, at}); };
            EXPECT_NEAR(kt * slope([&](double x) { return std::log(rates(x).tau()); }),
                        law.apparent_activation_volume({temperature, p}), 1e-6);
            EXPECT_NEAR(kt * slope([&](double x) { return std::log(rates(x).activity()); }),
                        law.activity_volume({temperature, p}), 1e-6);
            EXPECT_NEAR(kt * slope([&](double x) { return std::log(rates(x).right() / (1 - rates(x).right())); }),
                        -law.formation_volume, 1e-6);
            const double b = 1 / (boltzmann_ev * temperature);
            const auto tau_at = [&](double inverse) {
                return std::log(law.rates({1 / (boltzmann_ev * inverse), p}).tau());
            };
            EXPECT_NEAR((tau_at(b * (1 + 1e-6)) - tau_at(b * (1 - 1e-6))) / (2e-6 * b),
                        law.apparent_activation_energy({temperature, p}), 1e-7);
        }
}

// Where the wells cross both tau and the activity are at their maximum; P_x = 3 GPa, Omega = 20: +10/-10 angstrom^3,
// 11.2 a GPa and about 1.1e3 over 2.9 GPa at 300 K.
TEST(WellLaw, TheCrossing) {
    EXPECT_NEAR(crossing.crossing_pressure(300), 3, 1e-12);
    EXPECT_NEAR(crossing.asymmetry, -0.3745, 5e-5);
    const Maximum tau = longest_tau(crossing, 300);
    const Maximum activity = highest_activity(crossing, 300);
    ASSERT_TRUE(tau.exists && activity.exists);
    EXPECT_NEAR(tau.pressure, 3, 1e-12);
    EXPECT_NEAR(activity.pressure, 3, 1e-12);
    const double kt = boltzmann_gpa_a3 * 300;
    EXPECT_NEAR(kt, 4.1419, 1e-4);
    for (const double p : {0.5, 3.7}) {
        const double x = 20 * (p - 3) / (2 * kt);
        EXPECT_NEAR(std::log(crossing.rates({300, p}).tau() / crossing.rates({300, 3}).tau()), -std::log(std::cosh(x)),
                    1e-9);
        EXPECT_NEAR(crossing.rates({300, p}).activity() / crossing.rates({300, 3}).activity(), 1 / std::cosh(x), 1e-9);
    }
    EXPECT_NEAR(crossing.apparent_activation_volume({300, -40}), 10, 1e-9);
    EXPECT_NEAR(crossing.apparent_activation_volume({300, 46}), -10, 1e-9);
    EXPECT_NEAR(std::exp(10 / kt), 11.2, 0.05);
    EXPECT_NEAR(std::exp(2.9 * 10 / kt), 1.1e3, 20);
}

TEST(WellLaw, TheMaximumMovesWithTheActivationVolumeAndVanishes) {
    WellLaw law = crossing;
    law.activation_volume = 4;
    const Maximum tau = longest_tau(law, 300);
    ASSERT_TRUE(tau.exists);
    EXPECT_NEAR(law.apparent_activation_volume({300, tau.pressure}), 0, 1e-12);
    EXPECT_GT(tau.pressure, 3);
    const Maximum activity = highest_activity(law, 300);
    EXPECT_NEAR(law.activity_volume({300, activity.pressure}), 0, 1e-12);
    EXPECT_LT(activity.pressure, 3);
    EXPECT_NEAR(tau.pressure + activity.pressure, 6, 1e-12);
    EXPECT_NEAR(tau.pressure,
                (TwoLevelSystem{.activation_volume = 4, .formation_volume = 20}).pressure_of_longest_tau(), 1e-12);
    law.activation_volume = -10;  // exactly Omega/2: tau falls for ever
    EXPECT_FALSE(longest_tau(law, 300).exists);
    EXPECT_TRUE(contains(longest_tau(law, 300).why_not, "needs |activation_volume| < |formation_volume|/2"));
    EXPECT_TRUE(contains(highest_activity(law, 300).why_not, "10 against 10"));
    law.formation_volume = 0;
    law.activation_volume = 0;
    EXPECT_FALSE(longest_tau(law, 300).exists) << "nothing depends on pressure";
}

// Apparent volumes of published figures: 571 to 38 s over 3.3 GPa is -3.40 angstrom^3 at 300 K, 2.5 in 0.1 GPa is -38;
// 1500 over 7 GPa at 600 K is +8.6.
TEST(WellLaw, ApparentVolumesOfPublishedFigures) {
    const auto volume = [](double ratio, double pressure, double temperature) {
        return boltzmann_gpa_a3 * temperature * std::log(ratio) / pressure;
    };
    EXPECT_NEAR(std::log(38.0 / 571) / 3.3, -0.821, 5e-4);
    EXPECT_NEAR(volume(38.0 / 571, 3.3, 300), -3.40, 5e-3);
    EXPECT_NEAR(volume(1 / 2.5, 0.1, 300), -38, 0.1);
    EXPECT_NEAR(std::log(1500.0) / 7, 1.045, 5e-4);
    EXPECT_NEAR(boltzmann_gpa_a3 * 600, 8.284, 5e-4);
    EXPECT_NEAR(volume(1500, 7, 600), 8.6, 0.06);
    // A well without asymmetry shows its activation volume at every pressure: 571 s becomes 38 s.
    const WellLaw law{.barrier = 0.87, .activation_volume = -3.4};
    EXPECT_NEAR(law.rates({300, 0}).tau() / law.rates({300, 3.3}).tau(), 571.0 / 38, 0.05);
    // One pair of wells cannot have both: the slope is bounded by dV - |Omega|/2 .. dV + |Omega|/2.
    for (double p = -50; p < 50; p += 0.5) EXPECT_LE(std::abs(crossing.apparent_activation_volume({300, p})), 10);
}

TEST(WellLaw, SameAsTheSystemsOfTheSource) {
    const TwoLevelSystem system{.activation_volume = 1, .formation_volume = 6, .crossing_pressure = 2};
    const WellLaw law = well_law(system);
    for (const double p : {0.0, 2.0, 5.0}) {
        EXPECT_NEAR(law.rates({system.temperature, p}).tau() / system.tau(p), 1, 1e-12);
        EXPECT_NEAR(law.rates({system.temperature, p}).right(), system.right_occupation(p), 1e-14);
    }
}

TEST(WellLaw, BadWellsAreNamed) {
    EXPECT_MESSAGE((check(DoubleWell{0.1, 0.3})), "below half the asymmetry");
    EXPECT_MESSAGE((check(DoubleWell{.attempt_left = 0})), "attempt_left = 0 1/s");
    EXPECT_MESSAGE((check(LowWell{.asymmetry = -0.1})), "asymmetry = -0.1 eV");
    EXPECT_MESSAGE((check(LowWell{.barrier = 0.1, .asymmetry = 0.2})), "no second well");
    EXPECT_MESSAGE((check(crossing, {300, 40})), "at 40 GPa");
    EXPECT_MESSAGE((check(crossing, {0, 1})), "temperature = 0 K");
    EXPECT_MESSAGE((check(WellLaw{.formation_volume = NAN}, {300, 1})), "must be finite");
}

}  // namespace
}  // namespace vitrum::model
