// Delta C with the noise taken out, the noise itself, and the floor.
#include "vitrum/analysis/heterogeneity/heterogeneity_corrected.hpp"

#include <cmath>

#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>

#include "tests/analysis/test_fields.hpp"
#include "tests/analysis/test_series.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/fit/deconvolution.hpp"
#include "vitrum/analysis/heterogeneity/heterogeneity_width.hpp"
#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/core/numerics/shortest_interval.hpp"

namespace vitrum::analysis {
namespace {

// Every sum of a quantile of x and one of the noise: the convolution without chance.
std::vector<double> spread(const std::vector<double>& x, double sigma) {
    std::vector<double> values;
    constexpr int n = 200;
    for (const double v : x)
        for (int i = 0; i < n; ++i)
            values.push_back(v + sigma * boost::math::quantile(boost::math::normal(), (i + 0.5) / n));
    return values;
}

TEST(Deconvolution, RecoversWidthsThatQuadratureDoesNot) {
    std::vector<double> exponential;
    for (int i = 0; i < 200; ++i) exponential.push_back(-std::log(1 - (i + 0.5) / 200));
    for (const double sigma : {0.3, 0.6, 1.0}) {
        const auto spikes = spread({-1, 1}, sigma);
        EXPECT_NEAR(deconvolve(spikes, sigma).shortest_interval(0.9), 2.0, 0.04) << sigma;
        auto sorted = spikes;
        const double raw = shortest_interval(sorted, 0.9);
        EXPECT_GT(std::sqrt(raw * raw - std::pow(gaussian_width(0.9) * sigma, 2)), 2.2) << sigma;
        // An exponential has no atoms: the few of the estimate hold the width to a tenth.
        EXPECT_NEAR(deconvolve(spread(exponential, sigma), sigma).shortest_interval(0.9), std::log(10.0), 0.25)
            << sigma;
        EXPECT_EQ(deconvolve(spread({3}, sigma), 1.02 * sigma).shortest_interval(0.9), 0);
    }
    // Without noise it is the histogram.
    EXPECT_NEAR(deconvolve(exponential, 0).shortest_interval(0.9), std::log(10.0), 0.07);  // 200 values
}

// The maximum is where plain expectation-maximisation ends: no distribution on the grid has a higher likelihood. The
// gradient of the likelihood at each point of the grid is at most 1 there.
TEST(Deconvolution, IsTheMaximumOfTheLikelihood) {
    Stream stream({3, 0, 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal;
    std::vector<double> values;
    for (int i = 0; i < 300; ++i) values.push_back((i % 3 == 0 ? 1.5 : 0.0) + 0.7 * normal(stream));
    const auto found = deconvolve(values, 0.7);
    const auto density = [&](double y, double at) { return std::exp(-0.5 * std::pow((y - at) / 0.7, 2)); };
    double sum = 0;
    for (const double m : found.mass) sum += m;
    EXPECT_NEAR(sum, 1, 1e-9);
    for (double at = -3; at < 5; at += 0.05) {
        double gradient = 0;
        for (const double y : values) {
            double mixture = 0;
            for (std::size_t k = 0; k < found.at.size(); ++k) mixture += found.mass[k] * density(y, found.at[k]);
            gradient += density(y, at) / mixture / 300;
        }
        EXPECT_LT(gradient, 1.01) << at;  // 1 but for the cells that values are sorted into
    }
}

TEST(GroupTraces, AreTheNaiveSums) {
    auto s = test::white_noise(30, 6, 8, 0.4, 5);
    std::fill_n(s.counts.begin() + 48 * 4, 48, 0.0F);
    s.used.assign(48, 1);
    s.used[11] = 0;
    const auto active = active_pixels(s, 0);
    const auto pixels = in_patches(s, active, 5);
    const auto dense = group_traces(s, active, {1, 7}, 5);
    const auto sparse = group_traces(test::sparse_twin(s), active, {1, 7}, 5);
    EXPECT_EQ(dense.share, sparse.share);
    ASSERT_EQ(dense.groups, 5U);
    const double n = 47;
    for (std::size_t t = 0; t < 23; ++t) {
        double sum = 0;
        double later = 0;
        for (const auto p : pixels) {
            sum += test::count(s, t, p) / n;
            later += test::count(s, t + 7, p) / n;
        }
        if (sum == 0 || later == 0) {
            EXPECT_TRUE(std::isnan(dense.whole[1][t]));
            continue;
        }
        double c = 0;
        for (const auto p : pixels) c += test::count(s, t, p) * test::count(s, t + 7, p) / (sum * later) / n;
        EXPECT_NEAR(dense.whole[1][t], c, 1e-12);
        double zero = 0;
        for (std::size_t g = 0; g < 5; ++g) {
            double share = 0;
            for (std::size_t i = g * 47 / 5; i < (g + 1) * 47 / 5; ++i) {
                const double x = test::count(s, t, pixels[i]) / sum;
                const double y = test::count(s, t + 7, pixels[i]) / later;
                share += 5 / n * (x * y - c * (x + y - 1));
            }
            EXPECT_NEAR(dense.share[1][t * 5 + g], share, 1e-11);
            zero += share;
        }
        EXPECT_NEAR(zero, 0, 1e-11);
    }
    EXPECT_MESSAGE(group_traces(s, pixels, {30}), "lag = 30 frames; between 1 and 29 for 30 frames");
}

// On 7 x 7 pixels two of five patches begin and end as far apart as if they had no gap.
TEST(GroupTraces, APatchIsNoStretch) {
    const auto s = test::white_noise(12, 7, 7, 2, 5);
    const auto active = active_pixels(s, 0);
    const auto pixels = in_patches(s, active, 5);
    const auto dense = group_traces(s, active, {1}, 5);
    EXPECT_EQ(dense.share, group_traces(test::sparse_twin(s), active, {1}, 5).share);
    for (std::size_t t = 0; t < 11; ++t) {
        double products = 0;
        double sum = 0;
        double later = 0;
        for (const auto p : pixels) {
            products += test::count(s, t, p) * test::count(s, t + 1, p);
            sum += test::count(s, t, p);
            later += test::count(s, t + 1, p);
        }
        EXPECT_NEAR(dense.whole[0][t], 49 * products / (sum * later), 1e-12);
    }
}

TEST(EntryCovariance, IsTheExactVarianceAtZeroAndVanishesFarAway) {
    for (const double modes : {1.0, 3.0, 20.0})
        for (const double mean : {0.01, 0.5, 50.0})
            for (const std::size_t lag : {1UL, 8UL, 40UL}) {
                const auto k = entry_covariance({1000, modes, mean, 10, 1.5}, lag, 400);
                const double rho = std::exp(-2 * std::pow(static_cast<double>(lag) / 10, 1.5));
                EXPECT_NEAR(k[0], MapEntry({1000, modes, mean}).variance(rho), 1e-12 * k[0]);
                EXPECT_NEAR(k[300], 0, 1e-12 * k[0]);
            }
}

// One run of 20000 frames x 100 pixels, beta = 1, tau = lag = 5: products of the trace's deviations, averaged over 100
// stretches, are within 4.5 standard errors of K(s), and 3 % for the next order in 1/N. False alarm 7e-6 each.
TEST(EntryCovariance, IsThatOfSimulatedRuns) {
    const std::vector<double> step(19999, 0.2);
    const auto s = test::ou_series(step, 10, 10, 2, 5, {71, cell_id("covariance"), 0});
    const auto traces = group_traces(s, active_pixels(s, 0), {5});
    const auto k = entry_covariance({100, 2, 5, 5, 1}, 5, 30);
    const double mean = 1 + 0.5 * std::exp(-2.0);
    for (const std::size_t apart : {0UL, 1UL, 3UL, 5UL, 12UL}) {
        std::vector<double> part(100, 0.0);
        for (std::size_t t = 0; t < 19900; ++t)
            part[t / 199] += (traces.whole[0][t] - mean) * (traces.whole[0][t + apart] - mean) / 199;
        double sum = 0;
        double square = 0;
        for (const double v : part) {
            sum += v / 100;
            square += v * v / 100;
        }
        EXPECT_NEAR(sum, k[apart], 4.5 * std::sqrt((square - sum * sum) / 99) + 0.03 * k[0]) << apart;
    }
}

// Raw Delta C of 40 homogeneous runs of 400 frames, tau = 80, against the floor from N, mu, M and tau/T alone: the mean
// within 4.5 standard errors (and 2 % for the next order in 1/N), the spread within 4.5/sqrt(80). By the noise from
// groups of pixels the same, and the corrected rows hold 0.
TEST(HeterogeneityFloor, IsTheRawWidthOfHomogeneousRuns) {
    const EntryNoise entry{400, 2, 5, 80, 1};
    const auto floor = homogeneous_width(entry, 80, 320, 0.9);
    double sum = 0;
    double squares = 0;
    double split = 0;
    constexpr int runs = 40;
    for (std::uint64_t r = 0; r < runs; ++r) {
        const auto s = test::ou_series(std::vector<double>(399, 1.0 / 80), 20, 20, 2, 5, {72, cell_id("floor"), r});
        const auto traces = group_traces(s, active_pixels(s, 0), {80});
        auto values = traces.whole[0];
        const double width = shortest_interval(values, 0.9);
        sum += width / runs;
        squares += width * width / runs;
        split += homogeneous_width(entry, 80, 320, 0.9, split_noise_variance(traces, 0)).mean / runs;
    }
    const double sd = std::sqrt((squares - sum * sum) * runs / (runs - 1));
    EXPECT_NEAR(sum, floor.mean, 4.5 * sd / std::sqrt(runs) + 0.02 * floor.mean);
    EXPECT_NEAR(sd / floor.sd, 1, 4.5 / std::sqrt(2.0 * runs));
    EXPECT_NEAR(split, floor.mean, 0.08 * floor.mean);
    RecordProperty("measured", std::to_string(sum));
    RecordProperty("floor", std::to_string(floor.mean));
}

// Speckle noise that is correlated over tau: a run of few tau shows less of it. 3.6 and 2.1 over the root of N; far
// from this limit, with noise of counting, nothing falls.
TEST(HeterogeneityFloor, FallsWithTauOverTheRun) {
    const auto width = [](double tau, double mean) {
        return 100 * homogeneous_width({1e4, 1, mean, tau, 1.8}, static_cast<std::size_t>(tau),
                                       1000 - static_cast<std::size_t>(tau), 0.9)
                         .mean;
    };
    EXPECT_GT(width(100, 1000), 1.5 * width(600, 1000));
    EXPECT_NEAR(width(600, 0.01) / width(100, 0.01), 1, 0.05);
}

struct Tally {
    int zero = 0, covered = 0, n = 0;
    double sum = 0, squares = 0;
};

// 60 homogeneous runs of 800 frames x 300 pixels, tau = 5 = the lag: intervals of the width and of the standard
// deviation hold 0 in at least 50 of 60 (5e-6 to fail at 97.5 %), the width is exactly 0 in at least 15 (2e-4 to fail
// at one half; it is more), and its mean is far below the raw width.
TEST(HeterogeneityCorrected, HomogeneousSampleIsCompatibleWithZero) {
    Tally width;
    Tally sd;
    double raw = 0;
    for (std::uint64_t r = 0; r < 60; ++r) {
        const auto s = test::ou_series(std::vector<double>(799, 0.2), 15, 20, 3, 0.5, {73, cell_id("homogeneous"), r});
        const auto traces = group_traces(s, active_pixels(s, 0), {5});
        const auto rows =
            corrected_heterogeneity(noisy_trace(traces, 0), {.contrast = 1.0 / 3, .contrast_error = 0.01});
        auto values = traces.whole[0];
        raw += shortest_interval(values, 0.9) / 60;
        for (auto* t : {&width, &sd}) {
            const Estimate& e = rows[t == &width ? 0 : 2];
            t->zero += e.value == 0;
            t->covered += e.lower <= 0;
            t->sum += e.value / 60;
            EXPECT_EQ(e.status, e.value == 0 ? Status::at_bound : Status::ok);
            EXPECT_GE(e.upper, e.value);
        }
    }
    EXPECT_GE(width.covered, 50);
    EXPECT_GE(sd.covered, 50);
    EXPECT_GE(width.zero, 15);
    EXPECT_GE(sd.zero, 10);
    EXPECT_LT(width.sum, 0.25 * raw);
    RecordProperty("covered", width.covered);
    RecordProperty("zero", width.zero);
    RecordProperty("width_over_raw", std::to_string(width.sum / raw));
}

// A clock that stops now and then: long states of |g1|^2 = e^-4 or e^-0.2 over the lag, half of the time each, so that
// the dynamic distribution is nearly two spikes.
TEST(HeterogeneityCorrected, TwoStatesGiveTheirDistance) {
    std::vector<double> step;
    for (int k = 0; k < 20; ++k) step.insert(step.end(), 200, k % 2 == 0 ? 0.4 : 0.02);
    const auto s = test::ou_series(step, 20, 30, 2, 1, {74, cell_id("two states"), 0});
    const auto traces = group_traces(s, active_pixels(s, 0), {5});
    const auto rows = corrected_heterogeneity(noisy_trace(traces, 0), {.contrast = 0.5, .contrast_error = 0.01});
    const double truth = 0.5 * (std::exp(-0.2) - std::exp(-4.0));
    EXPECT_NEAR(rows[0].value, truth, 4.5 * rows[0].standard_error);
    EXPECT_LT(rows[0].standard_error, 0.1 * truth);
    EXPECT_GT(rows[0].lower, 0);
    EXPECT_NEAR(rows[1].value, 2 * rows[0].value, 1e-12);
    EXPECT_NEAR(rows[2].value, truth / 2, 0.1 * truth);
    auto values = traces.whole[0];
    EXPECT_GT(shortest_interval(values, 0.9), 1.15 * truth);
    RecordProperty("corrected_over_truth", std::to_string(rows[0].value / truth));
}

TEST(HeterogeneityCorrected, NoNumberWithoutValuesOrNoise) {
    NoisyTrace trace;
    trace.value.assign(10, 1.0);
    EXPECT_EQ(corrected_heterogeneity(trace, {})[0].status, Status::no_data);
    trace.value.assign(40, 1.0);
    trace.noise = not_a_number;
    EXPECT_EQ(corrected_heterogeneity(trace, {})[2].status, Status::no_data);
    EXPECT_TRUE(std::isnan(homogeneous_width({}, 5, 10, 0.9).mean));
}

}  // namespace
}  // namespace vitrum::analysis
