// <r^2> and alpha2 of motions whose moments are known exactly; unwrapping, drift, cells that change.
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/analysis/dynamics/dynamics_cases.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/dynamics/msd.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {
namespace {

using model::AtomPaths;
using model::Motion;

AtomPaths small(Motion motion) {
    AtomPaths paths;
    paths.motion = motion;
    paths.atoms = 400;
    paths.frames = 41;
    paths.diffusion = 2e10;
    return paths;
}

Findings measure(const Trajectory& t) {
    return msd(t, {.paths = {}, .lags = {.longest = 20, .per_decade = 0, .origin_stride = 1}});
}

// Brownian, caged, jumping, of two mobilities, clustered, two-level and one-way jumping atoms: 7 x 3 x 2 checks.
TEST(DynamicsMsd, MomentsOfKnownMotions) {
    for (const Motion motion : {Motion::brownian, Motion::cage, Motion::jumps, Motion::two_mobilities, Motion::clusters,
                                Motion::two_level, Motion::rigid_blocks}) {
        const AtomPaths paths = small(motion);
        const std::vector<std::size_t> points{0, 4, 19};
        const auto second = replicate_points(paths, points, "msd", measure);
        const auto alpha = replicate_points(paths, points, "non_gaussian", measure);
        for (std::size_t i = 0; i < points.size(); ++i) {
            const double t = static_cast<double>(points[i] + 1) * paths.interval;
            const std::string what = fmt::format("motion {}, lag {}", static_cast<int>(motion), points[i] + 1);
            expect_mean(second[i], paths.msd(t), what + ", msd");
            // The ratio of means has a bias of order 1/(atoms x windows); alpha2 is large where few atoms moved.
            if (paths.non_gaussian(t) < 5) expect_mean(alpha[i], paths.non_gaussian(t), what + ", alpha2");
        }
    }
}

// Against sums over all pairs, one after the other, in a tilted cell and with two elements.
TEST(DynamicsMsd, AgreesWithPlainSums) {
    AtomPaths paths = small(Motion::brownian);
    paths.atoms = 37;  // no whole number of blocks
    paths.elements = {"Cu", "Zr"};
    Trajectory t = model::generate(paths, {1, 2, 3});
    for (AtomFrame& f : t.frames) f.box = {26, 5, -3, 0, 24, 7, 0, 0, 22};
    const Findings result = measure(t);
    const CellMatrix h = t.frames[0].box;
    for (const int element : {-1, 0, 1})
        for (const std::size_t lag : {1U, 7U, 20U}) {
            double second = 0;
            double fourth = 0;
            double count = 0;
            for (std::size_t i = 0; i < t.atoms(); ++i) {
                if (element >= 0 && t.species[i] != element) continue;
                for (std::size_t f = 0; f + lag < t.frames.size(); ++f) {
                    double r2 = 0;
                    for (std::size_t row = 0; row < 3; ++row) {
                        double x = 0;
                        for (std::size_t k = 0; k < 3; ++k)
                            x += h[3 * row + k] *
                                 (t.frames[f + lag].fractional[3 * i + k] - t.frames[f].fractional[3 * i + k]);
                        r2 += x * x;
                    }
                    second += r2;
                    fourth += r2 * r2;
                    ++count;
                }
            }
            const std::string suffix = element < 0 ? "" : "_" + t.elements[static_cast<std::size_t>(element)];
            EXPECT_NEAR(curve(result, "msd" + suffix).y[lag - 1] / (second / count), 1, 1e-10);
            EXPECT_NEAR(curve(result, "non_gaussian" + suffix).y[lag - 1],
                        3 * fourth * count / (5 * second * second) - 1, 1e-9);
        }
}

TEST(DynamicsMsd, WrappedFilesAreFollowed) {
    AtomPaths paths = small(Motion::brownian);
    const Trajectory whole = model::generate(paths, {5, 0, 0});
    paths.wrapped = true;
    const Trajectory wrapped = model::generate(paths, {5, 0, 0});
    const Curve a = curve(measure(whole), "msd");
    const Curve b = curve(measure(wrapped), "msd");
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a.y[i], b.y[i], 1e-9 * a.y[i]);
    paths.diffusion = 5e13;  // 10 angstrom a frame and component in a cell of 26
    EXPECT_MESSAGE(measure(model::generate(paths, {5, 0, 0})), "was wrapped and its frames are too far apart");
}

TEST(DynamicsMsd, UnequalIntervalsAreRefused) {
    Trajectory t = model::generate(small(Motion::brownian), {5, 0, 0});
    t.frames[17].time += 0.3e-12;
    EXPECT_MESSAGE(measure(t), "from frame 16 to 17, ");
}

// Frozen atoms in a cell that shrinks stand still; the drift of all atoms is taken off to the last bit but rounding.
TEST(DynamicsMsd, AffineMotionAndDriftAreNotMotion) {
    AtomPaths paths = small(Motion::frozen);
    paths.strain = {-0.02, -0.01, 0.03};
    EXPECT_EQ(curve(measure(model::generate(paths, {5, 0, 0})), "msd").y[19], 0);
    paths.drift = {1e12, -2e12, 0.5e12};
    const Trajectory t = model::generate(paths, {5, 0, 0});
    const MsdOptions off{.paths = {.remove_drift = true}, .lags = {}};
    EXPECT_NEAR(curve(measure(t), "msd").y[9], 100 * (1 + 4 + 0.25), 1e-6);
    EXPECT_LT(curve(msd(t, off), "msd").y.back(), 1e-20);
}

// Centre of mass: the heavy atoms decide.
TEST(DynamicsMsd, DriftIsThatOfTheMass) {
    Trajectory t;
    t.elements = {"Cu", "Zr"};
    t.species = {0, 1};
    t.mass = {1, 3};
    t.id = {1, 2};
    for (int f = 0; f < 3; ++f) {
        const double x = 0.04 * f;  // atom 1 moves 0.4 angstrom a frame, the centre of mass 0.1
        t.frames.push_back({0.0 + f, 1e-12 * f, {10, 0, 0, 0, 10, 0, 0, 0, 10}, {x, 0, 0, 0.5, 0.5, 0.5}});
    }
    const Findings r = msd(t, {.paths = {.remove_drift = true}, .lags = {.longest = 2, .per_decade = 0}});
    EXPECT_NEAR(curve(r, "msd_Cu").y[0], 0.09, 1e-12);
    EXPECT_NEAR(curve(r, "msd_Zr").y[1], 0.04, 1e-12);
}

// D with its jackknife error over replicates: the pulls have mean 0 and variance 1. 40 pulls of Student(19): a mean
// beyond 0.85 or more than 10 outside 95 % intervals comes once in 1e6 runs.
TEST(DynamicsMsd, DiffusionAndItsError) {
    AtomPaths paths = small(Motion::brownian);
    int outside = 0;
    double sum = 0;
    for (std::size_t r = 0; r < 40; ++r) {
        const Estimate d = estimate(measure(model::generate(paths, {9, 1, r})), "diffusion_coefficient");
        ASSERT_EQ(d.status, Status::ok);
        sum += (d.value - paths.diffusion) / d.standard_error / 40;
        if (paths.diffusion < d.lower || paths.diffusion > d.upper) ++outside;
    }
    EXPECT_LT(std::abs(sum), 0.85);
    EXPECT_LE(outside, 10);
    const Estimate caged = estimate(measure(model::generate(small(Motion::cage), {9, 1, 0})), "diffusion_coefficient");
    EXPECT_EQ(caged.status, Status::not_resolved);
}

// Flight rises as t^2, and a drift that all atoms share does at long lags: no diffusion coefficient.
TEST(DynamicsMsd, FlightAndDriftDoNotDiffuse) {
    Trajectory flight = model::generate(small(Motion::brownian), {9, 2, 0});
    for (std::size_t k = 2; k < flight.frames.size(); ++k)
        for (std::size_t i = 0; i < flight.frames[k].fractional.size(); ++i) {
            const double from = flight.frames[0].fractional[i];
            flight.frames[k].fractional[i] = from + static_cast<double>(k) * (flight.frames[1].fractional[i] - from);
        }
    const Findings flown = measure(flight);
    EXPECT_EQ(estimate(flown, "diffusion_coefficient").status, Status::not_resolved);
    EXPECT_NE(estimate(flown, "diffusion_coefficient").note.find("rises as t^2.00"), std::string::npos);
    EXPECT_LT(estimate(flown, "diffusion_p").value, 1e-6);
    AtomPaths drifting = small(Motion::brownian);
    drifting.drift = {5e11, 0, 0};
    EXPECT_NE(estimate(measure(model::generate(drifting, {9, 3, 0})), "diffusion_coefficient").status, Status::ok);
}

// 400 runs: 20 expected below 0.05, standard deviation 4.4, four of them.
TEST(DynamicsMsd, BrownianMotionIsRejectedAsOftenAsTheLevelSays) {
    int below = 0;
    for (std::size_t r = 0; r < 400; ++r)
        below += estimate(measure(model::generate(small(Motion::brownian), {9, 4, r})), "diffusion_p").value < 0.05;
    EXPECT_GE(below, 3);
    EXPECT_LE(below, 37);
}

TEST(DynamicsMsd, SameBitsForAnyThreads) {
    const Trajectory t = model::generate(small(Motion::jumps), {5, 0, 0});
    const Curve many = curve(measure(t), "non_gaussian");
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    EXPECT_EQ(model::generate(small(Motion::jumps), {5, 0, 0}).frames[30].fractional, t.frames[30].fractional);
    const Curve single = curve(measure(t), "non_gaussian");
    EXPECT_EQ(many.y, single.y);
    EXPECT_EQ(many.y_error, single.y_error);
}

TEST(DynamicsMsd, LagsAndOrigins) {
    EXPECT_EQ(lags_of(11, {.longest = 0, .per_decade = 0}), (std::vector<std::size_t>{1, 2, 3, 4, 5}));
    EXPECT_EQ(lags_of(101, {.longest = 100, .per_decade = 2}), (std::vector<std::size_t>{1, 3, 10, 32, 100}));
    EXPECT_EQ(lags_of(101, {.longest = 50, .per_decade = 2}), (std::vector<std::size_t>{1, 3, 10, 32, 50}));
    EXPECT_EQ(origins_of(10, 3, 1), 7U);
    EXPECT_EQ(origins_of(10, 3, 4), 2U);
    EXPECT_EQ(origins_of(10, 9, 4), 1U);
    EXPECT_MESSAGE(lags_of(10, {.longest = 10}), "at most 9");
}

}  // namespace
}  // namespace vitrum::analysis
