// Laws that hold: p is uniform, so that the share of false rejections is the level. Counts are binomial; a band of four
// standard deviations is missed by chance once in 16000 checks (at the level 1e-3 of 10000, 10 expected, the tail of
// Poisson: once in 1500). Fits in which the law bends are held to one per cent of the level beside.
#include <array>
#include <cmath>
#include <string>

#include <boost/random/uniform_01.hpp>
#include <gtest/gtest.h>

#include "tests/analysis/laws/law_draws.hpp"
#include "vitrum/analysis/avalanche/discrete_power_law.hpp"
#include "vitrum/analysis/avalanche/power_law.hpp"
#include "vitrum/analysis/relaxation/ageing_law.hpp"
#include "vitrum/analysis/relaxation/double_kww.hpp"
#include "vitrum/analysis/relaxation/siegert.hpp"
#include "vitrum/analysis/relaxation/wavevector_exponent.hpp"
#include "vitrum/analysis/scattering/relaxation.hpp"
#include "vitrum/analysis/structure/curve_error.hpp"
#include "vitrum/analysis/thermo/activation_volume.hpp"
#include "vitrum/analysis/thermo/crossover_pressure.hpp"
#include "vitrum/analysis/thermo/equation_of_state.hpp"
#include "vitrum/analysis/thermo/glass_transition.hpp"
#include "vitrum/analysis/thermo/liquid_energy_minimum.hpp"

