// Overlap, chi4 and van Hove functions of motions for which they are known exactly.
#include <cmath>
#include <numbers>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/analysis/dynamics/dynamics_cases.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/dynamics/overlap.hpp"
#include "vitrum/analysis/dynamics/van_hove.hpp"

namespace vitrum::analysis {
namespace {

using model::AtomPaths;
using model::Motion;

AtomPaths blocks(std::size_t block) {
    AtomPaths paths;
    paths.motion = Motion::rigid_blocks;
    paths.atoms = 240;
    paths.block = block;
    paths.frames = 31;
    paths.jump_rate = 1e11;  // 0.1 a frame: w (1 - w) is largest at lag 7
    return paths;
}

constexpr LagOptions every_lag{.longest = 20, .per_decade = 0, .origin_stride = 1};

Findings over_runs(const AtomPaths& paths, std::size_t runs, std::size_t seed) {
    std::vector<OverlapCounts> counts;
    for (std::size_t r = 0; r < runs; ++r)
        counts.push_back(overlap_counts(paths_of(model::generate(paths, {seed, 3, r})), every_lag, 1));
    return overlap(counts);
}

// Independent atoms w (1 - w), rigid blocks of M = 12 atoms M w (1 - w), over 10 runs each; 20 sets of runs.
TEST(DynamicsOverlap, SusceptibilityOverRuns) {
    for (const std::size_t block : {1U, 12U}) {
        const AtomPaths paths = blocks(block);
        for (const std::size_t lag : {1U, 7U, 20U}) {
            std::vector<double> mean;
            std::vector<double> chi;
            for (std::size_t set = 0; set < replicates; ++set) {
                const Findings r = over_runs(paths, 10, 100 * block + set);
                mean.push_back(curve(r, "overlap").y[lag - 1]);
                chi.push_back(curve(r, "overlap_susceptibility").y[lag - 1]);
            }
            const double t = static_cast<double>(lag) * paths.interval;
            expect_mean(mean, paths.overlap(t), fmt::format("Q, block {}, lag {}", block, lag));
            expect_mean(chi, paths.susceptibility(t), fmt::format("chi4, block {}, lag {}", block, lag));
        }
    }
}

// The peak of M w (1 - w) is M/4 at w = 1/2. 240 atoms in 100 runs; the top is flat.
TEST(DynamicsOverlap, PeakOfRigidBlocks) {
    const Findings r = over_runs(blocks(12), 100, 5);
    const Estimate height = estimate(r, "overlap_peak");
    const Estimate time = estimate(r, "overlap_peak_time");
    ASSERT_EQ(height.status, Status::ok);
    EXPECT_TRUE(contains(height.note, "over 100 independent runs, a = 1 angstrom"));
    // The largest of several points with noise is high by up to about one error: once in 1e5 outside.
    EXPECT_LT(std::abs(height.value - 3), 5.5 * height.standard_error);
    EXPECT_LT(height.standard_error, 0.3);
    EXPECT_GE(time.value, 4e-12);
    EXPECT_LE(time.value, 11e-12);
}

// Over the origins of one run: short lags of a long run agree with the truth, the longest lag has next to none.
TEST(DynamicsOverlap, OriginsOfOneRunLoseTheLongLags) {
    AtomPaths paths = blocks(12);
    paths.frames = 400;
    paths.jump_rate = 5e10;
    std::vector<double> chi;
    OverlapOptions o;
    o.lags = {.longest = 399, .per_decade = 0, .origin_stride = 1};
    for (std::size_t r = 0; r < replicates; ++r) {
        const Findings result = overlap(model::generate(paths, {11, 3, r}), o);
        chi.push_back(curve(result, "overlap_susceptibility").y[1]);
        EXPECT_TRUE(contains(estimate(result, "overlap_peak").note, "origins of one run"));
    }
    // Mean of windows that share motion: 1 - 2 tau/T of the variance, tau about the lag: 0.5 % here, under the error.
    expect_mean(chi, paths.susceptibility(2e-12), "chi4 at 2 frames");
    OverlapOptions longest;
    longest.lags = {.longest = 399, .per_decade = 0, .origin_stride = 1};
    const Findings r = overlap(model::generate(paths, {11, 3, 0}), longest);
    EXPECT_LT(curve(r, "overlap_susceptibility").y[396], 0.01);  // w = 2e-9 besides
    paths.jump_rate = 2e9;                                       // w (1 - w) M is 2.9 at the longest lag
    const Findings slow = overlap(model::generate(paths, {11, 3, 0}), longest);
    EXPECT_LT(curve(slow, "overlap_susceptibility").y[396], 0.1);
}

TEST(DynamicsOverlap, AgreesWithPlainCounts) {
    AtomPaths paths = blocks(1);
    paths.motion = Motion::brownian;
    paths.diffusion = 5e10;
    paths.atoms = 37;
    const Trajectory t = model::generate(paths, {1, 1, 1});
    const OverlapCounts counts = overlap_counts(paths_of(t), {.longest = 20, .per_decade = 0, .origin_stride = 3}, 1);
    for (const std::size_t lag : {1U, 9U})
        for (std::size_t o = 0; o < 7; ++o) {
            std::uint32_t inside = 0;
            for (std::size_t i = 0; i < t.atoms(); ++i) {
                double r2 = 0;
                for (std::size_t k = 0; k < 3; ++k)
                    r2 += std::pow(
                        26 * (t.frames[3 * o + lag].fractional[3 * i + k] - t.frames[3 * o].fractional[3 * i + k]), 2);
                if (r2 < 1) ++inside;
            }
            EXPECT_EQ(counts.inside[lag - 1][o], inside);
        }
}

TEST(DynamicsOverlap, RunsMustBeAlike) {
    AtomPaths paths = blocks(1);
    std::vector<OverlapCounts> counts{overlap_counts(paths_of(model::generate(paths, {1, 1, 1})), every_lag, 1)};
    paths.atoms = 250;
    counts.push_back(overlap_counts(paths_of(model::generate(paths, {1, 1, 1})), every_lag, 1));
    EXPECT_MESSAGE(overlap(counts), "the runs differ in atoms");
    EXPECT_MESSAGE(overlap_counts(paths_of(model::generate(paths, {1, 1, 1})), every_lag, 0), "radius = 0");
}

// 4 pi r^2 G_s of Brownian atoms is Maxwell's density with variance 2Dt; bins of 0.2 angstrom hold its integral.
TEST(DynamicsVanHove, SelfPartOfBrownianAtoms) {
    AtomPaths paths = blocks(1);
    paths.motion = Motion::brownian;
    paths.diffusion = 5e10;
    VanHoveOptions o;
    o.lags = {4};
    o.bin = 0.2;
    const auto values =
        replicate_points(paths, {1, 4, 9}, "van_hove_self_4", [&](const Trajectory& t) { return van_hove(t, o); });
    const double s = std::sqrt(2 * paths.diffusion * 4e-12);
    const auto below = [&](double r) {
        return std::erf(r / (s * std::numbers::sqrt2)) -
               std::sqrt(2 / std::numbers::pi) * r / s * std::exp(-r * r / (2 * s * s));
    };
    const std::vector<std::size_t> bins{1, 4, 9};
    for (std::size_t i = 0; i < bins.size(); ++i) {
        const double low = 0.2 * static_cast<double>(bins[i]);
        expect_mean(values[i], (below(low + 0.2) - below(low)) / 0.2, fmt::format("bin {}", bins[i]));
    }
}

// Moving Thomas clusters: two atoms of one cluster, at two times, are apart by a Gaussian of variance
// v = 2 sigma^2 + 2Dt per component, so G_d/rho0 = 1 + exp(-r^2/2v)/(rho_p (2 pi v)^(3/2)), averaged over the bin.
TEST(DynamicsVanHove, DistinctPartOfMovingClusters) {
    AtomPaths paths = blocks(1);
    paths.motion = Motion::clusters;
    paths.diffusion = 5e10;
    paths.atoms = 400;
    paths.cage_width = 0.8;
    VanHoveOptions o;
    o.lags = {0, 10};
    o.bin = 0.5;
    o.r_max = 6;
    for (const std::size_t lag : o.lags) {
        const std::vector<std::size_t> bins{1, 3, 6, 11};
        const std::string name = fmt::format("van_hove_distinct_{}", lag);
        const auto values =
            replicate_points(paths, bins, name, [&](const Trajectory& t) { return van_hove_distinct(paths_of(t), o); });
        const double parents = 400 / paths.offspring / std::pow(26.0, 3);
        const double v = 2 * 0.64 + 2 * paths.diffusion * 1e-12 * static_cast<double>(lag);
        for (std::size_t i = 0; i < bins.size(); ++i) {
            double above = 0;
            double below = 0;
            for (int k = 0; k < 200; ++k) {
                const double r = (static_cast<double>(bins[i]) + (k + 0.5) / 200) * 0.5;
                above += r * r * (1 + std::exp(-r * r / (2 * v)) / (parents * std::pow(2 * std::numbers::pi * v, 1.5)));
                below += r * r;
            }
            // The number of atoms varies between replicates: pairs over N (N-1) are low by the order of 1/parents.
            const double allowed = above / below * 0.03;
            double mean = 0;
            for (const double y : values[i]) mean += y / static_cast<double>(replicates);
            double sum = 0;
            for (const double y : values[i]) sum += (y - mean) * (y - mean);
            const double error = std::sqrt(sum / static_cast<double>(replicates * (replicates - 1)));
            EXPECT_LT(std::abs(mean - above / below), 6 * error + allowed) << name << ", bin " << bins[i];
            EXPECT_LT(error, 0.1 * above / below);
        }
    }
}

TEST(DynamicsVanHove, LagsAreChecked) {
    const Trajectory t = model::generate(blocks(1), {1, 1, 1});
    VanHoveOptions o;
    o.lags = {31};
    EXPECT_MESSAGE(van_hove(t, o), "lag = 31 frames: between 1 and 30");
    o.lags = {};
    o.bin = 0;
    EXPECT_MESSAGE(van_hove(t, o), "bin = 0");
    EXPECT_EQ(van_hove(t).curves.front().name, "van_hove_self_1");
}

TEST(DynamicsVanHove, SameBitsForAnyThreads) {
    const Trajectory t = model::generate(blocks(1), {1, 1, 1});
    const Findings many = van_hove(t);
    const Findings chi = overlap(t);
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const Findings single = van_hove(t);
    for (std::size_t c = 0; c < many.curves.size(); ++c) EXPECT_EQ(many.curves[c].y, single.curves[c].y);
    EXPECT_EQ(curve(chi, "overlap_susceptibility").y, curve(overlap(t), "overlap_susceptibility").y);
}

}  // namespace
}  // namespace vitrum::analysis
