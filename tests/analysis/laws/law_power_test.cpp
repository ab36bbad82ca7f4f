// Laws that do not hold are rejected, their numbers still shown; the shares are the powers that the docs state.
#include <algorithm>
#include <cmath>
#include <functional>

#include <boost/random/uniform_01.hpp>
#include <gtest/gtest.h>

#include "tests/analysis/laws/law_draws.hpp"
#include "vitrum/analysis/avalanche/power_law.hpp"
#include "vitrum/analysis/fit/fit_test.hpp"
#include "vitrum/analysis/relaxation/ageing_law.hpp"
#include "vitrum/analysis/relaxation/double_kww.hpp"
#include "vitrum/analysis/relaxation/siegert.hpp"
#include "vitrum/analysis/relaxation/wavevector_exponent.hpp"
#include "vitrum/analysis/thermo/crossover_pressure.hpp"
#include "vitrum/analysis/thermo/equation_of_state.hpp"
#include "vitrum/analysis/thermo/glass_transition.hpp"
#include "vitrum/analysis/thermo/liquid_energy_minimum.hpp"

namespace vitrum::analysis {
namespace {

constexpr int runs = 300;

// Share of runs in which the row is rejected; none of them may be `ok` and far off.
template <class Draw>
double rejected(const char* quantity, Draw&& draw) {
    double share = 0;
    for (int s = 0; s < runs; ++s) {
        const Estimate e = row_of(draw(static_cast<std::uint64_t>(s)), quantity);
        if (e.status == Status::law_rejected) {
            EXPECT_TRUE(std::isfinite(e.value));
            EXPECT_NE(e.note.find("p = "), std::string::npos) << e.note;
            share += 1.0 / runs;
        }
    }
    return share;
}

Curve with_noise(const std::vector<double>& x, double (*law)(double), double relative, std::uint64_t seed) {
    Normal normal(seed, 30);
    return noisy(x, law, relative, normal);
}

// Grows by e in 2300 s up to 8000 s; eight windows of 10000 s.
double with_plateau(double t) { return 34 * std::exp(std::min(t, 8000.0) / 2300); }

TEST(WrongLaws, AgeingThatEndsInAPlateau) {
    const std::vector<double> ages{625, 1875, 3125, 4375, 5625, 6875, 8125, 9375};
    const auto share = [&](bool plateau, double error) {
        return rejected("ageing_tau_star", [&](std::uint64_t s) {
            return ageing_law(with_noise(ages, with_plateau, error, s), {.plateau = plateau});
        });
    };
    EXPECT_GT(share(false, 0.02), 0.99);
    EXPECT_GT(share(false, 0.05), 0.95);
    EXPECT_LT(share(true, 0.02), 0.02);
}

TEST(WrongLaws, TwoPowersOfQ) {
    const auto bent = [](double q) { return 1 / (0.2 * q + 0.05 * std::pow(q, 4)); };
    EXPECT_GT(rejected("wavevector_exponent",
                       [&](std::uint64_t s) {
                           return wavevector_exponent(with_noise({0.5, 0.8, 1.2, 1.8, 2.6, 3.5}, bent, 0.05, s));
                       }),
              0.99);
}

// ln tau with a step, a tent, and a shoulder: peaks that are not two wells.
TEST(WrongLaws, ACrossoverThatIsNotTwoWells) {
    const std::vector<double> pressures{0, 1, 2, 3, 4, 5, 6, 7};
    const auto shoulder = [](double p) { return std::exp(4 - 0.5 * std::abs(p - 3) + (p > 5 ? 1.2 : 0)); };
    const auto quartic = [](double p) { return std::exp(4 - 0.02 * std::pow(p - 3.2, 4)); };
    for (const double error : {0.02, 0.05}) {
        EXPECT_GT(
            rejected("crossover_pressure",
                     [&](std::uint64_t s) { return crossover_pressure(with_noise(pressures, shoulder, error, s)); }),
            0.99)
            << error;
        EXPECT_GT(
            rejected("crossover_pressure",
                     [&](std::uint64_t s) { return crossover_pressure(with_noise(pressures, quartic, error, s)); }),
            0.95)
            << error;
    }
    const auto tent = [](double p) { return std::exp(5 - 0.7 * std::abs(p - 2.9)); };
    EXPECT_GT(rejected("crossover_pressure_parabola",
                       [&](std::uint64_t s) { return crossover_pressure(with_noise(pressures, tent, 0.05, s)); }),
              0.97);
}

// A liquid stretched past its limit: it cavitates, and pressure returns towards 0 as the volume grows on.
TEST(WrongLaws, AnEquationOfStateBeyondTheSpinodal) {
    const auto cavitates = [](double v) {
        return v < 22 ? birch_murnaghan(v, 18, 100, 4) : birch_murnaghan(22, 18, 100, 4) + 0.9 * (v - 22);
    };
    EXPECT_GT(rejected("bulk_modulus",
                       [&](std::uint64_t s) {
                           Normal normal(s, 31);
                           Curve points = make_curve("P", "volume", "", "pressure", "GPa");
                           for (double v = 15; v < 28; v += 1) {
                               points.x.push_back(v);
                               points.y.push_back(cavitates(v) + 0.2 * normal());
                               points.y_error.push_back(0.2);
                           }
                           return equation_of_state(points).estimates;
                       }),
              0.99);
    // Points of the law itself, out to where it turns: without errors too.
    Curve turned = make_curve("P", "volume", "", "pressure", "GPa");
    for (double v = 15; v < 32; v += 2) {
        turned.x.push_back(v);
        turned.y.push_back(birch_murnaghan(v, 18, 100, 4));
    }
    const auto found = equation_of_state(turned);
    EXPECT_EQ(found.status, Status::law_rejected);
    EXPECT_NEAR(found.modulus, 100, 1e-6);
    EXPECT_NE(found.estimates.front().note.find("V = 31 lies beyond the spinodal"), std::string::npos);
}

TEST(WrongLaws, ASmoothBendIsNoKink) {
    EXPECT_GT(rejected("glass_transition_temperature",
                       [&](std::uint64_t s) {
                           Normal normal(s, 32);
                           Curve c = make_curve("volume", "temperature", "K", "volume", "angstrom^3");
                           for (double t = 300; t <= 1500; t += 60) {
                               c.x.push_back(t);
                               c.y.push_back(17 + 4e-4 * (t - 300) + 2.5e-7 * (t - 300) * (t - 300) + 0.003 * normal());
                               c.y_error.push_back(0.003);
                           }
                           GlassTransitionOptions o;
                           o.windows = false;
                           return glass_transition(c, o).estimates;
                       }),
              0.99);
}

// Three pressures above the degree: a cusp, which no polynomial of the allowed degree follows.
TEST(WrongLaws, AnEnergyWithACusp) {
    EXPECT_GT(rejected("energy_minimum_pressure",
                       [](std::uint64_t s) {
                           Normal normal(s, 33);
                           std::vector<LiquidState> states;
                           for (int i = 0; i < 14; ++i)
                               states.push_back({1500, static_cast<double>(i), std::abs(i - 5.3) + 0.02 * normal(),
                                                 not_a_number, 0.02, not_a_number});
                           return liquid_energy_minimum(states).estimates;
                       }),
              0.99);
}

TEST(WrongLaws, SizesThatFollowNoPowerLaw) {
    // Log-normal above x_min, and a power law cut off at four x_min.
    for (const bool cut : {false, true})
        EXPECT_GT(rejected("power_law_exponent",
                           [cut](std::uint64_t s) {
                               Normal normal(s, 34);
                               std::vector<double> sizes;
                               while (sizes.size() < 500) {
                                   const double e = 0.5 * (std::pow(normal(), 2) + std::pow(normal(), 2));
                                   const double x = cut ? std::exp(e / 1.5) : std::exp(1 + 0.6 * normal());
                                   if (x >= 1 && !(cut && x > 4)) sizes.push_back(x);
                               }
                               return power_law({"", "", sizes, {}, {}}, {});
                           }),
                  cut ? 0.9 : 0.99)
            << cut;
}

// Geometric sizes, sizes of a power law with a cut-off exp(-k/20), and the right law beside them.
TEST(WrongLaws, CountsThatFollowNoPowerLaw) {
    const auto share = [](const std::function<double(double)>& weight) {
        std::vector<double> cumulative{0};
        for (int k = 1; k < 20000; ++k) cumulative.push_back(cumulative.back() + weight(k));
        return rejected("power_law_exponent", [&](std::uint64_t s) {
            Stream stream({74, 0, s}, Purpose::test, 0);
            boost::random::uniform_01<double> uniform;
            std::vector<double> sizes;
            for (int i = 0; i < 500; ++i) {
                const double u = uniform(stream) * cumulative.back();
                sizes.push_back(static_cast<double>(std::upper_bound(cumulative.begin(), cumulative.end(), u) -
                                                    cumulative.begin()));
            }
            return power_law({"", "", sizes, {}, {}}, {});
        });
    };
    EXPECT_GT(share([](double k) { return std::pow(0.6, k); }), 0.99);
    EXPECT_GT(share([](double k) { return std::pow(k, -1.5) * std::exp(-k / 20); }), 0.7);
    EXPECT_LT(share([](double k) { return std::pow(k, -2.5); }), 0.02);
}

Curve g2_of(double (*law)(double), double error, std::size_t lags, std::uint64_t seed, double step = 0.1) {
    Normal normal(seed, 35);
    Curve g2 = make_curve("g2", "lag", "s", "g2", "");
    for (std::size_t i = 1; i <= lags; ++i) {
        g2.x.push_back(step * static_cast<double>(i));
        g2.y.push_back(law(g2.x.back()) + error * normal());
        g2.y_error.push_back(error);
    }
    return g2;
}

TEST(WrongLaws, TwoDecaysThroughOneKww) {
    const auto two = [](double t) { return 1 + 0.2 * (0.5 * std::exp(-2 * t / 0.3) + 0.5 * std::exp(-2 * t / 6)); };
    EXPECT_GT(rejected("tau", [&](std::uint64_t s) { return estimates_of(fit_kww(g2_of(two, 0.002, 200, s)), "s"); }),
              0.99);
    // The right law passes.
    const auto field = [](double t) {
        return 1 + 0.2 * std::pow(0.5 * std::exp(-t / 0.3) + 0.5 * std::exp(-t / 6), 2);
    };
    EXPECT_LT(rejected("tau_fast",
                       [&](std::uint64_t s) {
                           return s % 10 ? std::vector<Estimate>{make_estimate("tau_fast", {}, 1, 1, 1, Status::ok, "")}
                                         : estimates_of(fit_double_kww(g2_of(field, 0.001, 200, s)), "s");
                       }),
              0.02);
}

TEST(WrongLaws, CurvesThatAreNoDecay) {
    const auto oscillates = [](double t) { return 1 + 0.1 * std::exp(-t / 3) * (0.6 + 0.4 * std::cos(2 * t)); };
    const auto drifts = [](double t) { return 1 + 0.1 * std::exp(-2 * std::pow(t / 2, 1.3)) + 0.002 * t; };
    const auto flat = [](double) { return 1.0; };
    const auto rises = [](double t) { return 1 + 0.1 * (1 - std::exp(-t)); };
    for (std::uint64_t s = 0; s < 20; ++s) {
        for (auto* law : {+oscillates, +drifts}) {
            const KwwFit fit = fit_kww(g2_of(law, 5e-4, 200, s));
            EXPECT_NE(fit.status, Status::ok) << s;
            EXPECT_LT(fit.quality.p, 1e-3) << s;
        }
        for (auto* law : {+flat, +rises}) EXPECT_NE(fit_kww(g2_of(law, 5e-4, 200, s)).status, Status::ok) << s;
    }
}

TEST(WrongLaws, AnAmplitudeAboveTheContrast) {
    const auto law = [](double t) { return 1 + 0.25 * std::exp(-2 * t / 3); };
    SiegertOptions o;
    o.contrast = 0.2;
    EXPECT_GT(rejected("field_correlation", [&](std::uint64_t s) { return siegert_rows(g2_of(law, 0.005, 60, s), o); }),
              0.99);
}

TEST(WrongLaws, TheLevelIsAnOption) {
    const auto two = [](double t) { return 1 + 0.2 * (0.5 * std::exp(-2 * t / 0.3) + 0.5 * std::exp(-2 * t / 6)); };
    const Curve g2 = g2_of(two, 0.002, 200, 3);
    EXPECT_EQ(fit_kww(g2).status, Status::law_rejected);
    EXPECT_EQ(fit_kww(g2, {.rejection_level = 0}).status, Status::ok);
    Curve unknown = g2;
    unknown.y_error.clear();
    const KwwFit fit = fit_kww(unknown);
    EXPECT_EQ(fit.status, Status::ok);
    const auto rows = estimates_of(fit, "s");
    EXPECT_EQ(row_of(rows, "kww_p").status, Status::no_data);
    EXPECT_NE(row_of(rows, "kww_p").note.find("scatter about the law"), std::string::npos);
}

// Points that move together have no noise between them: an exact law passes, any bend is certain.
TEST(WrongLaws, PointsThatMoveTogether) {
    FittedPoints p{Eigen::VectorXd(5), Eigen::VectorXd(5), Eigen::VectorXd(5), Eigen::MatrixXd::Ones(5, 2)};
    Eigen::MatrixXd factor(5, 20);
    Normal normal(1, 36);
    for (Eigen::Index g = 0; g < 20; ++g) factor(0, g) = 0.01 * normal();
    const auto fill = [&](double power) {
        for (Eigen::Index i = 0; i < 5; ++i) {
            const double t = 1 + static_cast<double>(i) / 4;
            p.place(i) = p.derivatives(i, 1) = t;
            p.value(i) = p.residual(i) = std::pow(t, power);
            factor.row(i) = p.value(i) * factor.row(0) / p.value(0);
        }
        return quality_of_correlated(p, factor, 19, "groups");
    };
    EXPECT_LT(fill(2).p, 1e-6);
    EXPECT_GT(fill(1).p, 0.05);
}

}  // namespace
}  // namespace vitrum::analysis
