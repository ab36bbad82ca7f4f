// Age cuts and the ageing law, on the exact map of the internal clock and on simulated speckle.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/test_fields.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/relaxation/age_cuts.hpp"
#include "vitrum/analysis/relaxation/ageing_law.hpp"

namespace vitrum::analysis {
namespace {

constexpr double tau0 = 34;
constexpr double tau_star = 2300;

double clock_at(double t) { return tau_star / tau0 * (1 - std::exp(-t / tau_star)); }

// |g1|^2 = exp(-2 |Lambda(t2) - Lambda(t1)|^beta), contrast 0.1, no noise; frames at start + k step.
TwoTimeMap exact_map(double start, double step, std::size_t frames, double beta) {
    TwoTimeMap map{frames, std::vector<double>(frames * frames), step, "s", true};
    for (std::size_t i = 0; i < frames; ++i)
        for (std::size_t j = 0; j < frames; ++j) {
            const double d = std::abs(clock_at(start + static_cast<double>(j) * step) -
                                      clock_at(start + static_cast<double>(i) * step));
            map(i, j) = 1 + 0.1 * std::exp(-2 * std::pow(d, beta));
        }
    return map;
}

KwwFit fit_at(double age, double beta, AgeCut cut) {
    const double tau = tau0 * std::exp(age / tau_star);
    const double step = tau / 100;
    const bool forward = cut == AgeCut::forward;
    const auto map = exact_map(forward ? age : age - 1.5 * tau, step, 301, beta);
    AgeOptions options;
    options.cut = cut;
    options.windows = {forward ? AgeWindow{0, 1} : AgeWindow{150, 151}};
    KwwOptions kww;
    kww.weights = KwwWeights::equal;
    kww.baseline = 1.0;
    kww.contrast = 0.1;
    return fit_kww(g2_by_age(map, options).at(0).g2, kww);
}

// Unweighted least squares over lags 0 to 3 tau: printed to four digits, beta to three.
TEST(AgeCuts, ForwardCutHasTheKnownBias) {
    struct Row {
        double age, beta, ratio, beta_fit;
    };
    for (const auto& [age, beta, ratio, beta_fit] :
         {Row{0, 1.8, 1.0073, 1.791}, Row{2000, 1.8, 1.0178, 1.779}, Row{4000, 1.6, 1.0441, 1.555},
          Row{4000, 1.8, 1.0439, 1.749}, Row{6000, 1.8, 1.1146, 1.672}, Row{6000, 2.0, 1.1142, 1.855},
          Row{8000, 1.8, 1.3601, 1.449}}) {
        const auto fit = fit_at(age, beta, AgeCut::forward);
        EXPECT_NEAR(fit.tau / (tau0 * std::exp(age / tau_star)), ratio, 0.002 * ratio) << age << " " << beta;
        EXPECT_NEAR(fit.beta, beta_fit, 0.003) << age << " " << beta;
    }
}

TEST(AgeCuts, CentredCutIsRightToOnePercent) {
    for (const double age : {0.0, 2000.0, 4000.0, 6000.0, 8000.0}) {
        const auto fit = fit_at(age, 1.8, AgeCut::centred);
        EXPECT_NEAR(fit.tau / (tau0 * std::exp(age / tau_star)), 1, 0.01) << age;
        EXPECT_NEAR(fit.beta, 1.8, 0.02) << age;
    }
    EXPECT_NEAR(fit_at(8000, 1.8, AgeCut::centred).tau / (tau0 * std::exp(8000 / tau_star)), 0.9908, 0.002);
}

TEST(AgeCuts, TakeThePairsOfTheWindow) {
    constexpr std::size_t n = 11;
    TwoTimeMap map{n, std::vector<double>(n * n), 2.0, "s", false};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) map(i, j) = static_cast<double>(100 * std::min(i, j) + std::max(i, j));
    map(4, 6) = map(6, 4) = not_a_number;
    for (const auto cut : {AgeCut::forward, AgeCut::centred}) {
        AgeOptions options;
        options.cut = cut;
        options.windows = {{3, 7}};
        options.first_frame = 50;
        const auto age = g2_by_age(map, options).at(0);
        EXPECT_DOUBLE_EQ(age.age, 50 + 2 * 4.5);
        for (std::size_t k = 0; k < age.g2.size(); ++k) {
            const auto lag = static_cast<std::size_t>(age.g2.x[k] / 2);
            double sum = 0;
            double pairs = 0;
            for (std::size_t t = 0; t + lag < n; ++t) {
                const double reference =
                    cut == AgeCut::forward ? static_cast<double>(t) : static_cast<double>(2 * t + lag) / 2;
                if (reference < 3 || reference >= 7 || std::isnan(map(t, t + lag))) continue;
                sum += map(t, t + lag);
                pairs += 1;
            }
            EXPECT_EQ(age.g2.weight[k], pairs) << lag;
            EXPECT_NEAR(age.g2.y[k], sum / pairs, 1e-9) << lag;
        }
        EXPECT_EQ(age.g2.x.back(), cut == AgeCut::forward ? 14 : 20);
    }
    // Windows that tile the run hold every pair once.
    AgeOptions tiles;
    tiles.ages = 3;
    double pairs = 0;
    for (const auto& age : g2_by_age(map, tiles))
        for (const double w : age.g2.weight) pairs += w;
    EXPECT_EQ(pairs, n * (n - 1) / 2 - 1);
    EXPECT_MESSAGE(g2_by_age(map, {.windows = {{3, 12}}}), "window of ages 3 to 12 does not lie in the 11 frames");
    EXPECT_MESSAGE(g2_by_age(map, {.windows = {}, .ages = 0}), "ages = 0");
}

const Estimate& row(const std::vector<Estimate>& rows, const std::string& what) {
    for (const auto& e : rows)
        if (e.quantity == what) return e;
    throw std::logic_error("no row " + what);
}

TEST(AgeingLaw, ExactMapGivesTheLawBackByCentredCuts) {
    const auto map = exact_map(0, 4, 1100, 1.8);
    AgeOptions options;
    for (std::size_t k = 30; k <= 930; k += 100) options.windows.push_back({k, k + 3});
    options.max_lag = 200;
    const auto law = [&](AgeCut cut) {
        options.cut = cut;
        const auto ages = tau_by_age(g2_by_age(map, options), {.weights = KwwWeights::pairs, .baseline = 1.0});
        EXPECT_EQ(ages.tau.size(), 10U);
        return ageing_law(ages.tau);
    };
    const auto centred = law(AgeCut::centred);
    EXPECT_NEAR(row(centred, "ageing_tau0").value / tau0, 1, 0.01);
    EXPECT_NEAR(row(centred, "ageing_tau_star").value / tau_star, 1, 0.01);
    EXPECT_NEAR(row(centred, "ageing_rate").value * tau_star, 1, 0.01);
    EXPECT_EQ(row(centred, "ageing_tau_star").unit, "s");
    EXPECT_EQ(row(centred, "ageing_rate").unit, "1/s");
    // Forward cuts read a later tau: the law looks steeper.
    EXPECT_LT(row(law(AgeCut::forward), "ageing_tau_star").value / tau_star, 0.99);
}

Curve law_points(bool plateau) {
    Curve tau;
    tau.x_unit = tau.y_unit = "s";
    for (int k = 0; k < 15; ++k) {
        const double age = 700.0 * k;
        tau.x.push_back(age);
        tau.y.push_back(tau0 * std::exp((plateau ? std::min(age, 6500.0) : age) / tau_star));
        tau.y_error.push_back(0.05 * tau.y.back());
    }
    return tau;
}

TEST(AgeingLaw, PlateauIsFound) {
    const auto rows = ageing_law(law_points(true), {.plateau = true});
    EXPECT_NEAR(row(rows, "ageing_tau0").value, tau0, 1e-3);
    EXPECT_NEAR(row(rows, "ageing_tau_star").value, tau_star, 0.1);
    EXPECT_NEAR(row(rows, "ageing_plateau_time").value, 6500, 0.5);
    EXPECT_NEAR(row(rows, "ageing_plateau").value, tau0 * std::exp(6500 / tau_star), 0.1);
    EXPECT_EQ(ageing_law(law_points(false), {.plateau = true}).front().status, Status::at_bound);
    EXPECT_EQ(ageing_law(law_points(false)).size(), 4U);
}

// Pulls under the errors given, 1000 draws, with correlated errors between ages: mean square of each pull within
// 4.5 sqrt(2/1000) = 0.20 of 1 (false alarm 7e-6 each) plus 0.05 for the curvature of the plateau.
TEST(AgeingLaw, ErrorsAreThoseOfRepeatedDraws) {
    for (const bool plateau : {false, true}) {
        const Curve exact = law_points(plateau);
        const auto n = static_cast<Eigen::Index>(exact.size());
        Eigen::MatrixXd factor = Eigen::MatrixXd::Zero(n, n + 1);
        for (Eigen::Index i = 0; i < n; ++i) {
            factor(i, i) = 0.02 * exact.y[static_cast<std::size_t>(i)];
            factor(i, n) = 0.01 * exact.y[static_cast<std::size_t>(i)];
        }
        Stream stream({5, 0, 0}, Purpose::test, plateau ? 1 : 0);
        boost::random::normal_distribution<double> normal;
        std::vector<double> squares(5, 0.0);
        const auto truth = ageing_law(exact, {.plateau = plateau});
        for (int r = 0; r < 1000; ++r) {
            Eigen::VectorXd z(n + 1);
            for (auto& v : z) v = normal(stream);
            const Eigen::VectorXd shift = factor * z;
            Curve tau = exact;
            tau.covariance_factor = factor;
            tau.degrees_of_freedom = 1e6;
            for (Eigen::Index i = 0; i < n; ++i) {
                const auto k = static_cast<std::size_t>(i);
                tau.y[k] += shift(i);
                tau.y_error[k] = factor.row(i).norm();
            }
            const auto rows = ageing_law(tau, {.plateau = plateau});
            for (std::size_t k = 0; k + 1 < rows.size(); ++k)  // the last is p
                squares[k] += std::pow((rows[k].value - truth[k].value) / rows[k].standard_error, 2) / 1000;
        }
        for (std::size_t k = 0; k + 1 < truth.size(); ++k) EXPECT_NEAR(squares[k], 1, 0.25) << truth[k].quantity;
    }
}

TEST(AgeingLaw, NoNumberWhereTheDataCarryNone) {
    Curve flat = law_points(false);
    for (std::size_t i = 0; i < flat.size(); ++i) flat.y[i] = 50 + (i % 2 == 0 ? 1 : -1);
    for (double& e : flat.y_error) e = 2;
    const auto rows = ageing_law(flat);
    EXPECT_EQ(row(rows, "ageing_tau_star").status, Status::not_resolved);
    EXPECT_TRUE(std::isnan(row(rows, "ageing_tau_star").upper));
    EXPECT_EQ(row(rows, "ageing_rate").status, Status::ok);
    flat.x.resize(1);
    flat.y.resize(1);
    flat.y_error.resize(1);
    EXPECT_EQ(ageing_law(flat)[0].status, Status::no_data);
    EXPECT_TRUE(std::isnan(ageing_law(flat)[0].value));
}

// From counts to tau*: 40 runs of 250 frames, tau from 4 to 16 frames (beta = 1), five centred ages. Coverage of the
// 95 % intervals: at least 31 of 40 (a right interval falls below with probability 2e-5).
TEST(AgeingLaw, IntervalsHoldOnSpeckle) {
    const double star = 250 / std::log(4.0);
    std::vector<double> step(249);
    for (std::size_t t = 0; t < step.size(); ++t)
        step[t] = star / 4 * (std::exp(-static_cast<double>(t) / star) - std::exp(-static_cast<double>(t + 1) / star));
    int covered_star = 0;
    int covered_tau0 = 0;
    constexpr int runs = 40;
    for (std::uint64_t r = 0; r < runs; ++r) {
        const auto s = test::ou_series(step, 20, 20, 3, 1.0, {41, cell_id("ageing"), r});
        AgeOptions options;
        options.ages = 5;
        options.max_lag = 50;
        const auto ages = tau_by_age(g2_by_age(s, {}, options), {.baseline = 1.0});
        ASSERT_EQ(ages.tau.covariance_factor.cols(), 20);
        const auto rows = ageing_law(ages.tau);
        const auto covers = [&](const char* what, double truth) {
            return row(rows, what).lower <= truth && truth <= row(rows, what).upper ? 1 : 0;
        };
        covered_star += covers("ageing_rate", 1 / star);
        covered_tau0 += covers("ageing_tau0", 4);
    }
    EXPECT_GE(covered_star, 31);
    EXPECT_GE(covered_tau0, 31);
    RecordProperty("covered_rate", covered_star);
    RecordProperty("covered_tau0", covered_tau0);
}

}  // namespace
}  // namespace vitrum::analysis
