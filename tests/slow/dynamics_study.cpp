// Bias and coverage of the estimators of atomic dynamics over replicates of motions with known truth: the tables of
// docs/estimators/{msd,scattering_functions,overlap_chi4}.md. Fails where 95 % intervals of the self functions of
// independent atoms cover less than 90 %, or a bias exceeds four standard errors and 1 %.
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "vitrum/analysis/dynamics/msd.hpp"
#include "vitrum/analysis/dynamics/overlap.hpp"
#include "vitrum/analysis/scattering/scattering_functions.hpp"
#include "vitrum/core/atoms/wavevectors.hpp"
#include "vitrum/core/parallel.hpp"
#include "vitrum/model/atoms/paths.hpp"

namespace vitrum::analysis {
namespace {

using model::AtomPaths;
using model::Motion;

constexpr std::size_t replicates = 400;

struct Row {
    double value = not_a_number, lower = not_a_number, upper = not_a_number;
};

struct Summary {
    double bias = 0, error = 0, spread = 0, coverage = 0, used = 0;
};

// Relative to the truth.
Summary summary(const std::vector<Row>& rows, double truth) {
    Summary s;
    double square = 0;
    for (const Row& r : rows) {
        if (!std::isfinite(r.value)) continue;
        const double d = r.value / truth - 1;
        ++s.used;
        s.bias += d;
        square += d * d;
        if (r.lower <= truth && truth <= r.upper) ++s.coverage;
    }
    s.bias /= s.used;
    s.coverage /= s.used;
    s.spread = std::sqrt(square / s.used - s.bias * s.bias);
    s.error = s.spread / std::sqrt(s.used);
    return s;
}

void print(const std::string& what, const Summary& s) {
    fmt::print("| {} | {:+.4f} +- {:.4f} | {:.4f} | {:.1f} % | {} |\n", what, s.bias, s.error, s.spread,
               100 * s.coverage, s.used);
    std::fflush(stdout);
}

Row row(const Findings& result, const std::string& quantity) {
    for (const Estimate& e : result.estimates)
        if (e.quantity == quantity && e.status == Status::ok) return {e.value, e.lower, e.upper};
    return {};
}

Row point(const Findings& result, const std::string& name, std::size_t i) {
    for (const Curve& c : result.curves)
        if (c.name == name) {
            const double half = student_factor(c.degrees_of_freedom) * c.y_error.at(i);
            return {c.y.at(i), c.y[i] - half, c.y[i] + half};
        }
    return {};
}

// tau of Brownian atoms is 1/(q^2 D), self and collective alike; run of `length` tau.
TEST(DynamicsStudy, RelaxationTimes) {
    for (const double length : {40.0, 10.0, 4.0})
        for (const ScatteringErrors errors : {ScatteringErrors::groups, ScatteringErrors::time_blocks}) {
            AtomPaths paths;
            paths.atoms = 400;
            paths.frames = 201;
            paths.edge = 20;
            ScatteringOptions o;
            o.q_low = 1.55;
            o.q_high = 1.6;
            o.relaxation.min_lag = 0;
            o.errors = errors;
            o.lags.longest = 150;
            const auto used = wavevectors({20, 0, 0, 0, 20, 0, 0, 0, 20}, o.q_low, o.q_high);
            double q2 = 0;
            for (const Wavevector& v : used) q2 += v.q * v.q / static_cast<double>(used.size());
            const double tau = 200e-12 / length;
            paths.diffusion = 1 / (q2 * tau);
            std::vector<std::vector<Row>> rows(4, std::vector<Row>(replicates));
            for_each_block(replicates, 1, [&](std::size_t r, std::size_t, std::size_t) {
                const Findings result = scattering_functions(model::generate(paths, {21, 1, r}), o);
                rows[0][r] = row(result, "tau_self");
                rows[1][r] = row(result, "efold_time_self");
                rows[2][r] = row(result, "tau_collective");
                rows[3][r] = row(result, "efold_time_collective");
            });
            const char* names[4] = {"tau_self", "efold_time_self", "tau_collective", "efold_time_collective"};
            for (std::size_t k = 0; k < 4; ++k) {
                const Summary s = summary(rows[k], tau);
                print(fmt::format("{}, run of {} tau, {}", names[k], length,
                                  errors == ScatteringErrors::groups ? "groups" : "blocks of time"),
                      s);
                if (k == 0 && errors == ScatteringErrors::groups) {
                    EXPECT_GT(s.coverage, 0.9);
                }
            }
        }
}

TEST(DynamicsStudy, NonGaussianParameter) {
    for (const Motion motion : {Motion::jumps, Motion::two_mobilities})
        for (const std::size_t atoms : {200U, 2000U}) {
            AtomPaths paths;
            paths.motion = motion;
            paths.atoms = atoms;
            paths.frames = 101;
            paths.jump_rate = 5e10;
            std::vector<std::vector<Row>> rows(3, std::vector<Row>(replicates));
            const std::size_t lags[3] = {1, 10, 50};
            for_each_block(replicates, 1, [&](std::size_t r, std::size_t, std::size_t) {
                const Findings result =
                    msd(model::generate(paths, {22, 1, r}), {.paths = {}, .lags = {.longest = 50, .per_decade = 0}});
                for (std::size_t k = 0; k < 3; ++k) rows[k][r] = point(result, "non_gaussian", lags[k] - 1);
            });
            for (std::size_t k = 0; k < 3; ++k) {
                const double truth = paths.non_gaussian(static_cast<double>(lags[k]) * 1e-12);
                print(fmt::format("alpha2 = {:.3g}, {}, {} atoms, lag {} of 100", truth,
                                  motion == Motion::jumps ? "jumps" : "two mobilities", atoms, lags[k]),
                      summary(rows[k], truth));
            }
        }
}

TEST(DynamicsStudy, Susceptibility) {
    for (const std::size_t runs : {1U, 4U, 10U, 30U})
        for (const std::size_t lag : {4U, 20U, 100U}) {
            AtomPaths paths;
            paths.motion = Motion::rigid_blocks;
            paths.atoms = 480;
            paths.block = 12;
            paths.frames = 201;
            paths.jump_rate = 0.7e12 / static_cast<double>(lag);  // w = 1/2
            std::vector<Row> rows(replicates);
            for_each_block(replicates, 1, [&](std::size_t r, std::size_t, std::size_t) {
                std::vector<OverlapCounts> counts;
                for (std::size_t k = 0; k < runs; ++k)
                    counts.push_back(overlap_counts(paths_of(model::generate(paths, {23, k, r})),
                                                    {.longest = lag, .per_decade = 1}, 1));
                const Findings result = overlap(counts);
                rows[r] = point(result, "overlap_susceptibility", result.curves[1].size() - 1);
            });
            const Summary s = summary(rows, paths.susceptibility(static_cast<double>(lag) * 1e-12));
            print(fmt::format("chi4 = 3, {} run(s) of 200 frames, lag {}", runs, lag), s);
            if (runs > 1) {
                EXPECT_LT(std::abs(s.bias), std::max(0.01, 4 * s.error));
            }
        }
}

}  // namespace
}  // namespace vitrum::analysis