namespace vitrum::analysis {
namespace {

constexpr std::size_t many = 10000;

// p of `draw(seed)`, uniform?
template <class Draw>
void expect_uniform(std::size_t seeds, Draw&& draw, double band = 4) {
    std::vector<double> p;
    for (std::size_t s = 0; s < seeds; ++s) {
        p.push_back(draw(s));
        ASSERT_TRUE(std::isfinite(p.back())) << s;
    }
    for (const double level : {0.5, 0.05, 0.01, 1e-3}) EXPECT_LT(std::abs(excess(p, level)), band) << level;
}

double ageing(double t) { return 34 * std::exp(t / 2300); }
double of_q(double q) { return 3 * std::pow(q, -0.36); }
double exponential(double p) { return 100 * std::exp(0.3 * p); }

TEST(FalseRejections, Ageing) {
    expect_uniform(many, [](std::size_t s) {
        Normal normal(s);
        return row_of(ageing_law(noisy({0, 900, 2000, 3000, 4200, 5000}, ageing, 0.05, normal)), "ageing_p").value;
    });
}

TEST(FalseRejections, Wavevectors) {
    expect_uniform(many, [](std::size_t s) {
        Normal normal(s, 1);
        return row_of(wavevector_exponent(noisy({1.1, 1.2, 1.4, 1.7, 2.0}, of_q, 0.1, normal)), "wavevector_p").value;
    });
}

TEST(FalseRejections, OneActivationVolume) {
    expect_uniform(many, [](std::size_t s) {
        Normal normal(s, 2);
        const auto rows = activation_volume(noisy({0, 1, 2.5, 4}, exponential, 0.1, normal), {.temperature = 300});
        return row_of(rows, "activation_volume_p").value;
    });
}

// Errors that points share, known from few replicates only: 8 ages, 23 degrees of freedom.
TEST(FalseRejections, AgeingUnderACovarianceOfFewReplicates) {
    constexpr Eigen::Index points = 8;
    constexpr Eigen::Index groups = 24;
    expect_uniform(many, [&](std::size_t s) {
        Normal normal(s, 3);
        Eigen::MatrixXd e(points, groups);
        for (Eigen::Index g = 0; g < groups; ++g) {
            double walk = normal();
            for (Eigen::Index i = 0; i < points; ++i) e(i, g) = 0.1 * ((walk += 0.5 * normal()) + 0.3 * normal());
        }
        Curve tau = make_curve("tau", "age", "s", "tau", "s");
        const Eigen::VectorXd mean = e.rowwise().mean();
        for (Eigen::Index i = 0; i < points; ++i) {
            tau.x.push_back(600.0 * static_cast<double>(i));
            tau.y.push_back(ageing(tau.x.back()) * std::exp(mean(i)));
        }
        tau.covariance_factor = (e.colwise() - mean) / std::sqrt(static_cast<double>(groups * (groups - 1)));
        for (Eigen::Index i = 0; i < points; ++i) {
            const auto k = static_cast<std::size_t>(i);
            tau.covariance_factor.row(i) *= tau.y[k];
            tau.y_error.push_back(tau.covariance_factor.row(i).norm());
        }
        tau.degrees_of_freedom = groups - 1;
        return row_of(ageing_law(tau), "ageing_p").value;
    });
}

TEST(FalseRejections, EquationOfState) {
    expect_uniform(many, [](std::size_t s) {
        Normal normal(s, 4);
        Curve points = make_curve("P", "volume", "angstrom^3", "pressure", "GPa");
        for (const double v : {18.0, 17.6, 17.2, 16.8, 16.3, 15.9, 15.5}) {
            points.x.push_back(v);
            points.y.push_back(birch_murnaghan(v, 18, 110, 4.5) + 0.05 * normal());
            points.y_error.push_back(0.05);
        }
        return row_of(equation_of_state(points).estimates, "equation_of_state_p").value;
    });
}

// The degree is chosen by the same chi^2, so that p is not quite uniform: what matters is that it is not too small.
TEST(FalseRejections, EnergyMinimum) {
    std::vector<double> p;
    for (std::size_t s = 0; s < many; ++s) {
        Normal normal(s, 5);
        std::vector<LiquidState> states;
        for (int i = 0; i < 13; ++i) {
            const double u = i - 5.4;
            states.push_back({1500, static_cast<double>(i), 0.02 * u * u + 1e-4 * u * u * u + 0.05 * normal(),
                              not_a_number, 0.05, not_a_number});
        }
        p.push_back(row_of(liquid_energy_minimum(states).estimates, "energy_minimum_p").value);
    }
    for (const double level : {0.05, 0.01, 1e-3}) EXPECT_LT(excess(p, level), 4) << level;
}

TEST(FalseRejections, TwoWells) {
    expect_uniform(1500, [](std::size_t s) {
        Normal normal(s, 6);
        Curve tau = make_curve("tau", "pressure", "GPa", "tau", "s");
        for (const double at : {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0}) {
            tau.x.push_back(at);
            tau.y.push_back(std::exp(4 + 0.2 * at - std::log(std::cosh(0.9 * (at - 3))) + 0.03 * normal()));
            tau.y_error.push_back(0.03 * tau.y.back());
        }
        return row_of(crossover_pressure(tau), "crossover_p").value;
    });
}

TEST(FalseRejections, Kink) {
    expect_uniform(1500, [](std::size_t s) {
        Normal normal(s, 7);
        Curve c = make_curve("volume", "temperature", "K", "volume", "angstrom^3");
        for (double t = 300; t <= 1500; t += 60) {
            c.x.push_back(t);
            c.y.push_back(17 + 6.5e-4 * (t - 857) + 2.5e-4 * std::abs(t - 857) + 0.005 * normal());
            c.y_error.push_back(0.005);
        }
        GlassTransitionOptions o;
        o.windows = false;
        return row_of(glass_transition(c, o).estimates, "glass_transition_p").value;
    });
}

TEST(FalseRejections, PowerLaw) {
    for (const std::size_t n : {5U, 8U, 30U, 200U, 1000U})
        expect_uniform(n > 500 ? 3000 : many, [n](std::size_t s) {
            Stream stream({72, n, s}, Purpose::test, 0);
            boost::random::uniform_01<double> uniform;
            std::vector<double> sizes(n);
            for (double& x : sizes) x = 2 * std::pow(1 - uniform(stream), -1 / 1.5);
            return fit_power_law(sizes, {.x_min = 2}).quality.p;
        });
}

// Zipf's numbers by the inverse of the cumulative sum; p below a level is binomial of no more than it. Sizes of few
// values have few p: the share may be smaller. The exponent's own error may shift it by a tenth.
TEST(FalseRejections, DiscretePowerLaw) {
    struct Case {
        double alpha, k_min;
        std::size_t n, seeds;
    };
    for (const Case& c : {Case{2.5, 1, 20, 4000}, Case{2.5, 1, 100, many}, Case{1.8, 1, 60, 4000},
                          Case{2.2, 6, 100, 4000}, Case{3.5, 1, 300, 2000}}) {
        const double zeta = discrete_moments(c.alpha, c.k_min).zeta;
        std::array<double, 4> below{};
        constexpr std::array levels{0.5, 0.05, 0.01, 1e-3};
        for (std::size_t s = 0; s < c.seeds; ++s) {
            Stream stream({73, c.n, s}, Purpose::test, static_cast<std::uint64_t>(10 * c.alpha));
            boost::random::uniform_01<double> uniform;
            std::vector<double> sizes(c.n);
            for (double& k : sizes) {
                double left = zeta * uniform(stream);
                for (k = c.k_min; (left -= std::pow(k / c.k_min, -c.alpha)) > 0 && k < 1e5; ++k) {
                }
            }
            const double p = fit_discrete_power_law(sizes, 1, {.x_min = c.k_min}).quality.p;
            for (std::size_t l = 0; l < levels.size(); ++l) below.at(l) += p < levels.at(l) ? 1 : 0;
        }
        for (std::size_t l = 0; l < levels.size(); ++l) {
            const double expected = levels.at(l) * static_cast<double>(c.seeds);
            EXPECT_LT(below.at(l), 1.1 * expected + 4 * std::sqrt(expected)) << c.alpha << ", " << levels.at(l);
            RecordProperty("below_" + std::to_string(l) + "_" + std::to_string(c.n) + "_" + std::to_string(c.alpha),
                           std::to_string(below.at(l) / static_cast<double>(c.seeds)));
        }
        EXPECT_GT(below[1], 0.7 * 0.05 * static_cast<double>(c.seeds)) << c.alpha;  // and the test can tell
    }
}

TEST(FalseRejections, FirstPeak) {
    expect_uniform(many, [](std::size_t s) {
        Normal normal(s, 8);
        Curve g = make_curve("g", "r", "angstrom", "g", "");
        constexpr Eigen::Index points = 15;
        constexpr Eigen::Index blocks = 10;
        Eigen::MatrixXd e(points, blocks);
        for (Eigen::Index i = 0; i < e.size(); ++i) e.data()[i] = 0.02 * normal();
        const Eigen::VectorXd mean = e.rowwise().mean();
        for (Eigen::Index i = 0; i < points; ++i) {
            g.x.push_back(2.4 + 0.02 * static_cast<double>(i));
            g.y.push_back(3 - 20 * std::pow(g.x.back() - 2.54, 2) + mean(i));
        }
        g.covariance_factor = (e.colwise() - mean) / std::sqrt(static_cast<double>(blocks * (blocks - 1)));
        g.degrees_of_freedom = blocks - 1;
        return parabola_quality(g, {0, 7, 14}).p;
    });
}

// g2 as the chain has it: neighbouring lags share most of their noise, whose covariance comes from `groups` groups.
struct SharedNoise {
    std::size_t lags;
    Eigen::Index groups;
    double size;
};
Curve correlated(const SharedNoise& o, double (*law)(double), std::uint64_t seed, std::uint64_t kind) {
    Normal normal(seed, kind);
    const auto n = static_cast<Eigen::Index>(o.lags);
    Eigen::MatrixXd e(n, o.groups);
    for (Eigen::Index g = 0; g < o.groups; ++g) {
        const double level = normal();
        double slow = normal();
        for (Eigen::Index i = 0; i < n; ++i) {
            slow = 0.9 * slow + std::sqrt(1 - 0.81) * normal();
            // The noise grows with the lag, as pairs get few.
            const double grows = 1 / std::sqrt(1 - 0.8 * static_cast<double>(i) / static_cast<double>(n));
            e(i, g) = o.size * grows * (0.4 * level + slow + 0.3 * normal());
        }
    }
    Curve g2 = make_curve("g2", "lag", "s", "g2", "");
    const Eigen::VectorXd mean = e.rowwise().mean();
    for (Eigen::Index i = 0; i < n; ++i) {
        g2.x.push_back(static_cast<double>(i + 1));
        g2.y.push_back(law(g2.x.back()) + mean(i));
        g2.weight.push_back(static_cast<double>(n - i));
    }
    const auto groups = static_cast<double>(o.groups);
    g2.covariance_factor = (e.colwise() - mean) / std::sqrt(groups * (groups - 1));
    for (Eigen::Index i = 0; i < n; ++i) g2.y_error.push_back(g2.covariance_factor.row(i).norm());
    g2.degrees_of_freedom = groups - 1;
    g2.error_method = "groups";
    return g2;
}

double one_decay(double t) { return 1 + 0.2 * std::exp(-2 * std::pow(t / 20, 1.3)); }
double field(double t) { return 0.8 * std::exp(-std::pow(t / 20, 0.8)); }
double two_decays(double t) {
    return 1 + 0.3 * std::pow(0.5 * std::exp(-t / 4) + 0.5 * std::exp(-std::pow(t / 60, 1.5)), 2);
}

TEST(FalseRejections, KwwUnderAJackknife) {
    expect_uniform(1500, [](std::size_t s) {
        return fit_kww(correlated({120, 64, 0.02}, one_decay, s, 10), {.weights = KwwWeights::pairs}).quality.p;
    });
}

TEST(FalseRejections, KwwWithFixedBaselineAndFewGroups) {
    expect_uniform(1500, [](std::size_t s) {
        return fit_kww(correlated({60, 16, 0.01}, one_decay, s, 11), {.weights = KwwWeights::pairs, .baseline = 1.0})
            .quality.p;
    });
}

TEST(FalseRejections, KwwUnderIndependentErrors) {
    expect_uniform(1500, [](std::size_t s) {
        Normal normal(s, 12);
        Curve g2 = make_curve("g2", "lag", "s", "g2", "");
        for (int i = 1; i <= 90; ++i) {
            g2.x.push_back(i);
            g2.y.push_back(one_decay(i) + 0.002 * normal());
            g2.y_error.push_back(0.002);
        }
        return fit_kww(g2).quality.p;
    });
}

TEST(FalseRejections, RelaxationOfAScatteringFunction) {
    expect_uniform(1500, [](std::size_t s) {
        const Curve f = correlated({80, 20, 0.01}, field, s, 13);
        RelaxationOptions o;
        o.min_lag = 0.5;
        return row_of(relaxation(f, "self", o), "relaxation_p").value;
    });
}

// A fit with seven parameters bends: a share of the level is allowed for it.
TEST(FalseRejections, TwoKww) {
    expect_uniform(
        150,
        [](std::size_t s) {
            DoubleKwwOptions o;
            o.kww.weights = KwwWeights::pairs;
            return fit_double_kww(correlated({240, 64, 0.004}, two_decays, s, 14), o).quality.p;
        },
        4);
}

// Bonferroni: never more often than the level says.
TEST(FalseRejections, Siegert) {
    std::vector<double> p;
    for (std::size_t s = 0; s < many; ++s) {
        Normal normal(s, 15);
        Curve g2 = make_curve("g2", "lag", "s", "g2", "");
        for (int i = 1; i <= 40; ++i) {
            g2.x.push_back(i);
            g2.y.push_back(one_decay(i) + 0.01 * normal());
            g2.y_error.push_back(0.01);
        }
        SiegertOptions o;
        o.contrast = 0.2;
        p.push_back(row_of(siegert_rows(g2, o), "siegert_p").value);
    }
    for (const double level : {0.05, 0.01, 1e-3}) EXPECT_LT(excess(p, level), 4) << level;
}

}  // namespace
}  // namespace vitrum::analysis
