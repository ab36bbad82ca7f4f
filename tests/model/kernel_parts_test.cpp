// Sums and products of processes, the Paciorek-Schervish form, a user's matrix, moments over the population.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/model/field/sample_times.hpp"
#include "vitrum/model/relaxation/kernel_on_times.hpp"

namespace vitrum::model {
namespace {

const InternalClock glass{.kind = ClockKind::ageing, .tau0 = 34, .tau_star = 2300};

std::vector<double> grid(double until) { return SampleTimes{.frames = 160, .frame_time = until / 159}.all(); }

Kernel mixture() {
    return {.clock = standing_clock(),
            .static_fraction = 0.1,
            .sum = {{"fast", 0.3, {.clock = {.tau0 = 20}, .beta = 0.7}},
                    {"slow", 0.7, {.clock = glass, .beta = 1.8, .event_times = {300}, .event_fraction = 0.4}}},
            .product = {{"hop", 1, {.clock = {.tau0 = 900}, .beta = 1, .static_fraction = 0.5}}}};
}

TEST(KernelParts, SumsAndProductsOfTheirFormulas) {
    const Kernel k = mixture();
    check(k);
    const auto kww = [](double s, double beta) { return std::exp(-std::pow(s, beta)); };
    for (const auto& [a, b] : {std::pair{0.0, 40.0}, {100.0, 250.0}, {290.0, 310.0}}) {
        const double fast = kww((b - a) / 20, 0.7);
        const double slow = kww(glass.at(b) - glass.at(a), 1.8) * (a < 300 && b >= 300 ? 0.6 : 1);
        const double hop = 0.5 + 0.5 * kww((b - a) / 900, 1);
        EXPECT_NEAR(k(a, b), 0.1 + 0.9 * (0.3 * fast + 0.7 * slow) * hop, 1e-14);
        EXPECT_EQ(k(a, b), k(b, a));
    }
    EXPECT_NEAR(k(77, 77), 1, 1e-15);
    EXPECT_GT(smallest_relative_eigenvalue(k.matrix(grid(1000))), -1e-14);
}

TEST(KernelParts, WhatTheyAreIsKnown) {
    Kernel k = mixture();
    EXPECT_FALSE(k.single());
    EXPECT_FALSE(k.stationary());
    k.sum[1].kernel = {.clock = {.tau0 = 50}, .beta = 1.8};
    EXPECT_TRUE(k.stationary());
    EXPECT_FALSE(k.markov()) << "a sum is none";
    k.sum.clear();
    EXPECT_FALSE(k.markov()) << "a static part is none";
    k.product[0].kernel.static_fraction = 0;
    EXPECT_TRUE(k.markov());
    k.product[0].kernel.event_rate = 0.1;
    EXPECT_TRUE(k.stationary_in_law());
    EXPECT_FALSE(k.stationary());
    EXPECT_TRUE(k.known_population());
    k.product[0].kernel.beta = 1.5;
    EXPECT_TRUE(k.known_population()) << "events need no beta";
    k.product[0].kernel.random = {.kind = RandomClockKind::gamma};
    EXPECT_FALSE(k.known_population());
    EXPECT_EQ(expected_events(k, 50), 5);
}

TEST(KernelParts, BadPartsAreNamed) {
    Kernel k = mixture();
    k.sum[0].weight = 0.2;
    EXPECT_MESSAGE(check(k), "sum: the weights add to 0.9");
    k.sum[0].weight = -0.3;
    EXPECT_MESSAGE(check(k), "sum.fast: weight = -0.3");
    k = mixture();
    k.product[0].kernel.beta = 3;
    EXPECT_MESSAGE(check(k), "product.hop: beta = 3");
    k = mixture();
    k.sum[1].kernel.form = KernelForm::earlier_time;
    EXPECT_MESSAGE(check(k), "sum.slow: kernel = \"earlier_time\"");
}

// Random events in one part, a random clock in another: moments of g1 against 40000 realisations, within 4.9 standard
// errors (1e-6; 2 pairs x 4 powers: 8e-6; 1e-4 allowing for skewness).
TEST(KernelParts, MomentsOverThePopulation) {
    constexpr int draws = 40000;
    Kernel k = mixture();
    k.sum[1].kernel.event_rate = 0.004;
    k.product[0].kernel.random = {
        .kind = RandomClockKind::two_state, .tau_fast = 40, .tau_slow = 2000, .time_fast = 60, .time_slow = 200};
    const std::vector<double> times{250, 290, 420};
    const KernelOnTimes law(k, times);
    Powers sum[2]{};
    Powers squares[2]{};
    for (int i = 0; i < draws; ++i) {
        const KernelOnTimes one(realise(k, times, 250, 500, {8, 1, static_cast<std::uint64_t>(i)}), times);
        for (std::size_t pair = 0; pair < 2; ++pair)
            for (std::size_t p = 1; p < 5; ++p) {
                const double x = std::pow(one(0, pair + 1), static_cast<double>(p));
                sum[pair][p] += x / draws;
                squares[pair][p] += x * x / draws;
            }
    }
    for (std::size_t pair = 0; pair < 2; ++pair)
        for (std::size_t p = 1; p < 5; ++p)
            EXPECT_NEAR(sum[pair][p], law.powers(0, pair + 1)[p],
                        4.9 * std::sqrt((squares[pair][p] - sum[pair][p] * sum[pair][p]) / draws))
                << pair << " " << p;
}

// Rearrangements of rate l on a steady clock: mean phi^2 exp(-l t (1 - (1-a)^2)), variance
// phi^4 (exp(-l t (1 - (1-a)^4)) - exp(-2 l t (1 - (1-a)^2))).
TEST(KernelParts, MomentsOfPoissonEvents) {
    const Kernel k{.clock = {.tau0 = 10}, .beta = 1.7, .event_fraction = 0.3, .event_rate = 0.05};
    const std::vector<double> times{2, 9};
    const Powers p = KernelOnTimes(k, times).powers(0, 1);
    const double phi = std::exp(-std::pow(0.7, 1.7));
    const double mean = phi * phi * std::exp(-0.35 * (1 - 0.49));
    EXPECT_NEAR(p[2], mean, 1e-14);
    EXPECT_NEAR(p[4] - p[2] * p[2],
                std::pow(phi, 4) * (std::exp(-0.35 * (1 - std::pow(0.7, 4))) - std::exp(-0.7 * (1 - 0.49))), 1e-14);
}

TEST(KernelParts, PaciorekSchervish) {
    Kernel k{.clock = glass, .beta = 1.6, .form = KernelForm::paciorek_schervish};
    check(k);
    const double a = glass.tau(1000);
    const double b = glass.tau(1500);
    const double square = (a * a + b * b) / 2;
    EXPECT_NEAR(k(1000, 1500), std::sqrt(a * b / square) * std::exp(-std::pow(500 / std::sqrt(square), 1.6)), 1e-14);
    EXPECT_NEAR(k(1000, 1000), 1, 1e-15);
    // Positive definite where the naive form is not.
    for (const double beta : {0.6, 1.0, 1.8, 2.0})
        for (const double until : {600.0, 4000.0, 12000.0}) {
            k.beta = beta;
            EXPECT_GT(smallest_relative_eigenvalue(k.matrix(grid(until))), -1e-13) << beta << " " << until;
        }
    // A steady tau makes it the internal clock's kernel.
    const Kernel steady{.clock = {.tau0 = 30}, .beta = 1.6, .form = KernelForm::paciorek_schervish};
    EXPECT_NEAR(steady(3, 20), std::exp(-std::pow(17.0 / 30, 1.6)), 1e-14);
    EXPECT_TRUE(steady.stationary());
}

TEST(StoredKernel, IsTestedAndLookedUp) {
    const auto times = SampleTimes{.frames = 20, .frame_time = 0.5, .start = 7}.all();
    const Eigen::MatrixXd good = Kernel{.clock = {.tau0 = 3}, .beta = 1.5}.matrix(times);
    auto stored = stored_kernel(good, "file");
    stored.start = 7;
    stored.frame_time = 0.5;
    const Kernel k{.clock = standing_clock(), .stored = std::make_shared<StoredKernel>(stored)};
    check(k);
    EXPECT_EQ((k.matrix(times) - good).cwiseAbs().maxCoeff(), 0);
    EXPECT_FALSE(k.stationary());
    const auto with = [&](auto&& change) {
        Eigen::MatrixXd g1 = good;
        change(g1);
        return message_of([&] { (void)stored_kernel(g1, "file"); });
    };
    EXPECT_TRUE(contains(with([](auto& g) { g.conservativeResize(20, 19); }), "file: has 20 x 19 values"));
    EXPECT_TRUE(contains(with([](auto& g) { g(3, 3) = 0.9; }), "is 0.9 at (3, 3); the diagonal of g1 is 1"));
    EXPECT_TRUE(contains(with([](auto& g) { g(3, 5) += 0.1; }), "is not symmetric"));
    EXPECT_TRUE(contains(with([](auto& g) { g(3, 5) = g(5, 3) = std::nan(""); }), "is not finite at (5, 3)"));
    EXPECT_TRUE(
        contains(with([](auto& g) { g(0, 19) = g(19, 0) = 0.9; }), "not positive definite: smallest eigenvalue -"));
}

}  // namespace
}  // namespace vitrum::model
