#include "vitrum/model/landscape/kinetics/kinetics.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/model/landscape/ensemble.hpp"
#include "vitrum/model/landscape/master_equation.hpp"

namespace vitrum::model {
namespace {

constexpr double temperature = 400;
const double kt = boltzmann_ev * temperature;
const Programme held(Conditions{temperature, 0});

// A well with these rates at 400 K and 0 GPa.
WellLaw with_rates(double to_right, double to_left) {
    return {.barrier = kt * (std::log(1e13) - std::log(to_right * to_left) / 2),
            .asymmetry = kt * std::log(to_left / to_right)};
}

Stream stream_of(std::uint64_t block, std::uint64_t seed = 21) {
    return Stream({seed, cell_id("kinetics"), 0}, Purpose::test, block);
}

// Kolmogorov's distance times sqrt(n) of values against the exponential law of mean 1.
double exponential_distance(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size());
    double most = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double f = -std::expm1(-values[i]);
        most = std::max({most, f - static_cast<double>(i) / n, (static_cast<double>(i) + 1) / n - f});
    }
    return most * std::sqrt(n);
}
constexpr double ks_1e5 = 2.47;  // exceeded with a chance of 1e-5

std::vector<WellLaw> mixed(std::size_t count, std::uint64_t seed = 3) {
    Stream stream = stream_of(0, seed);
    return drawn({.barriers = BoxBarriers{0.85, 0.95},
                  .asymmetry = {0.01, 0.04},
                  .activation_volume = {-1, 1},
                  .formation_volume = {4, 2}},
                 count, stream)
        .wells;
}

constexpr std::array selections{Selection::sum_tree, Selection::composition_rejection};

TEST(RateGroups, ARateAtItsBoundIsAlwaysAccepted) {
    RateGroups groups;
    const std::vector<double> left{1, 4, 0.75}, right{2, 1, 1};
    groups.set_rates(left, right, false);
    const std::vector<std::uint8_t> sides{0, 0, 1};
    const std::vector<std::uint32_t> order{0, 1, 2};
    groups.place(sides, order);
    EXPECT_EQ(groups.total(0), 5);
    EXPECT_EQ(groups.total(1), 1);
    EXPECT_EQ(groups.rate(0, 1), 4);
    EXPECT_EQ(groups.rate(0, 2), 0.75);
    Stream stream = stream_of(1);
    for (int i = 0; i < 2000; ++i) (void)groups.pick(0, 5 * (i % 7 + 1) / 7.0, stream);
    EXPECT_EQ(stream.drawn(), 2000U) << "one word a pick: none was refused";
    // Three quarters of a bound: 4/3 words a pick.
    const std::vector<std::uint8_t> other{1, 1, 0};
    groups.place(other, order);
    for (int i = 0; i < 30000; ++i) EXPECT_EQ(groups.pick(0, 0.75, stream), 2U);
    EXPECT_NEAR(static_cast<double>(stream.drawn() - 2000), 40000, 4.9 * std::sqrt(30000 * 4.0 / 9));
    EXPECT_NEAR(groups.total(0), 0.75, 0);
}

TEST(RateGroups, BoundsAreRoundedUpAndZeroRatesRest) {
    RateGroups groups;
    const std::vector<double> left{1.0 / 3, 0}, right{5e300, 1e-300};
    groups.set_rates(left, right, true);
    EXPECT_GE(groups.rate(0, 0), 1.0 / 3);
    EXPECT_NEAR(groups.rate(0, 0) * 3, 1, 3e-10);
    EXPECT_EQ(groups.rate(0, 1), 0);
    groups.place(std::vector<std::uint8_t>{0, 0}, std::vector<std::uint32_t>{0, 1});
    EXPECT_EQ(groups.order().size(), 2U);
}

