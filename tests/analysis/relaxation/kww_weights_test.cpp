// Weights of the fit at few photons: none carries the noise of its own point. g2 here is the mean of independent
// Poisson numbers of photon pairs, so that its law, its scatter and its errors are known.
#include <algorithm>
#include <cmath>

#include <boost/random/normal_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <gtest/gtest.h>

#include "vitrum/analysis/relaxation/kww.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {
namespace {

constexpr std::size_t frames = 300;
constexpr double tau = 30;
constexpr double beta = 1.5;

double law(double lag) { return 1 + std::exp(-2 * std::pow(lag / tau, beta)); }

// Each value of C is a number of photon pairs over the mean number `photon_pairs` of frames that share nothing.
Curve few_photons(double photon_pairs, std::uint64_t run) {
    Curve g2;
    g2.x_unit = "s";
    Stream stream({11, cell_id("few photons"), run}, Purpose::test, 0);
    for (std::size_t lag = 1; lag < frames - 20; ++lag) {
        const double x = static_cast<double>(lag);
        const auto pairs = static_cast<double>(frames - lag);
        boost::random::poisson_distribution<int> poisson(photon_pairs * law(x));
        double sum = 0;
        double squares = 0;
        for (std::size_t t = 0; t + lag < frames; ++t) {
            const double c = poisson(stream) / photon_pairs;
            sum += c;
            squares += c * c;
        }
        g2.x.push_back(x);
        g2.y.push_back(sum / pairs);
        g2.weight.push_back(pairs);
        g2.scatter.push_back(std::sqrt(squares / pairs - sum * sum / (pairs * pairs)));
        g2.y_error.push_back(std::sqrt(law(x) / photon_pairs / pairs));
    }
    return g2;
}

struct Seen {
    double pull = 0;  // mean of (estimate - truth) / error of the baseline
    int clean = 0, held = 0;
};

Seen baselines(KwwWeights weights, int runs) {
    Seen seen;
    for (int r = 0; r < runs; ++r) {
        const auto fit = fit_kww(few_photons(0.4, static_cast<std::uint64_t>(r)), {.weights = weights});
        if (fit.status != Status::ok) continue;
        const double pull = (fit.baseline - 1) / std::sqrt(fit.covariance(3, 3));
        ++seen.clean;
        seen.pull += pull;
        seen.held += std::abs(pull) <= 1.96;
    }
    seen.pull /= seen.clean;
    return seen;
}

// 300 runs. Mean pull within 4.5/sqrt(300) = 0.26, plus 0.05 for the law's curvature, of 0; coverage of 95 % within 4.5
// binomial errors, 1.26 % each: above 89.3 % and below 100 % (false alarm 1e-5 together). Weights by the scatter have
// the pull -sqrt(2/0.4) = -2.2 in the limit of many lags, and hold in about 40 %.
TEST(KwwWeights, BaselineHoldsAtFewPhotons) {
    constexpr int runs = 300;
    for (const auto weights : {KwwWeights::model, KwwWeights::pairs}) {
        const Seen seen = baselines(weights, runs);
        EXPECT_GE(seen.clean, 290);
        EXPECT_LT(std::abs(seen.pull), 0.31);
        EXPECT_GT(seen.held, 0.893 * seen.clean);
    }
    const Seen by_scatter = baselines(KwwWeights::scatter, 60);
    EXPECT_LT(by_scatter.pull, -1);
    EXPECT_LT(by_scatter.held, 0.8 * by_scatter.clean);
}

// The weights of the law follow its variance, a + b y: 1/(n root_weight^2) against the variance of Poisson numbers,
// law/photon_pairs, over 50 runs; and a point moved alone keeps its weight.
TEST(KwwWeights, ModelIsTheVarianceOfTheLaw) {
    class Exact final : public CurveLaw {
    public:
        [[nodiscard]] std::size_t parameters() const override { return 1; }
        [[nodiscard]] double value(double x, const double*, double* gradient) const override {
            gradient[0] = 0;
            return law(x);
        }
    };
    const std::vector<double> none{0};
    double slope = 0;
    constexpr int runs = 50;
    for (int r = 0; r < runs; ++r) {
        Curve g2 = few_photons(1.6, static_cast<std::uint64_t>(r));
        FitPoints points = fit_points(g2, 0, 1e9, KwwWeights::model);
        ASSERT_TRUE(weigh_by_model(points, g2, Exact{}, none));
        const auto variance = [](const FitPoints& p, const Curve& c, std::size_t i) {
            return c.weight[i] / (p.points[i].root_weight * p.points[i].root_weight);
        };
        slope += variance(points, g2, 0) / variance(points, g2, g2.size() - 1) / runs;
        g2.y[200] *= 1.3;
        g2.scatter[200] *= 1.3;
        FitPoints moved = fit_points(g2, 0, 1e9, KwwWeights::model);
        ASSERT_TRUE(weigh_by_model(moved, g2, Exact{}, none));
        EXPECT_NEAR(moved.points[200].root_weight / points.points[200].root_weight, 1, 0.01);
        const FitPoints seen = fit_points(g2, 0, 1e9, KwwWeights::scatter);
        EXPECT_FALSE(seen.by_model);
    }
    // Ratio of the variances at lags 1 and 279. The slope of one run is uncertain by about 0.1 (25 lags of 290 pairs,
    // variance of a variance 2.6/290 each): 4.5 * 0.1/sqrt(50) = 0.06.
    EXPECT_NEAR(slope, law(1) / law(279), 0.08);
}

// At beta = 0.6 the contrast is extrapolated far to lag 0: low values have small errors. Of 600 fits with the errors
// known, 4.5 binomial errors of 0.89 % about 95 % are 4 %, and neither side of the interval may miss more than 35 (15
// expected, 5 of its roots above). The interval symmetric in the contrast misses on one side only.
TEST(KwwIntervals, ContrastAtSmallBeta) {
    constexpr double noise = 0.012;
    Stream stream({12, 0, 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal;
    int clean = 0, below = 0, above = 0, linear_below = 0;
    for (int r = 0; r < 600; ++r) {
        Curve g2;
        for (int lag = 1; lag < 200; ++lag) {
            g2.x.push_back(lag);
            g2.y.push_back(1 + 0.2 * std::exp(-2 * std::pow(lag / 10.0, 0.6)) + noise * normal(stream));
            g2.y_error.push_back(noise);
        }
        const auto fit = fit_kww(g2, {.weights = KwwWeights::equal, .baseline = 1.0});
        if (fit.status != Status::ok) continue;
        const auto row = estimates_of(fit, "s")[3];
        ASSERT_EQ(row.quantity, "contrast");
        ++clean;
        below += row.upper < 0.2;
        above += row.lower > 0.2;
        linear_below += row.value + 1.96 * row.standard_error < 0.2;
    }
    RecordProperty("below", below);
    RecordProperty("above", above);
    RecordProperty("linear_below", linear_below);
    EXPECT_GE(clean, 550);
    EXPECT_NEAR(1 - static_cast<double>(below + above) / clean, 0.95, 0.04);
    EXPECT_LE(below, 35);
    EXPECT_LE(above, 35);
    EXPECT_GT(linear_below, below);
}

// What a curve lacks: without a scatter errors and pairs give the variance of one value, without pairs the errors
// weigh; a curve without noise is fitted by its pairs.
TEST(KwwWeights, ModelTakesWhatTheCurveHas) {
    Curve g2 = few_photons(1.6, 7);
    const auto full = fit_kww(g2);
    g2.scatter.clear();
    const auto from_errors = fit_kww(g2);
    EXPECT_NEAR(from_errors.tau / full.tau, 1, 0.01);
    EXPECT_NE(from_errors.tau, fit_kww(g2, {.weights = KwwWeights::pairs}).tau);
    EXPECT_EQ(from_errors.tau, fit_kww(g2, {.weights = KwwWeights::scatter}).tau);
    g2.weight.clear();
    EXPECT_EQ(fit_kww(g2).tau, fit_kww(g2, {.weights = KwwWeights::errors}).tau);
    Curve exact = few_photons(1.6, 7);
    for (std::size_t i = 0; i < exact.size(); ++i) exact.y[i] = law(exact.x[i]);
    std::fill(exact.scatter.begin(), exact.scatter.end(), 0.0);
    EXPECT_NEAR(fit_kww(exact).tau, tau, 1e-4);
}

}  // namespace
}  // namespace vitrum::analysis
