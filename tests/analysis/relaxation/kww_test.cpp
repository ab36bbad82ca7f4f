#include "vitrum/analysis/relaxation/kww.hpp"

#include <cmath>

#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {
namespace {

Curve exact(double contrast, double tau, double beta, double baseline, std::size_t lags) {
    Curve g2;
    g2.x_unit = "s";
    for (std::size_t i = 1; i <= lags; ++i) {
        const auto t = static_cast<double>(i);
        g2.x.push_back(t);
        g2.y.push_back(baseline + contrast * std::exp(-2 * std::pow(t / tau, beta)));
        g2.weight.push_back(static_cast<double>(lags + 1 - i));
    }
    return g2;
}

TEST(Kww, RecoversExactCurves) {
    for (const double beta : {0.5, 1.0, 1.8, 2.0})
        for (const double tau : {7.0, 60.0}) {
            const auto fit = fit_kww(exact(0.12, tau, beta, 1.01, 600));
            if (beta == 0.5 && tau == 60.0) {
                // exp(-2 sqrt(10)) = 0.002 is left at the longest lag: still reached.
                EXPECT_EQ(fit.status, Status::ok);
            }
            EXPECT_NEAR(fit.tau / tau, 1, 1e-5) << beta;
            EXPECT_NEAR(fit.beta, beta, 1e-5);
            EXPECT_NEAR(fit.contrast, 0.12, 1e-6);
            EXPECT_NEAR(fit.baseline, 1.01, 1e-7);
            EXPECT_EQ(fit.status, Status::ok);
        }
}

TEST(Kww, LagRangeAndFixedParameters) {
    const Curve g2 = exact(0.1, 20, 1.5, 1, 300);
    const auto fit = fit_kww(g2, {.min_lag = 3, .max_lag = 100, .baseline = 1.0, .beta = 1.5});
    EXPECT_EQ(fit.first_lag, 3);
    EXPECT_EQ(fit.last_lag, 100);
    EXPECT_EQ(fit.points, 98U);
    EXPECT_NEAR(fit.tau, 20, 1e-4);
    const auto rows = estimates_of(fit, "s");
    EXPECT_TRUE(std::isnan(rows.at(4).standard_error));  // a fixed baseline has no error
    EXPECT_EQ(fit_kww(g2, {.min_lag = 298}).status, Status::no_data);
}

// 571 s from a scan of 600 s with a floating baseline must not come out as a clean number.
TEST(Kww, ADecayNotReachedIsAStatus) {
    EXPECT_EQ(fit_kww(exact(0.05, 571, 1.8, 1, 599)).status, Status::decay_not_reached);
    EXPECT_EQ(fit_kww(exact(0.05, 571, 1.8, 1, 599), {.baseline = 1.0}).status, Status::ok);
    EXPECT_EQ(fit_kww(exact(0.05, 900, 1.8, 1, 599), {.baseline = 1.0}).status, Status::decay_not_reached);
}

TEST(Kww, ADecayBetweenTwoLagsIsNotResolved) {
    EXPECT_NE(fit_kww(exact(0.3, 0.8, 1.8, 1, 200)).status, Status::ok);
    // One point above a noisy plateau drives tau to its lower bound: a decay that is over is unresolved all the same.
    int over = 0;
    for (std::uint64_t r = 0; r < 12; ++r) {
        Stream stream({48, cell_id("one point"), r}, Purpose::test, 0);
        boost::random::normal_distribution<double> noise(0, 1e-3);
        Curve step = exact(0.1, 50, 1.0, 1, 80);
        for (std::size_t i = 0; i < step.size(); ++i) step.y[i] = (i == 0 ? 1.026 : 1.02) + noise(stream);
        const auto fit = fit_kww(step);
        if (!(fit.tau < 1.001 * step.x[0] / 10) || !(std::exp(-2 * std::pow(step.x[1] / fit.tau, fit.beta)) < 0.01))
            continue;
        EXPECT_EQ(fit.status, Status::not_resolved) << r;
        ++over;
    }
    EXPECT_GT(over, 0);
}

TEST(Kww, ABoundIsAStatus) {
    Curve step = exact(0.1, 50, 1.0, 1, 300);
    for (std::size_t i = 0; i < step.size(); ++i) step.y[i] = step.x[i] < 50 ? 1.1 : 1.0;
    const auto fit = fit_kww(step);
    EXPECT_EQ(fit.status, Status::at_bound);
    EXPECT_NEAR(fit.beta, 3, 1e-4);
}

// Least squares is linear for small noise: with a known covariance of the points, the parameters' covariance is the
// spread over repeated noise. 2000 draws: the ratio of standard deviations has a standard error 1/sqrt(4000) = 0.016.
TEST(Kww, CovarianceIsTheSpreadOfRepeatedFits) {
    Curve g2 = exact(0.2, 15, 1.6, 1, 120);
    const auto n = static_cast<Eigen::Index>(g2.size());
    // Strongly correlated noise: common offsets, and runs along the lag.
    g2.covariance_factor = Eigen::MatrixXd::Zero(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j)
            g2.covariance_factor(i, j) = 2e-5 * std::exp(-0.5 * std::pow(static_cast<double>(i - j) / 6.0, 2));
    g2.degrees_of_freedom = 1e6;
    const auto center = fit_kww(g2);
    Stream stream({2, 0, 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal;
    Eigen::Vector3d squares = Eigen::Vector3d::Zero();
    constexpr int repeats = 2000;
    for (int r = 0; r < repeats; ++r) {
        Eigen::VectorXd z(n);
        for (auto& v : z) v = normal(stream);
        const Eigen::VectorXd shift = g2.covariance_factor * z;
        Curve noisy = g2;
        for (Eigen::Index i = 0; i < n; ++i) noisy.y[static_cast<std::size_t>(i)] += shift(i);
        const auto fit = fit_kww(noisy);
        squares +=
            Eigen::Vector3d(fit.contrast - center.contrast, std::log(fit.tau / center.tau), fit.beta - center.beta)
                .cwiseAbs2();
    }
    const double limit = 4.5 / std::sqrt(2.0 * repeats) + 0.01;
    for (int k = 0; k < 3; ++k) EXPECT_NEAR(std::sqrt(squares(k) / repeats / center.covariance(k, k)), 1, limit) << k;
}

TEST(Kww, WeightsFallBackToWhatTheCurveHas) {
    Curve g2 = exact(0.1, 20, 1.5, 1, 100);
    g2.weight.clear();
    EXPECT_NEAR(fit_kww(g2, {.weights = KwwWeights::scatter}).tau, 20, 1e-4);
    g2.y_error.assign(g2.size(), 0.01);
    EXPECT_TRUE(fit_kww(g2).note.find("taken as independent") != std::string::npos);
}

}  // namespace
}  // namespace vitrum::analysis
