#include "vitrum/model/landscape/master_equation.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::model {
namespace {

const WellLaw law{.barrier = 0.8, .asymmetry = 0.12, .activation_volume = -2, .formation_volume = -9};

// Many short stairs with the conditions of their middles: second order in their length.
double by_stairs(const WellLaw& well, const Stretch& s, double right, int stairs) {
    const double h = s.length() / stairs;
    for (int i = 0; i < stairs; ++i) right = well.rates(s.at(s.from + (i + 0.5) * h)).right_after(right, h);
    return right;
}

TEST(Programme, BetweenItsKnots) {
    const Programme p({{0, {300, 0}}, {10, {300, 2}}, {10, {400, 2}}, {30, {500, 2}}});
    EXPECT_EQ(p.at(-5), (Conditions{300, 0}));
    EXPECT_EQ(p.at(5), (Conditions{300, 1}));
    EXPECT_EQ(p.at(10), (Conditions{400, 2})) << "a sudden change belongs to its time";
    EXPECT_EQ(p.at(20), (Conditions{450, 2}));
    EXPECT_EQ(p.at(1e9), (Conditions{500, 2}));
    const auto all = p.stretches(-4, 40);
    ASSERT_EQ(all.size(), 4U);
    EXPECT_TRUE(all[0].constant());
    EXPECT_EQ(all[1].end, (Conditions{300, 2}));
    EXPECT_EQ(all[2].from, 10);
    EXPECT_EQ(all[3].until, 40);
    EXPECT_EQ(p.stretches(4, 5).front().end, (Conditions{300, 1}));
    EXPECT_TRUE(p.stretches(5, 5).empty());
    EXPECT_EQ(Programme(Conditions{350, 1}).at(-1), (Conditions{350, 1}));
}

TEST(Programme, APressureLoop) {
    const PressureLoop loop{.pressures = {0, 1, 3}, .hold = 100, .ramp = 10};
    const Programme p = loop.programme();
    EXPECT_EQ(p.at(loop.begins(1, false)).pressure, 1);
    EXPECT_EQ(p.at(loop.begins(2, false) + 99).pressure, 3);
    EXPECT_EQ(loop.begins(2, true), loop.begins(2, false));
    EXPECT_EQ(loop.begins(1, true), 330);
    EXPECT_EQ(p.at(330).pressure, 1);
    EXPECT_EQ(p.at(325).pressure, 2);
    EXPECT_EQ(p.at(1e6).pressure, 0);
    const Programme sudden = PressureLoop{.pressures = {0, 1}, .hold = 100}.programme();
    EXPECT_EQ(sudden.at(99.9).pressure, 0);
    EXPECT_EQ(sudden.at(100).pressure, 1);
    EXPECT_EQ(sudden.at(200).pressure, 0);
}

TEST(Programme, BadOnesAreNamed) {
    EXPECT_MESSAGE(Programme(std::vector<Knot>{}), "at least one knot");
    EXPECT_MESSAGE(Programme({{5, {}}, {4, {}}}), "knot 2 at 4 s");
    EXPECT_MESSAGE(Programme(Conditions{-3, 0}), "temperature = -3 K");
    EXPECT_MESSAGE((PressureLoop{.pressures = {1}}.programme()), "at least two pressures");
    EXPECT_MESSAGE((PressureLoop{.pressures = {1, 1}}.programme()), "1 GPa does not increase");
    EXPECT_MESSAGE((PressureLoop{.pressures = {1, 2}, .hold = 0}.programme()), "hold = 0 s");
}

TEST(MasterEquation, ConstantConditions) {
    const Rates r = law.rates({400, 1});
    const Propagator p = propagate(law, Programme(Conditions{400, 1}), 0, 2 * r.tau());
    EXPECT_NEAR(p.right(0.9), r.right() + (0.9 - r.right()) * std::exp(-2), 1e-14);
    EXPECT_NEAR(p.right(r.right()), r.right(), 1e-14) << "equilibrium stays";
    EXPECT_NEAR(p.hazard_left, r.to_right * 2 * r.tau(), 1e-12);
    // In equilibrium <s s> - <s>^2 follows from the chance of a change.
    const double spin = 1 - 2 * p.changed(r.right()) - std::pow(2 * r.right() - 1, 2);
    EXPECT_NEAR(spin, r.spin_correlation(2 * r.tau()), 1e-14);
    EXPECT_NEAR(p.unflipped(1), std::exp(-r.to_left * 2 * r.tau()), 1e-14);
    EXPECT_EQ(propagate(r, 0).keep, 1);
}

// Stairs of constant conditions need no step: one piece or many give the same.
TEST(MasterEquation, PiecesCompose) {
    const Programme p({{0, {400, 0}}, {1, {400, 0}}, {1, {430, 2}}, {3, {430, 2}}, {3, {380, 1}}});
    const Propagator whole = propagate(law, p, 0, 10);
    const Propagator parts =
        then(then(propagate(law, p, 0, 0.3), propagate(law, p, 0.3, 2.5)), propagate(law, p, 2.5, 10));
    EXPECT_NEAR(whole.right(0.2), parts.right(0.2), 1e-14);
    EXPECT_NEAR(whole.hazard_right / parts.hazard_right, 1, 1e-13);
    double right = 0.2;
    right = law.rates({400, 0}).right_after(right, 1);
    right = law.rates({430, 2}).right_after(right, 2);
    right = law.rates({380, 1}).right_after(right, 7);
    EXPECT_NEAR(whole.right(0.2), right, 1e-14);
}

// Ramps of pressure, of temperature and of both, from a tenth of tau to 1e6 tau long, against stairs whose error is
// extrapolated away (where relaxation is faster than a stair it is of first order only: hence the tolerance).
TEST(MasterEquation, RampsAgreeWithFineStairs) {
    for (const Stretch& s :
         {Stretch{0, 1, {400, 0}, {400, 6}}, Stretch{0, 1, {500, 1}, {330, 1}}, Stretch{0, 1, {330, 4}, {520, 0}}})
        for (const double length : {1e-4, 0.01, 1.0, 40.0}) {
            Stretch stretched = s;
            stretched.until = length;
            const Propagator p = propagate(law, stretched);
            for (const double start : {0.0, 0.8}) {
                const double coarse = by_stairs(law, stretched, start, 40000);
                const double fine = by_stairs(law, stretched, start, 80000);
                EXPECT_NEAR(p.right(start), fine + (fine - coarse) / 3, 3e-9 + 0.7 * std::abs(fine - coarse)) << length;
            }
        }
}

// So slow that populations follow: p_eq less the lag tau dp_eq/dt, to first order.
TEST(MasterEquation, ASlowRampFollowsEquilibrium) {
    const Stretch s{0, 1e9, {400, 0}, {400, 6}};
    const Rates end = law.rates({400, 6});
    const double p = end.right();
    const double slope = p * (1 - p) * 9 / (boltzmann_gpa_a3 * 400) * 6 / 1e9;  // dp_eq/dt
    const double lag = p - propagate(law, s).right(0);
    EXPECT_NEAR(propagate(law, s).right(0), p, 1e-8);
    EXPECT_GE(lag, -1e-12);
    EXPECT_NEAR(lag, end.tau() * slope, 1e-3 * end.tau() * slope + 1e-14);
    // And p_R does not depend on where it began.
    EXPECT_NEAR(propagate(law, s).right(0), propagate(law, s).right(1), 1e-15);
}

// No change along the ramp: the constant formula.
TEST(MasterEquation, ARampThatDoesNotRise) {
    const Stretch nearly{0, 0.02, {400, 1}, {400, 1 + 1e-13}};
    const Propagator p = propagate(law, nearly);
    const Propagator q = propagate(law.rates({400, 1}), 0.02);
    EXPECT_NEAR(p.keep, q.keep, 1e-11);
    EXPECT_NEAR(p.gain, q.gain, 1e-11);
    EXPECT_NEAR(p.hazard_left / q.hazard_left, 1, 1e-11);
}

}  // namespace
}  // namespace vitrum::model
