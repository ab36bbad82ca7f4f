// Series drawn photon by photon against closed forms and against slower ways.
#include "vitrum/model/speckle/sparse_series.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "vitrum/model/field/instant_kernel.hpp"
#include "vitrum/model/field/intensity_tail.hpp"
#include "vitrum/model/speckle/series_generator.hpp"
#include "vitrum/model/speckle/series_law.hpp"

namespace vitrum::model {
namespace {

TEST(StretchedExponential, AgreesWithExpOfPow) {
    for (const double beta : {0.1, 0.35, 0.6, 1.0, 1.5, 1.8, 2.0}) {
        const StretchedExponential phi(beta);
        for (double s = 1e-18; s < 40; s *= 1.003) {  // s = x^beta
            const double x = std::pow(s, 1 / beta);
            const double exact = std::exp(-std::pow(x, beta));
            EXPECT_NEAR(phi(x), exact < InstantKernel::negligible ? 0 : exact, 1e-11) << beta << " " << x;
        }
        EXPECT_EQ(phi(0), 1);
    }
}

TEST(IntensityTail, ClosedForms) {
    EXPECT_NEAR(intensity_tail({1}, 7), std::exp(-7.0), 1e-12);
    // Two equal modes: Gamma of 2 degrees, (1 + 2 s) exp(-2 s).
    EXPECT_NEAR(intensity_tail({0.5, 0.5}, 3), 7 * std::exp(-6.0), 1e-12);
    // Unequal: the hypoexponential tail lies below its bound, which is not loose by more than a factor of 10 here.
    for (const double s : {2.0, 5.0, 12.0, 30.0}) {
        const double exact = (0.7 * std::exp(-s / 0.7) - 0.3 * std::exp(-s / 0.3)) / 0.4;
        EXPECT_GE(intensity_tail({0.7, 0.3}, s), exact);
        EXPECT_LT(intensity_tail({0.7, 0.3}, s), s * 10 * exact);
    }
    for (const double chance : {1e-3, 1e-12})
        for (const std::vector<double>& shares : {std::vector<double>(5, 0.2), std::vector<double>{0.5, 0.3, 0.2}}) {
            const double s = intensity_exceeded_with(shares, chance);
            EXPECT_LE(intensity_tail(shares, s), chance);
            EXPECT_GT(intensity_tail(shares, s * (1 - 1e-5)), chance);
        }
}

// A kernel whose form the fast ways do not know is taken as it is.
TEST(InstantKernel, AgreesWithTheKernel) {
    Kernel k;
    k.beta = 1.8;
    k.clock = {.kind = ClockKind::ageing, .tau0 = 5, .tau_star = 40, .jump_times = {33.3}, .jump_sizes = {0.4}};
    k.event_times = {20.2, 71};
    k.event_fraction = 0.4;
    const SampleTimes times{100, 3, 1, 0.7, 2};
    for (const auto form : {KernelForm::internal_clock, KernelForm::midpoint}) {
        k.form = form;
        const InstantKernel fast(k, times);
        EXPECT_EQ(fast.monotone(), form == KernelForm::internal_clock);
        const auto t = times.all();
        for (std::size_t a = 0; a < t.size(); a += 7)
            for (std::size_t b = 0; b < t.size(); b += 5) EXPECT_NEAR(fast(a, b), k.moving(t[a], t[b]), 1e-11);
    }
}

SpeckleOptions faint() {
    SpeckleOptions o;
    o.frames = 6000;
    o.rows = 48;
    o.columns = 64;
    o.frame_time = 0.1;
    o.modes = 5;
    o.mean_count = 0.002;
    o.relaxation = {34, 1.8};
    return o;
}

TEST(SparseSeries, ChosenByTheCount) {
    SpeckleOptions o = faint();
    EXPECT_TRUE(sparse_output(o));
    o.mean_count = 0.1;
    EXPECT_FALSE(sparse_output(o));
    o.output = Output::sparse;
    EXPECT_TRUE(sparse_output(o));
    EXPECT_EQ(output_from("dense"), Output::dense);
    EXPECT_ANY_THROW(static_cast<void>(output_from("sparce")));
}

TEST(SparseSeries, SameBitsForAnySlabsAndThreads) {
    SpeckleOptions o = faint();
    o.dynamics.clock = {.kind = ClockKind::ageing, .tau0 = 30, .tau_star = 300};
    o.detector.dark_counts = 1e-4;
    o.detector.intensity_drift = 0.3;
    const StreamKey key{3, cell_id("slabs"), 0};
    const auto with = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return SeriesGenerator(o, key).whole();
    };
    const auto one = with(1);
    const auto two = with(2);
    EXPECT_EQ(one.frame_ptr, two.frame_ptr);
    EXPECT_EQ(one.index, two.index);
    EXPECT_EQ(one.intensity, two.intensity);
    for (std::size_t f = 0; f < one.frames; ++f)
        EXPECT_TRUE(std::is_sorted(one.index.begin() + static_cast<std::ptrdiff_t>(one.frame_ptr[f]),
                                   one.index.begin() + static_cast<std::ptrdiff_t>(one.frame_ptr[f + 1])));
    const SeriesGenerator generator(o, key);
    std::vector<std::size_t> pixels(one.pixels(), 0);
    for (const auto p : one.index) ++pixels[p];
    for (std::size_t begin = 0; begin < one.pixels(); begin += 5 * SeriesGenerator::block()) {
        const auto slab = generator.slab(begin, std::min(begin + 5 * SeriesGenerator::block(), one.pixels()));
        for (const auto p : slab.index) --pixels[p];
    }
    EXPECT_EQ(pixels, std::vector<std::size_t>(one.pixels(), 0));
}

// Photons of one pixel within `frames` frames, over all pixels.
std::vector<double> totals(const SpeckleSeries& s, std::size_t frames) {
    std::vector<double> total(s.pixels(), 0);
    for (std::size_t e = 0; e < s.frame_ptr[frames]; ++e) total[s.index[e]] += s.intensity[e];
    return total;
}

// While the speckle stands still, the photons of a pixel are negative binomial with M modes: P(k), and with it
// 2 P(0) P(2) / P(1)^2 = 1 + 1/M, from counts summed over 500 frames of 0.002. Chi-square over k = 0..4 and the rest, 5
// degrees of freedom: 25.7 has p = 1e-4. The identity: its relative error follows from the counts, limit 4.5.
TEST(SparseSeries, CountsAreNegativeBinomial) {
    SpeckleOptions o = faint();
    o.frames = 500;
    o.rows = o.columns = 300;
    o.modes = 3;
    o.relaxation = {1e7, 1.8};
    const auto s = generate(o, {17, cell_id("negative binomial"), 0}).data;
    std::vector<double> seen(6, 0);
    for (const double k : totals(s, o.frames)) ++seen[static_cast<std::size_t>(std::min(5.0, k))];
    const double m = o.modes;
    const double mu = 1;
    const auto n = static_cast<double>(s.pixels());
    double chi2 = 0;
    double rest = 1;
    for (int k = 0; k < 5; ++k) {
        const double p = std::exp(std::lgamma(k + m) - std::lgamma(k + 1.0) - std::lgamma(m) -
                                  k * std::log(1 + m / mu) - m * std::log(1 + mu / m));
        rest -= p;
        chi2 += std::pow(seen[static_cast<std::size_t>(k)] - n * p, 2) / (n * p);
    }
    chi2 += std::pow(seen[5] - n * rest, 2) / (n * rest);
    EXPECT_LT(chi2, 25.7);
    const double identity = 2 * seen[0] * seen[2] / (seen[1] * seen[1]);
    const double error = std::sqrt(1 / seen[0] + 1 / seen[2] + 4 / seen[1]);
    EXPECT_LT(std::abs(identity / (1 + 1 / m) - 1), 4.5 * error) << identity;
}

// Mean and variance of the photons of a pixel over the whole series, 6000 frames: the variance is the sum of all
// covariances, mu F + mu^2 sum_ij gamma |g1(i,j)|^2, so every pair of frames counts. 20000 pixels; the error of a
// variance is sqrt((m4 - v^2)/N) with the fourth moment taken from the sample; |z| < 4.5 (7e-6 each).
TEST(SparseSeries, PhotonsOfAPixelHaveTheRightSpread) {
    struct Case {
        const char* what;
        void (*apply)(SpeckleOptions&);
    };
    const Case cases[]{
        {"stationary, slow", [](SpeckleOptions&) {}},
        {"one mode, brighter, short times: the factor grows and moves on",
         [](SpeckleOptions& o) {
             o.modes = 1;
             o.mean_count = 0.02;
             o.relaxation = {3, 1.8};
             o.rows = 40;
         }},
        {"beta 2, very slow: a kernel of low rank",
         [](SpeckleOptions& o) {
             o.relaxation = {900, 2};
         }},
        {"beta 1",
         [](SpeckleOptions& o) {
             o.relaxation = {30, 1};
         }},
        {"ageing, beyond what a factor of all instants can do",
         [](SpeckleOptions& o) {
             o.dynamics.clock = {.kind = ClockKind::ageing, .tau0 = 10, .tau_star = 300};
             o.dynamics.static_fraction = 0.2;
             o.dynamics.event_times = {200.05};
             o.dynamics.event_fraction = 0.6;
         }},
        {"unequal modes, exposed",
         [](SpeckleOptions& o) {
             o.frames = 1500;
             o.mean_count = 0.008;
             o.detector.mode_weights = {0.6, 0.3, 0.1};
             o.detector.exposure = 0.1;
             o.detector.substeps = 2;
             o.relaxation = {2, 1.5};
         }},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        SpeckleOptions o = faint();
        o.rows = 125;
        o.columns = 160;
        o.output = Output::sparse;
        c.apply(o);
        const StreamKey key{29, cell_id("spread"), 0};
        const auto s = SeriesGenerator(o, key).whole();
        const SeriesLaw law(kernel_of(o, key), sample_times(o), o.detector, draw(o.detector, o.frames, s.pixels(), key),
                            o.mean_count, mode_shares(o));
        double expected = 0;
        double pairs = 0;
        for (std::size_t i = 0; i < o.frames; ++i) {
            expected += law.mean(i);
            if (law.lag_alone()) {
                pairs += (i == 0 ? 1.0 : 2.0) * static_cast<double>(o.frames - i) *
                         (law.product(0, i) - law.mean(0) * law.mean(i));
                continue;
            }
            // Every fifth column stands for five: the covariance changes by little from frame to frame.
            for (std::size_t j = i % 5; j < o.frames; j += 5)
                pairs += 5 * (law.product(i, j) - law.mean(i) * law.mean(j));
        }
        double sum = 0;
        double m2 = 0;
        double m4 = 0;
        const auto total = totals(s, o.frames);
        const auto n = static_cast<double>(total.size());
        for (const double k : total) sum += k;
        for (const double k : total) {
            m2 += std::pow(k - sum / n, 2) / n;
            m4 += std::pow(k - sum / n, 4) / n;
        }
        EXPECT_LT(std::abs(sum / n - expected) / std::sqrt(m2 / n), 4.5) << sum / n << " for " << expected;
        EXPECT_LT(std::abs(m2 - expected - pairs) / std::sqrt((m4 - m2 * m2) / n), 4.5)
            << m2 << " for " << expected + pairs;
    }
}

// <k(t) k(t + lag)> over pairs of one pixel, against mu^2 (1 + |g1|^2/M): the scatter over pixels gives the error.
// 40 lags, |z| < 4.8 (1.6e-6 each).
TEST(SparseSeries, CorrelationAtEveryLag) {
    SpeckleOptions o = faint();
    o.frames = 600;
    o.rows = o.columns = 150;
    o.modes = 2;
    o.mean_count = 0.05;
    o.output = Output::sparse;
    o.relaxation = {1.5, 1.8};
    const auto s = SeriesGenerator(o, {41, cell_id("lags"), 0}).whole();
    constexpr std::size_t lags = 41;
    std::vector<std::vector<std::pair<std::size_t, double>>> hits(s.pixels());
    for (std::size_t f = 0; f < s.frames; ++f)
        for (auto e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e) hits[s.index[e]].emplace_back(f, s.intensity[e]);
    std::vector<double> sum(lags, 0);
    std::vector<double> squares(lags, 0);
    for (const auto& h : hits) {
        std::vector<double> of(lags, 0);
        for (std::size_t a = 0; a < h.size(); ++a)
            for (std::size_t b = a; b < h.size() && h[b].first < h[a].first + lags; ++b)
                of[h[b].first - h[a].first] += h[a].second * (h[b].second - (a == b ? 1 : 0));
        for (std::size_t l = 0; l < lags; ++l) {
            sum[l] += of[l];
            squares[l] += of[l] * of[l];
        }
    }
    const auto n = static_cast<double>(s.pixels());
    for (std::size_t l = 0; l < lags; ++l) {
        const double rho = o.relaxation.g1_squared(static_cast<double>(l) * o.frame_time);
        const double expected = static_cast<double>(o.frames - l) * o.mean_count * o.mean_count * (1 + rho / o.modes);
        const double mean = sum[l] / n;
        EXPECT_LT(std::abs(mean - expected) / std::sqrt((squares[l] / n - mean * mean) / n), 4.8)
            << l << ": " << mean << " for " << expected;
    }
}

}  // namespace
}  // namespace vitrum::model
