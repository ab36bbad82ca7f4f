// Birch-Murnaghan: published numbers, exact recovery, coverage.
#include "vitrum/analysis/thermo/equation_of_state.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"

namespace vitrum::analysis {
namespace {

Curve points_of(double v0, double k, double k1, int count, double low, double high) {
    Curve c = make_curve("P", "volume", "angstrom^3", "P", "GPa");
    for (int i = 0; i < count; ++i) {
        c.x.push_back(v0 * (low + (high - low) * i / (count - 1)));
        c.y.push_back(birch_murnaghan(c.x.back(), v0, k, k1));
    }
    return c;
}

TEST(EquationOfState, CompressionsOfB0102AndBPrime36) {
    // x = V0/V at 1, 2, 3, 5, 7, 10 GPa, computed by another program.
    const std::vector<std::pair<double, double>> known{{1, 1.00968198}, {2, 1.01913145}, {3, 1.02836402},
                                                       {5, 1.04623295}, {7, 1.06338459}, {10, 1.08793523}};
    for (const auto& [pressure, x] : known) EXPECT_NEAR(birch_murnaghan(1 / x, 1, 102, 3.6), pressure, 1e-6);
}

TEST(EquationOfState, ExactPointsGiveTheParameters) {
    for (const double k1 : {2.88, 3.6, 4.0, 6.0}) {
        const Curve c = points_of(17.9, 118.8, k1, 7, 0.85, 1.02);
        const auto fit = equation_of_state(c);
        EXPECT_EQ(fit.status, Status::ok);
        EXPECT_NEAR(fit.volume, 17.9, 1e-9);
        EXPECT_NEAR(fit.modulus, 118.8, 1e-7);
        EXPECT_NEAR(fit.derivative, k1, 1e-8);
        const auto fixed = equation_of_state(c, {k1});
        EXPECT_NEAR(fixed.volume, 17.9, 1e-9);
        EXPECT_NEAR(fixed.modulus, 118.8, 1e-7);
        EXPECT_FALSE(std::isfinite(fixed.estimates[2].standard_error));
    }
}

// The closed form is the least-squares solution: the gradient of chi^2 vanishes there, and a fixed K' at the fitted one
// gives the same volume and modulus by the other route.
TEST(EquationOfState, BothRoutesAgreeOnNoisyPoints) {
    Curve c = points_of(17.9, 118.8, 2.9, 12, 0.85, 1.02);
    std::mt19937 random(4);
    std::normal_distribution<double> noise;
    for (std::size_t i = 0; i < c.size(); ++i) {
        c.y_error.push_back(0.1 + 0.05 * static_cast<double>(i % 3));
        c.y[i] += c.y_error[i] * noise(random);
    }
    const auto free = equation_of_state(c);
    const auto fixed = equation_of_state(c, {free.derivative});
    EXPECT_NEAR(fixed.volume / free.volume, 1, 1e-10);
    EXPECT_NEAR(fixed.modulus / free.modulus, 1, 1e-9);
}

// 400 replicates, intervals at 95 %: 380 expected, standard deviation 4.4; the band is 3.9 of them (false alarm 1e-4
// for each of 12 counts).
TEST(EquationOfState, IntervalsCover) {
    const Curve truth = points_of(17.9, 118.8, 2.88, 10, 0.83, 1.0);
    const std::array<double, 3> exact{17.9, 118.8, 2.88};
    constexpr int replicates = 400;
    for (const bool errors_given : {true, false})
        for (const bool fixed : {true, false}) {
            std::array<int, 3> covered{};
            for (int r = 0; r < replicates; ++r) {
                std::mt19937_64 random(static_cast<std::uint64_t>(1000 * errors_given + r));
                std::normal_distribution<double> noise(0, 0.3);
                Curve c = truth;
                for (double& p : c.y) p += noise(random);
                if (errors_given) c.y_error.assign(c.size(), 0.3);
                EquationOfStateOptions o;
                if (fixed) o.fixed_derivative = 2.88;
                const auto fit = equation_of_state(c, o);
                for (std::size_t i = 0; i < 3; ++i)
                    covered[i] += fit.estimates[i].lower <= exact[i] && exact[i] <= fit.estimates[i].upper;
            }
            for (std::size_t i = 0; i < (fixed ? 2u : 3u); ++i) {
                EXPECT_GE(covered[i], 363) << i << " errors given " << errors_given << " fixed " << fixed;
                EXPECT_LE(covered[i], 397) << i << " errors given " << errors_given << " fixed " << fixed;
            }
        }
}

TEST(EquationOfState, WhatCannotBeFittedHasAStatus) {
    EXPECT_EQ(equation_of_state(points_of(18, 100, 4, 3, 0.9, 1)).status, Status::no_data);
    Curve falling = points_of(18, 100, 4, 5, 0.9, 1);
    for (double& p : falling.y) p = -p - 50;
    EXPECT_EQ(equation_of_state(falling).status, Status::not_converged);
    EXPECT_FALSE(std::isfinite(equation_of_state(falling).estimates[1].value));
    Curve bad = points_of(18, 100, 4, 5, 0.9, 1);
    bad.x[2] = 0;
    EXPECT_MESSAGE(equation_of_state(bad), "volume 0 in row 3; a volume is positive");
}

TEST(LocalBulkModulus, OfAnExponentialLawIsExact) {
    // P = K ln(V0/V) has the same K everywhere.
    Curve c = make_curve("P", "volume", "", "P", "GPa");
    c.x = {10, 9, 9.5};
    for (const double v : c.x) c.y.push_back(120 * std::log(10 / v));
    c.y_error = {0.3, 0.4, 0};
    const auto rows = local_bulk_modulus(c);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_NEAR(rows[0].value, 120, 1e-10);
    EXPECT_NEAR(rows[1].value, 120, 1e-10);
    EXPECT_NEAR(rows[0].standard_error, 0.3 / std::log(10 / 9.5), 1e-12);
    EXPECT_NEAR(rows[1].abscissa[0].value, (c.y[1] + c.y[2]) / 2, 1e-12);
    c.x[1] = 9.5;
    EXPECT_MESSAGE(local_bulk_modulus(c), "two pressures at the same volume 9.5");
}

}  // namespace
}  // namespace vitrum::analysis
