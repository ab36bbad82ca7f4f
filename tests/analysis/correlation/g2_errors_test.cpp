// Error bars of g2 by name: the formula against exact results and generated spread, the bootstrap against processes of
// known long-run variance, and what each covers. Only the test sees data and truth.
#include "vitrum/analysis/correlation/errors/g2_errors.hpp"

#include <cmath>
#include <map>

#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/analysis/correlation/errors/g2_formula.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/core/data/data_set.hpp"
#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum {
namespace {

using analysis::G2Errors;

analysis::SpeckleNoise noise_of(const model::SpeckleOptions& o) {
    analysis::SpeckleNoise noise;
    noise.pixels = static_cast<double>(o.rows * o.columns);
    noise.modes = o.modes;
    noise.mean = o.mean_count;
    noise.g1 = [tau = o.relaxation.tau, beta = o.relaxation.beta](std::size_t lag) {
        return std::exp(-std::pow(static_cast<double>(lag) / tau, beta));
    };
    return noise;
}

DataSet data_of(const model::SpeckleOptions& o, const StreamKey& key) {
    DataSet data;
    data.name = "x";
    data.data = model::generate(o, key).data;
    return data;
}

// The longest lag has one pair: its variance is that of one entry of the map, which has a formula of its own.
TEST(G2Formula, OfOnePairItIsTheVarianceOfAMapEntry) {
    for (const double modes : {1.0, 5.0, 20.0})
        for (const double mean : {0.01, 0.5, 10.0})
            for (const double tau : {3.0, 8.0, 1000.0}) {
                constexpr std::size_t frames = 9;
                const analysis::SpeckleNoise noise{
                    700, modes, mean, [tau](std::size_t l) { return std::exp(-static_cast<double>(l) / tau); }};
                const auto covariance = analysis::g2_covariance(frames, frames - 1, noise);
                const double expected = MapEntry{700, modes, mean}.variance(std::pow(noise.g1(frames - 1), 2));
                EXPECT_NEAR(covariance(frames - 2, frames - 2) / expected, 1, 1e-10) << modes << " " << mean;
            }
}

// 800 series of 40 frames: variances within 4.5 sqrt(2/800) = 0.225 of the formula, correlations of two lags within
// 4.5/sqrt(800) = 0.16; order 1/N adds 0.02. False alarms 1e-5 per number.
TEST(G2Formula, IsTheSpreadOfGeneratedSeries) {
    model::SpeckleOptions o;
    o.frames = 40;
    o.rows = 10;
    o.columns = 20;
    o.modes = 3;
    o.mean_count = 0.8;
    o.relaxation = {6, 1.5};
    const auto expected = analysis::g2_covariance(o.frames, 39, noise_of(o));
    constexpr int replicates = 800;
    const std::vector<Eigen::Index> lags{0, 2, 5, 12, 25, 36};
    const auto k = static_cast<Eigen::Index>(lags.size());
    Eigen::MatrixXd values(replicates, k);
    for (int r = 0; r < replicates; ++r) {
        const auto made = model::generate(o, {31, cell_id("formula"), static_cast<std::uint64_t>(r)});
        const Curve g2 = analysis::g2_values(analysis::two_time(made.data, {}));
        for (Eigen::Index i = 0; i < k; ++i)
            values(r, i) = g2.y[static_cast<std::size_t>(lags[static_cast<std::size_t>(i)])];
    }
    const Eigen::MatrixXd off = values.rowwise() - values.colwise().mean();
    const Eigen::MatrixXd seen = off.transpose() * off / (replicates - 1);
    for (Eigen::Index i = 0; i < k; ++i)
        for (Eigen::Index j = 0; j <= i; ++j) {
            const auto a = lags[static_cast<std::size_t>(i)];
            const auto b = lags[static_cast<std::size_t>(j)];
            if (i == j) {
                EXPECT_NEAR(seen(i, i) / expected(a, a), 1, 0.245) << a + 1;
            } else {
                EXPECT_NEAR(seen(i, j) / std::sqrt(seen(i, i) * seen(j, j)),
                            expected(a, b) / std::sqrt(expected(a, a) * expected(b, b)), 0.18)
                    << a + 1 << " " << b + 1;
            }
        }
}

TwoTimeMap map_of(std::size_t frames, double memory, std::uint64_t replicate) {
    // Every diagonal carries the same first-order process with correlation memory^k.
    Stream stream({5, cell_id("bootstrap"), replicate}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal;
    std::vector<double> trace(frames);
    trace[0] = normal(stream);
    for (std::size_t t = 1; t < frames; ++t)
        trace[t] = memory * trace[t - 1] + std::sqrt(1 - memory * memory) * normal(stream);
    TwoTimeMap map;
    map.frames = frames;
    map.values.assign(frames * frames, 1.0);
    for (std::size_t i = 0; i < frames; ++i)
        for (std::size_t j = 0; j < frames; ++j) map(i, j) = 1 + 0.01 * trace[std::min(i, j)];
    return map;
}

// A first-order process: n Var(mean) -> (1 + a)/(1 - a). 150 runs of 400 frames. The mean of the estimated variance
// has a standard error of sqrt(2 b/(1.5 n)/150) = 4 % at b = 40, a bias of a few per cent at these lengths: +-25 %.
TEST(BlockBootstrap, KnowsTheLongRunVariance) {
    constexpr std::size_t frames = 400;
    for (const double memory : {0.0, 0.5, 0.8}) {
        double square = 0;
        double length = 0;
        constexpr int runs = 150;
        for (int r = 0; r < runs; ++r) {
            const TwoTimeMap map = map_of(frames, memory, static_cast<std::uint64_t>(r));
            Curve g2 = analysis::g2_values(map);
            analysis::add_block_bootstrap(g2, map);
            square += g2.y_error[0] * g2.y_error[0] / runs;
            length += static_cast<double>(analysis::automatic_block_length(map)) / runs;
        }
        const double expected = 1e-4 / (frames - 1) * (1 + memory) / (1 - memory);
        EXPECT_NEAR(square / expected, 1, 0.25) << memory << ", blocks of " << length;
        if (memory == 0) {
            EXPECT_LT(length, 10);
        } else {
            EXPECT_GT(length, 4);
        }
    }
}

TEST(BlockBootstrap, BlocksOfOneFrameAreTheIndependentErrors) {
    const TwoTimeMap map = map_of(300, 0, 1);
    Curve boot = analysis::g2_values(map);
    Curve plain = boot;
    analysis::add_block_bootstrap(boot, map, 1);
    analysis::add_independent_errors(plain);
    for (std::size_t i = 0; i < 290; ++i) ASSERT_NEAR(boot.y_error[i] / plain.y_error[i], 1, 1e-6) << i;
    analysis::add_block_bootstrap(boot, map, 100);
    EXPECT_TRUE(std::isnan(boot.y_error[200])) << "99 pairs hold less than three blocks of 100";
}

// 150 runs of 80 frames, tau 10 frames, many photons. A right 95 % interval covers fewer than 130 of 150 with
// probability 2e-5; the common practice misses more often than not (its error is several times too small), so that 110
// of 150 tells them apart.
TEST(G2Errors, CoverWhatTheySay) {
    model::SpeckleOptions o;
    o.frames = 80;
    o.rows = 20;
    o.columns = 20;
    o.mean_count = 10;
    o.relaxation = {10, 1.8};
    const std::map<G2Errors, std::pair<int, int>> limits{{G2Errors::pixels, {130, 150}},
                                                         {G2Errors::formula, {130, 150}},
                                                         {G2Errors::bootstrap, {105, 150}},
                                                         {G2Errors::independent, {0, 110}}};
    std::map<G2Errors, int> covered;
    constexpr std::size_t lag = 5;
    const double truth = 1 + 0.2 * std::exp(-2 * std::pow(lag / 10.0, 1.8));
    for (std::uint64_t r = 0; r < 150; ++r) {
        const DataSet data = data_of(o, {77, cell_id("covers"), r});
        for (const auto& [errors, range] : limits) {
            analysis::ChainOptions options;
            options.errors = errors;
            const auto g2 = analysis::correlate(data.data, options).at(0).g2;
            const double half = student_factor(g2.degrees_of_freedom) * g2.y_error.at(lag - 1);
            covered[errors] += std::abs(g2.y.at(lag - 1) - truth) <= half;
        }
    }
    for (const auto& [errors, range] : limits) {
        EXPECT_GE(covered[errors], range.first) << name(errors);
        EXPECT_LE(covered[errors], range.second) << name(errors);
    }
}

// Sudden full decorrelations at random: every run has a g2 of its own. Errors from pixels are those of this run; the
// spread of g2 over runs is several times larger, and only errors from time see it. 40 runs: the ratio of the spread
// to a mean error has a standard error of 0.11.
TEST(G2Errors, OfThePopulationAreLargerWhereTheDynamicsAreIntermittent) {
    model::SpeckleOptions o;
    o.frames = 200;
    o.rows = 25;
    o.columns = 40;
    o.mean_count = 5;
    o.relaxation = {400, 1.8};
    o.dynamics.event_rate = 1 / 20.0;
    constexpr std::size_t lag = 15;
    constexpr int runs = 40;
    double sum = 0, squares = 0, pixels = 0, time = 0;
    for (std::uint64_t r = 0; r < runs; ++r) {
        const DataSet data = data_of(o, {78, cell_id("events"), r});
        analysis::ChainOptions options;
        const auto run = analysis::correlate(data.data, options).at(0).g2;
        options.errors = G2Errors::bootstrap;
        const auto population = analysis::correlate(data.data, options).at(0).g2;
        sum += run.y.at(lag - 1);
        squares += run.y.at(lag - 1) * run.y.at(lag - 1);
        pixels += run.y_error.at(lag - 1) / runs;
        time += population.y_error.at(lag - 1) / runs;
        EXPECT_TRUE(run.error_method.find("g2 of this run") != std::string::npos);
        EXPECT_TRUE(population.error_method.find("g2 of the population") != std::string::npos);
    }
    const double spread = std::sqrt((squares - sum * sum / runs) / (runs - 1));
    EXPECT_GT(spread / pixels, 2);
    EXPECT_NEAR(spread / time, 1, 0.5);
}

TEST(G2Errors, WhatTheDataCannotGiveIsNamed) {
    model::SpeckleOptions o;
    o.frames = 60;
    DataSet data = data_of(o, {1, 2, 3});
    analysis::ChainOptions options;
    options.errors = G2Errors::formula;
    options.normalisation = analysis::Normalisation::pearson;
    EXPECT_MESSAGE(analysis::correlate(data.data, options), "formula holds for normalisation = symmetric");
    options.normalisation = analysis::Normalisation::symmetric;
    data.data = analysis::two_time(std::get<SpeckleSeries>(data.data), {});
    EXPECT_MESSAGE(analysis::correlate(data.data, options), "a map has no pixels");
    options.errors = G2Errors::bootstrap;
    options.block_length = analysis::Lag{30, true};
    EXPECT_MESSAGE(analysis::correlate(data.data, options), "between 1 and 20");
    EXPECT_EQ(analysis::g2_quantity(options), "g2_population");
    Curve g2;
    EXPECT_MESSAGE(analysis::add_formula_errors(g2, 4000, 2000, {}), "give a max_lag");
}

}  // namespace
}  // namespace vitrum