// Shares of picks over wells of very different rates, both ways: chi^2 below its 1e-5 quantile for 5 degrees (31.8).
TEST(Selections, PickInProportionToRate) {
    const std::vector<double> left{1, 0.3, 0.01, 2, 0.6, 0.11}, right(6, 1);
    const std::vector<std::uint8_t> sides(6, 0);
    const std::vector<std::uint32_t> order{0, 1, 2, 3, 4, 5};
    const auto measure = [&](auto selector) {
        selector.set_rates(left, right, false);
        selector.place(sides, order);
        EXPECT_NEAR(selector.total(0), 4.02, 1e-8);
        Stream stream = stream_of(2);
        constexpr int picks = 100000;
        std::vector<double> count(6);
        for (int i = 0; i < picks; ++i) {
            const double x = selector.total(0) * static_cast<double>((stream() >> 11U) + 1) * 0x1p-53;
            count[selector.pick(0, x, stream)] += 1;
        }
        double chi = 0;
        for (std::size_t i = 0; i < 6; ++i) {
            const double want = picks * left[i] / 4.02;
            chi += (count[i] - want) * (count[i] - want) / want;
        }
        return chi;
    };
    EXPECT_LT(measure(RateGroups{}), 31.8);
    EXPECT_LT(measure(SumTree{}), 31.8);
}

// One well: waiting times of both states are exponential (KS, 1e-5 each), occupation and both Fano factors as their
// formulas (within 4.9 standard errors), detailed balance of the counts exactly.
TEST(Kinetics, OneWell) {
    for (const Selection selection : selections)
        for (const double looseness : {1.0, 1.7}) {
            Kinetics k({with_rates(1, 3)}, held, {0}, 0, stream_of(3),
                       {.selection = selection, .looseness = looseness});
            EXPECT_EQ(k.selection(), selection);
            std::vector<double> left, right;
            double last = 0;
            for (int i = 0; i < 40000; ++i) {
                const Flip f = k.advance();
                EXPECT_EQ(f.to_right, i % 2 == 0) << "ways alternate";
                (f.to_right ? left : right).push_back((f.time - last) * (f.to_right ? 1 : 3));
                last = f.time;
            }
            EXPECT_LT(exponential_distance(left), ks_1e5);
            EXPECT_LT(exponential_distance(right), ks_1e5);
        }
    // Windows of 10 s in stationary runs.
    const Rates r{1, 3};
    constexpr double windows = 20000, window = 10;
    double right_time = 0, sum = 0, squares = 0, one = 0, one_squares = 0;
    Stream start = stream_of(4);
    Kinetics k({with_rates(1, 3)}, held, equilibrium_sides(std::vector{with_rates(1, 3)}, {temperature, 0}, start), 0,
               stream_of(5));
    for (int w = 0; w < windows; ++w) {
        double flips = 0, to_right = 0, now = k.time();
        while (k.next().time <= (w + 1) * window) {
            const bool right = k.sides()[0] == 1;
            const Flip f = k.advance();
            if (right) right_time += f.time - now;
            now = f.time;
            flips += 1;
            to_right += f.to_right ? 1 : 0;
        }
        (void)k.run((w + 1) * window);
        if (k.sides()[0] == 1) right_time += (w + 1) * window - now;
        sum += flips / windows;
        squares += flips * flips / windows;
        one += to_right / windows;
        one_squares += to_right * to_right / windows;
    }
    // Variance of a time average over T: 2 p (1-p) tau/T; of an observed variance about 2/n.
    const double p = r.right();
    EXPECT_NEAR(right_time / (windows * window), p, 4.9 * std::sqrt(2 * p * (1 - p) * r.tau() / (windows * window)));
    EXPECT_NEAR(sum, r.activity() * window, 4.9 * std::sqrt(1.25 * r.activity() * window / windows));
    EXPECT_NEAR((squares - sum * sum) / sum, r.fano_all(window), 4.9 * 1.3 * std::sqrt(2 / windows));
    EXPECT_NEAR((one_squares - one * one) / one, r.fano_one_way(window), 4.9 * 0.8 * std::sqrt(2 / windows));
}

