#include "vitrum/model/relaxation/kernel.hpp"

#include <cmath>
#include <utility>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/model/field/sample_times.hpp"
#include "vitrum/model/relaxation/kernel_on_times.hpp"

namespace vitrum::model {
namespace {

const InternalClock glass{.kind = ClockKind::ageing, .tau0 = 34, .tau_star = 2300};

std::vector<double> grid(double until) { return SampleTimes{.frames = 160, .frame_time = until / 159}.all(); }

TEST(Kernel, EventsAndStaticPart) {
    const Kernel k{
        .clock = {.tau0 = 10}, .beta = 1.8, .event_times = {2, 5}, .event_fraction = 0.3, .static_fraction = 0.25};
    check(k);
    const auto phi = [](double lag) { return std::exp(-std::pow(lag / 10, 1.8)); };
    EXPECT_NEAR(k(3, 4), 0.25 + 0.75 * phi(1), 1e-15);
    EXPECT_NEAR(k(1, 4), 0.25 + 0.75 * phi(3) * 0.7, 1e-15);
    EXPECT_NEAR(k(6, 1), 0.25 + 0.75 * phi(5) * 0.49, 1e-15);
    EXPECT_NEAR(k(1, 2), 0.25 + 0.75 * phi(1) * 0.7, 1e-15) << "an event belongs to (t1, t2]";
    EXPECT_EQ(k(3, 3), 1);
    Kernel full = k;
    full.event_fraction = 1;
    full.static_fraction = 0;
    EXPECT_EQ(full(1, 3), 0);
    EXPECT_NEAR(full(3, 4.5), phi(1.5), 1e-15);
}

// The overlap of two Gaussian beams by the midpoint rule: amplitude exp(-r^2/w^2), w = 3, apart by v t = 0.5 * 4.
// Across the shift alone: the other two directions cancel.
TEST(Kernel, TranslationIsTheOverlapOfTheBeam) {
    const Kernel k{.clock = {.tau0 = 10}, .beta = 1.8, .static_fraction = 0.25, .translation_rate = 0.5 / 3};
    const auto amplitude = [](double x) { return std::exp(-x * x / 9); };
    double both = 0;
    double alone = 0;
    for (int i = -4000; i < 4000; ++i) {
        const double x = (i + 0.5) * 0.005;
        both += amplitude(x) * amplitude(x + 2);
        alone += amplitude(x) * amplitude(x);
    }
    EXPECT_NEAR(k.overlap(1, 5), both / alone, 1e-12);
    EXPECT_NEAR(k(1, 5), both / alone * (0.25 + 0.75 * std::exp(-std::pow(0.4, 1.8))), 1e-12);
    EXPECT_EQ(k.moving(1, 5), k(1, 5)) << "the frozen part leaves the beam too";
    EXPECT_EQ(k.never_moves(), 0);
    Kernel exponential = k;
    exponential.beta = 1;
    EXPECT_FALSE(exponential.markov());
    const std::vector<double> both_times{1, 5};
    EXPECT_NEAR(KernelOnTimes(k, both_times).powers(0, 1)[2], k(1, 5) * k(1, 5), 1e-15);
    EXPECT_MESSAGE((check(Kernel{.translation_rate = -1})), "translation_rate = -1");
}

// Whatever the clock, events and beta: no eigenvalue below rounding.
TEST(Kernel, InternalClockIsPositiveDefinite) {
    const std::vector<InternalClock> clocks{
        {.tau0 = 60},
        glass,
        {.kind = ClockKind::ageing, .tau0 = 34, .tau_star = 300, .plateau_time = 700},
        {.kind = ClockKind::accelerating, .tau0 = 900, .tau_star = 400},
        {.kind = ClockKind::piecewise, .times = {0, 300, 310}, .taus = {20, 900, 5}},
        {.kind = ClockKind::table, .times = {0, 500, 600}, .taus = {20, 2000, 3}},
        {.tau0 = 200, .jump_times = {100, 400}, .jump_sizes = {3, 0.2}},
        {.kind = ClockKind::beam_damage, .tau0 = 500, .damage_time = 50},
    };
    const auto times = grid(1000);
    for (const auto& clock : clocks)
        for (const double beta : {0.6, 1.0, 1.8, 2.0})
            for (const double fraction : {0.0, 0.4, 1.0}) {
                const Kernel k{.clock = clock,
                               .beta = beta,
                               .event_times = {205, 711},
                               .event_fraction = fraction,
                               .static_fraction = 0.2};
                EXPECT_GT(smallest_relative_eigenvalue(k.matrix(times)), -1e-14) << name(clock.kind) << " " << beta;
                EXPECT_EQ(message_of([&] { check_positive(k.matrix(times), "kernel"); }), "no error");
                Kernel carried = k;
                carried.translation_rate = 0.003;
                EXPECT_GT(smallest_relative_eigenvalue(carried.matrix(times)), -1e-14) << name(clock.kind);
            }
}

// With tau of the earlier time and beta = 2 the smallest eigenvalue is -2.1e-3 over 600 s, -8.4e-3 over
// 4000 s and -0.62 over 12000 s (160 times; absolute).
TEST(Kernel, TheNaiveAgeingKernelIsRefused) {
    const Kernel naive{.clock = glass, .beta = 2, .form = KernelForm::earlier_time};
    EXPECT_MESSAGE(check(naive), "kernel = \"earlier_time\"");
    EXPECT_MESSAGE(check(naive), "take kernel = \"internal_clock\"");
    for (const auto& [until, published] : {std::pair{600.0, -2.1e-3}, {4000.0, -8.4e-3}, {12000.0, -0.62}}) {
        const auto m = naive.matrix(grid(until));
        const double smallest =
            Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(m, Eigen::EigenvaluesOnly).eigenvalues()(0);
        EXPECT_NEAR(smallest / published, 1, 0.1) << until;
        EXPECT_MESSAGE(check_positive(m, "kernel"), "not positive definite: smallest eigenvalue -");
    }
}

TEST(Kernel, MidpointIsTestedCaseByCase) {
    Kernel k{.clock = glass, .beta = 1.8, .form = KernelForm::midpoint};
    EXPECT_EQ(message_of([&] { check_positive(k.matrix(grid(4000)), "kernel"); }), "no error");
    k.clock = {.kind = ClockKind::piecewise, .times = {0, 500}, .taus = {20, 900}};
    EXPECT_MESSAGE(check_positive(k.matrix(grid(1000)), "kernel"), "kernel: this correlation is not positive definite");
}

TEST(Kernel, BadKernelsAreNamed) {
    EXPECT_MESSAGE((check(Kernel{.beta = 2.1})), "beta = 2.1");
    EXPECT_MESSAGE((check(Kernel{.event_times = {3, 2}})), "event_times: 2 s at place 2");
    EXPECT_MESSAGE((check(Kernel{.event_fraction = 1.5})), "event_fraction = 1.5");
    EXPECT_MESSAGE((check(Kernel{.static_fraction = 1})), "static_fraction = 1");
    EXPECT_MESSAGE((check(Kernel{.clock = {.jump_times = {1}, .jump_sizes = {1}}, .form = KernelForm::midpoint})),
                   "jump_times: only");
    EXPECT_MESSAGE((void)kernel_from("midpont"), "did you mean 'midpoint'");
}

// Least squares of exp(-2 (d/tau)^b) over lags 0 to 3 tau(tw), by Gauss-Newton.
template <class Square>
std::pair<double, double> kww_fit(double tau_true, double beta_true, Square&& g1_squared) {
    constexpr int points = 3000;
    double tau = tau_true;
    double beta = beta_true;
    for (int iteration = 0; iteration < 60; ++iteration) {
        Eigen::Matrix2d a = Eigen::Matrix2d::Zero();
        Eigen::Vector2d b = Eigen::Vector2d::Zero();
        for (int i = 1; i <= points; ++i) {
            const double d = 3 * tau_true * i / points;
            const double u = 2 * std::pow(d / tau, beta);
            const double y = std::exp(-u);
            const Eigen::Vector2d slope(y * u * beta, -y * u * std::log(d / tau));  // by ln tau and beta
            a += slope * slope.transpose();
            b += slope * (g1_squared(d) - y);
        }
        const Eigen::Vector2d step = a.ldlt().solve(b);
        tau *= std::exp(step(0));
        beta += step(1);
    }
    return {tau / tau_true, beta};
}

// tau0 = 34 s and tau* = 2300 s: what a KWW fit returns on the exact kernel. Digits as printed.
TEST(Kernel, FitBiasOfForwardAndCentredCuts) {
    struct Row {
        double tw, tau, ratio16, beta16, ratio18, beta18, ratio20, beta20, centred, centred_beta;
    };
    const std::vector<Row> rows{
        {0, 34.00, 1.0074, 1.592, 1.0073, 1.791, 1.0073, 1.990, 1.0000, 1.800},
        {2000, 81.12, 1.0179, 1.582, 1.0178, 1.779, 1.0177, 1.976, 0.9999, 1.800},
        {4000, 193.54, 1.0441, 1.555, 1.0439, 1.749, 1.0438, 1.942, 0.9997, 1.8005},
    };
    for (const auto& row : rows) {
        EXPECT_NEAR(glass.tau(row.tw), row.tau, 0.0051);
        for (const auto& [beta, ratio, exponent] : {std::tuple{1.6, row.ratio16, row.beta16},
                                                    {1.8, row.ratio18, row.beta18},
                                                    {2.0, row.ratio20, row.beta20}}) {
            const Kernel k{.clock = glass, .beta = beta};
            const auto forward = kww_fit(row.tau, beta, [&](double d) { return std::pow(k(row.tw, row.tw + d), 2); });
            EXPECT_NEAR(forward.first, ratio, 3e-4) << row.tw << " " << beta;
            EXPECT_NEAR(forward.second, exponent, 1e-3) << row.tw << " " << beta;
        }
        const Kernel k{.clock = glass, .beta = 1.8};
        const auto centred =
            kww_fit(row.tau, 1.8, [&](double d) { return std::pow(k(row.tw - d / 2, row.tw + d / 2), 2); });
        EXPECT_NEAR(centred.first, row.centred, 3e-4) << row.tw;
        EXPECT_NEAR(centred.second, row.centred_beta, 1e-3) << row.tw;
    }
}

}  // namespace
}  // namespace vitrum::model
