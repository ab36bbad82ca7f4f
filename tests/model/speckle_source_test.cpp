#include "vitrum/model/speckle/speckle_source.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/message_of.hpp"
#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/model/detector/photon_counting.hpp"

namespace vitrum::model {
namespace {

SpeckleOptions small() {
    SpeckleOptions o;
    o.frames = 60;
    o.rows = 40;
    o.columns = 50;
    o.modes = 4;
    o.mean_count = 0.4;
    o.relaxation = {8, 1.8};
    return o;
}

TEST(SpeckleSource, SameBitsForAnyNumberOfThreads) {
    const auto with = [](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return generate(small(), {3, cell_id("a"), 0}).data.counts;
    };
    const auto one = with(1);
    EXPECT_EQ(one, with(2));
    EXPECT_NE(one, generate(small(), {4, cell_id("a"), 0}).data.counts);
    EXPECT_NE(one, generate(small(), {3, cell_id("b"), 0}).data.counts);
}

TEST(SpeckleSource, BadOptionsAreNamed) {
    const auto with = [](auto&& change) {
        SpeckleOptions o = small();
        change(o);
        return message_of([&] { check(o); });
    };
    EXPECT_TRUE(contains(with([](auto& o) { o.frames = 0; }), "frames = 0"));
    EXPECT_TRUE(contains(with([](auto& o) { o.relaxation.beta = 2.5; }), "beta = 2.5"));
    EXPECT_TRUE(contains(with([](auto& o) { o.mean_count = 0; }), "mean_count = 0"));
    EXPECT_TRUE(contains(with([](auto& o) { o.modes = 0; }), "modes = 0"));
}

// <k1 k2>/mu^2 with the known mean is unbiased: 1 + |g1|^2/M. Its variance over independent pixels is exact
// (m22 + m21 + m12 + m11 - m11^2); pairs at distance d along a diagonal are correlated, so here one pair per pixel
// and lag is used: t1 = 0. 59 lags x 5 seeds; |z| < 5.0 fails a right program with probability 1.7e-4.
TEST(SpeckleSource, EnsembleG2IsTheClosedFormAtEveryLag) {
    const SpeckleOptions o = small();
    const double m = o.modes;
    const double mu = o.mean_count;
    std::vector<double> all;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const auto made = generate(o, {seed, cell_id("truth"), 0});
        const auto& s = made.data;
        const auto n = static_cast<double>(s.pixels());
        const Curve* truth = made.truth.curve("g2");
        for (std::size_t lag = 1; lag < s.frames; ++lag) {
            double sum = 0;
            for (std::size_t p = 0; p < s.pixels(); ++p)
                sum += static_cast<double>(s.counts[p]) * static_cast<double>(s.counts[lag * s.pixels() + p]);
            const double measured = sum / (n * mu * mu);
            const double rho = o.relaxation.g1_squared(static_cast<double>(lag));
            EXPECT_NEAR(truth->y[lag - 1], 1 + rho / m, 1e-12);
            // Moments of the intensities in units of mu: <I1^2 I2>, <I1^2 I2^2>.
            const double c = 1 + rho / m;
            const double i21 = (1 + 1 / m) * (1 + 2 * rho / m);
            const double i22 = (m + 1) / (m * m * m) *
                               (m * (m + 1) * (1 - rho) * (1 - rho) + 2 * rho * (1 - rho) * (m + 1) * (m + 2) +
                                rho * rho * (m + 2) * (m + 3));
            const double variance = (i22 + 2 * i21 / mu + c / (mu * mu) - c * c) / n;
            const double z = (measured - truth->y[lag - 1]) / std::sqrt(variance);
            EXPECT_LT(std::abs(z), 5.0) << "seed " << seed << " lag " << lag;
            all.push_back(z);
        }
    }
    // The standard errors are right too: mean square of z near 1 (neighbouring lags are correlated: wide limits).
    double square = 0;
    for (const double z : all) square += z * z / static_cast<double>(all.size());
    EXPECT_GT(square, 0.6);
    EXPECT_LT(square, 1.6);
}

// Counts are negative binomial: P(k) = Gamma(k+M)/(k! Gamma(M)) (1 + M/mu)^-k (1 + mu/M)^-M. One frame of 100000
// pixels; chi-square over k = 0..7 and the rest, 8 degrees of freedom, limit 26.1 (p = 0.001).
TEST(SpeckleSource, CountsAreNegativeBinomial) {
    SpeckleOptions o = small();
    o.frames = 3;
    o.rows = 250;
    o.columns = 400;
    o.mean_count = 1.3;
    const auto s = generate(o, {21, cell_id("counts"), 0}).data;
    std::map<int, double> seen;
    for (std::size_t p = 0; p < s.pixels(); ++p) ++seen[std::min(8, static_cast<int>(s.counts[p]))];
    const double m = o.modes;
    const double mu = o.mean_count;
    double rest = 1;
    double chi2 = 0;
    const auto n = static_cast<double>(s.pixels());
    const auto add = [&](double observed, double expected) {
        chi2 += (observed - expected) * (observed - expected) / expected;
    };
    std::vector<double> probability;
    for (int k = 0; k < 8; ++k) {
        const double p = std::exp(std::lgamma(k + m) - std::lgamma(k + 1.0) - std::lgamma(m) -
                                  k * std::log(1 + m / mu) - m * std::log(1 + mu / m));
        probability.push_back(p);
        rest -= p;
        add(seen[k], n * p);
    }
    add(seen[8], n * rest);
    EXPECT_LT(chi2, 26.1);
    // The identity 2 P(0) P(2) / P(1)^2 = 1 + 1/M holds for these probabilities at every mean.
    EXPECT_NEAR(2 * probability[0] * probability[2] / (probability[1] * probability[1]), 1 + 1 / m, 1e-12);
}

// Variance of one entry of C against its formula, by simulation: 3000 maps of 500 pixels. The ratio has a
// standard error sqrt(2/3000) = 0.026; limits at 4.5 of it plus 1/N.
TEST(MapEntry, VarianceOfOneEntry) {
    SpeckleOptions o;
    o.frames = 3;
    o.rows = 25;
    o.columns = 20;
    o.modes = 4;
    o.mean_count = 0.5;
    o.relaxation = {1.7, 1.8};
    double sum = 0;
    double squares = 0;
    constexpr int repeats = 3000;
    for (int r = 0; r < repeats; ++r) {
        const auto s = generate(o, {5, cell_id("noise"), static_cast<std::uint64_t>(r)}).data;
        double s0 = 0;
        double s1 = 0;
        double s01 = 0;
        for (std::size_t p = 0; p < s.pixels(); ++p) {
            const auto a = static_cast<double>(s.counts[p]);
            const auto b = static_cast<double>(s.counts[s.pixels() + p]);
            s0 += a;
            s1 += b;
            s01 += a * b;
        }
        const double c = static_cast<double>(s.pixels()) * s01 / (s0 * s1);
        sum += c;
        squares += c * c;
    }
    const double variance = (squares - sum * sum / repeats) / (repeats - 1);
    const MapEntry noise{500, 4, 0.5};
    EXPECT_NEAR(variance / noise.variance(o.relaxation.g1_squared(1)), 1, 4.5 * std::sqrt(2.0 / repeats) + 0.01);
    EXPECT_NEAR(sum / repeats, 1 + o.relaxation.g1_squared(1) / 4, 4.5 * std::sqrt(variance / repeats) + 1.0 / 500);
}

}  // namespace
}  // namespace vitrum::model