// The integrated hazard between events is Exp(1), over 100 seeds together: held, loose bounds, ramps of pressure and of
// temperature, with coupling, both selections. The hazard is summed here from the wells' formulas and the sides, not by
// the engine's bounds. KS at 1e-5 for each of 12.
TEST(Kinetics, IntegratedHazardIsExponential) {
    struct Case {
        Programme programme;
        double looseness, coupling;
    };
    const std::vector<WellLaw> wells = mixed(20);
    const Case cases[] = {{held, 1, 0},
                          {held, 2.5, -0.15},
                          {held, 1, 0.1},
                          {Programme({{0, {400, 0}}, {4, {400, 8}}, {4, {400, 2}}}), 1, 0},
                          {Programme({{0, {380, 1}}, {5, {450, 1}}}), 1, -0.15},
                          {Programme({{0, {420, 5}}, {3, {400, 0}}, {3, {410, 0}}, {6, {400, 3}}}), 1.3, 0.1}};
    for (const Selection selection : selections)
        for (const Case& c : cases) {
            std::vector<double> increments;
            for (std::uint64_t seed = 0; seed < 100; ++seed) {
                Kinetics k(wells, c.programme, std::vector<std::uint8_t>(wells.size(), 0), 0, stream_of(6, seed),
                           {.selection = selection, .coupling = c.coupling, .looseness = c.looseness});
                double last = 0;
                for (int i = 0; i < 60; ++i) {
                    const auto sides = k.sides();
                    const auto in_right = static_cast<double>(k.in_right());
                    const double until = k.next().time;
                    double hazard = 0;
                    for (const Stretch& s : c.programme.stretches(last, until)) {
                        // Simpson over 16 parts: rates change by less than e^3 over a whole ramp.
                        constexpr int parts = 16;
                        for (int j = 0; j <= parts; ++j) {
                            const double w = j == 0 || j == parts ? 1 : j % 2 == 1 ? 4 : 2;
                            const Conditions at = s.at(s.from + s.length() * j / parts);
                            double total = 0;
                            for (std::size_t n = 0; n < wells.size(); ++n) {
                                WellLaw moved = wells[n];
                                moved.asymmetry +=
                                    c.coupling / static_cast<double>(wells.size()) * (in_right - sides[n]);
                                const Rates r = moved.rates(at);
                                total += sides[n] == 0 ? r.to_right : r.to_left;
                            }
                            hazard += w * total * s.length() / (3 * parts);
                        }
                    }
                    increments.push_back(hazard);
                    last = until;
                    (void)k.advance();
                }
            }
            EXPECT_LT(exponential_distance(increments), ks_1e5) << name(selection) << " " << c.coupling;
        }
}

// 400 wells, 25 runs, through ramps and stays: wells in R as the master equation has them, at each of 6 times
// within 4.9 standard errors (1e-6; 12 comparisons), with sudden changes, ramps and either selection.
TEST(Kinetics, EnsembleMeanIsTheMasterEquation) {
    constexpr std::size_t count = 400;
    constexpr std::uint64_t runs = 25;
    const std::vector<WellLaw> wells = mixed(count, 8);
    const Programme programme({{0, {400, 0}}, {1, {400, 0}}, {1, {400, 5}}, {2, {400, 5}}, {3, {440, 1}}});
    const std::vector<double> times{0.05, 1.0, 1.02, 2.0, 2.6, 3.01};
    std::vector<double> mean(times.size()), variance(times.size());
    for (const WellLaw& w : wells) {
        double right = 0, last = 0;
        for (std::size_t k = 0; k < times.size(); ++k) {
            right = propagate(w, programme, last, times[k]).right(right);
            last = times[k];
            mean[k] += static_cast<double>(runs) * right;
            variance[k] += static_cast<double>(runs) * right * (1 - right);
        }
    }
    for (const Selection selection : selections) {
        std::vector<double> found(times.size());
        for (std::uint64_t run = 0; run < runs; ++run) {
            Kinetics k(wells, programme, std::vector<std::uint8_t>(count, 0), 0, stream_of(8, run),
                       {.selection = selection});
            for (std::size_t i = 0; i < times.size(); ++i) {
                (void)k.run(times[i]);
                EXPECT_EQ(k.time(), times[i]);
                found[i] += static_cast<double>(k.in_right());
            }
        }
        for (std::size_t i = 0; i < times.size(); ++i)
            EXPECT_NEAR(found[i], mean[i], 4.9 * std::sqrt(variance[i])) << name(selection) << " " << times[i];
    }
}

