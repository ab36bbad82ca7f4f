// Points of laws: the truths against values worked out otherwise, the scatter against the errors given.
#include "vitrum/model/laws/law_points.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::model {
namespace {

TEST(LawPoints, ScatterIsThatOfTheErrors) {
    LawPoints p;
    p.law = Law::kink;
    p.low = 300;
    p.high = 1200;
    p.points = 40;
    p.noise = 0.1;
    p.relative = false;
    double chi2 = 0;
    constexpr int runs = 500;
    for (std::uint64_t r = 0; r < runs; ++r) {
        const auto made = generate(p, {1, 2, r});
        const auto& x = made.data.columns[0].values;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double pull = (made.data.columns[1].values[i] - value(p, x[i])) / made.data.columns[2].values[i];
            chi2 += pull * pull;
        }
    }
    // 20000 squares of unit normals: standard deviation sqrt(2/20000) of their mean; four of them.
    EXPECT_NEAR(chi2 / (runs * 40), 1, 4 * std::sqrt(2.0 / (runs * 40)));
}

TEST(LawPoints, TwoWellsAreHighestWhereTheTruthSays) {
    LawPoints p;
    p.law = Law::two_wells;
    p.low = 0;
    p.high = 6;
    p.asymmetry = 0.2;
    const double top = generate(p, {}).truth.find("crossover_pressure", {})->value;
    EXPECT_GT(value(p, top), value(p, top - 1e-3));
    EXPECT_GT(value(p, top), value(p, top + 1e-3));
}

TEST(LawPoints, LiquidKeepsTheIdentityOfThermodynamics) {
    // (dU/dP)_T = (dV/dP)_T [T (dP/dT)_V - P], by differences of points without noise.
    LawPoints p;
    p.law = Law::liquid;
    p.low = 4;
    p.high = 4.02;
    p.points = 3;
    p.noise = 0;
    p.crossing = 5;
    p.temperature = 1600;
    p.volume = 17;
    const auto c = generate(p, {}).data.columns;
    const double thermal = 5.0 / 1600;
    for (std::size_t k = 0; k < 5; ++k) {
        const std::size_t a = 3 * k;
        const double t = c[0].values[a];
        const double du = (c[2].values[a + 2] - c[2].values[a]) / 0.02;
        const double dv = (c[3].values[a + 2] - c[3].values[a]) / 0.02;
        EXPECT_NEAR(du, ev_per_gpa_a3 * dv * (thermal * t - 4.01), 1e-6) << t;
    }
}

TEST(LawPoints, BirchMurnaghanHasItsModulusAtZeroPressure) {
    LawPoints p;
    p.law = Law::birch_murnaghan;
    p.volume = 17;
    constexpr double h = 1e-4;
    EXPECT_NEAR(value(p, 17), 0, 1e-12);
    EXPECT_NEAR(-17 * (value(p, 17 + h) - value(p, 17 - h)) / (2 * h), p.modulus, 1e-4);
}

TEST(LawPoints, AvalanchesDissipateWhatTheyDrop) {
    LawPoints p;
    p.law = Law::avalanches;
    p.low = 0;
    p.high = 20;
    p.points = 2000;
    p.volume = 16000;
    p.exponent = 1.8;
    p.noise = 0;
    const auto made = generate(p, {3, 1, 4});
    const auto& c = made.data.columns;
    double drops = 0;
    for (std::size_t i = 1; i < p.points; ++i) {
        const double work =
            -ev_per_gpa_a3 * (c[0].values[i - 1] + c[0].values[i]) / 2 * (c[2].values[i] - c[2].values[i - 1]);
        const double dissipated = work - (c[1].values[i] - c[1].values[i - 1]);
        if (dissipated > 1e-6) {
            EXPECT_GE(dissipated, p.smallest * (1 - 1e-6));
            ++drops;
        }
    }
    EXPECT_EQ(drops, made.truth.find("energy_drop_count", {})->value);
}

TEST(LawPoints, RefusesWhatMeansNothing) {
    LawPoints p;
    p.low = 2;
    p.high = 1;
    EXPECT_MESSAGE(check(p), "low = 2 is not below high = 1");
    p = {};
    p.points = 2;
    EXPECT_MESSAGE(check(p), "at least 3");
    p = {};
    p.law = Law::two_wells;
    p.asymmetry = 1;
    EXPECT_MESSAGE(check(p), "tau has no maximum");
    p = {};
    p.law = Law::wavevector;
    EXPECT_MESSAGE(check(p), "q is positive");
}

}  // namespace
}  // namespace vitrum::model