// Mean-field coupling: the time spent with n wells in R is that of Boltzmann's law, C(N,n) exp(-(n Delta + (J/N)
// n (n-1)/2)/kT), for J of both signs. Each share within 4.9 errors from 50 blocks.
TEST(Kinetics, CouplingKeepsBoltzmannsLaw) {
    constexpr std::size_t count = 6;
    const WellLaw well = with_rates(1, 1.5);
    for (const Selection selection : selections)
        for (const double coupling : {-0.08, 0.1}) {
            std::vector<double> want(count + 1);
            double z = 0;
            for (std::size_t n = 0; n <= count; ++n) {
                const auto x = static_cast<double>(n);
                want[n] = std::exp(std::lgamma(count + 1.0) - std::lgamma(x + 1) - std::lgamma(count - x + 1) -
                                   (x * well.asymmetry + coupling / count * x * (x - 1) / 2) / kt);
                z += want[n];
            }
            Kinetics k(std::vector(count, well), held, std::vector<std::uint8_t>(count, 0), 0, stream_of(9),
                       {.selection = selection, .coupling = coupling});
            (void)k.run(50);
            constexpr int blocks = 50;
            std::vector<double> sum(count + 1), squares(count + 1);
            for (int b = 0; b < blocks; ++b) {
                std::vector<double> spent(count + 1);
                const double end = 50 + 300.0 * (b + 1);
                while (k.next().time <= end) {
                    const double now = k.time();
                    const std::size_t n = k.in_right();
                    spent[n] += k.advance().time - now;
                }
                spent[k.in_right()] += end - k.time();
                (void)k.run(end);
                for (std::size_t n = 0; n <= count; ++n) {
                    sum[n] += spent[n] / 300 / blocks;
                    squares[n] += std::pow(spent[n] / 300, 2) / blocks;
                }
            }
            for (std::size_t n = 0; n <= count; ++n)
                EXPECT_NEAR(sum[n], want[n] / z, 4.9 * std::sqrt((squares[n] - sum[n] * sum[n]) / blocks) + 1e-4) << n;
        }
}

// Rates obey detailed balance with coupling: k(i flips in this state)/k(back) = exp(-(E' - E)/kT).
TEST(Kinetics, DetailedBalanceWithCoupling) {
    const auto wells = mixed(5);
    constexpr double coupling = -0.2;
    const auto energy = [&](const std::vector<std::uint8_t>& sides) {
        double e = 0, n = 0;
        for (std::size_t i = 0; i < sides.size(); ++i)
            if (sides[i] == 1) {
                e += wells[i].asymmetry;
                n += 1;
            }
        return e + coupling / static_cast<double>(sides.size()) * n * (n - 1) / 2;
    };
    for (std::uint8_t state = 0; state < 32; ++state)
        for (std::size_t i = 0; i < 5; ++i) {
            std::vector<std::uint8_t> a, b;
            for (std::size_t j = 0; j < 5; ++j) a.push_back(static_cast<std::uint8_t>((state >> j) & 1U));
            b = a;
            b[i] = static_cast<std::uint8_t>(1 - b[i]);
            const Kinetics one(wells, held, a, 0, stream_of(1), {.coupling = coupling});
            const Kinetics two(wells, held, b, 0, stream_of(1), {.coupling = coupling});
            EXPECT_NEAR(std::log(one.rate(i) / two.rate(i)), -(energy(b) - energy(a)) / kt, 1e-10);
        }
}

}  // namespace
}  // namespace vitrum::model
