// Self and collective scattering functions of motions whose F is known exactly.
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/analysis/dynamics/dynamics_cases.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/scattering/scattering_functions.hpp"
#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/core/atoms/wavevectors.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {
namespace {

using model::AtomPaths;
using model::Motion;

AtomPaths small(Motion motion) {
    AtomPaths paths;
    paths.motion = motion;
    paths.atoms = 200;
    paths.frames = 31;
    paths.edge = 20;
    paths.diffusion = 2e10;
    return paths;
}

ScatteringOptions narrow(double q_low, double q_high) {
    ScatteringOptions o;
    o.lags = {.longest = 15, .per_decade = 0, .origin_stride = 1};
    o.q_low = q_low;
    o.q_high = q_high;
    o.relaxation.min_lag = 0;
    return o;
}

// The mean over the directions and lengths of the wavevectors used; only q^2 and sin(ql)/(ql) enter, whose average over
// a shell of 3 % stays within 1e-4 of the value at the mean q^2.
double q_of(const AtomPaths& paths, double low, double high) {
    double sum = 0;
    const auto all = wavevectors({paths.edge, 0, 0, 0, paths.edge, 0, 0, 0, paths.edge}, low, high);
    for (const Wavevector& v : all) sum += v.q * v.q / static_cast<double>(all.size());
    return std::sqrt(sum);
}

// Every motion at one shell, lags 1, 5, 15: 6 x 3 checks of each function.
TEST(DynamicsScattering, KnownMotions) {
    constexpr double low = 1.55;
    constexpr double high = 1.6;
    ScatteringOptions o = narrow(low, high);
    o.self_wavevectors = 0;
    for (const Motion motion :
         {Motion::brownian, Motion::cage, Motion::jumps, Motion::two_mobilities, Motion::clusters, Motion::two_level}) {
        AtomPaths paths = small(motion);
        if (motion == Motion::two_level) {  // unequal wells, barriers spread by 1.2 kT
            paths.back_rate = 5e10;
            paths.barrier_spread = 1.2;
        }
        const double q = q_of(paths, low, high);
        const std::vector<std::size_t> points{0, 4, 14};
        const auto self = replicate_points(paths, points, "self_scattering_function",
                                           [&](const Trajectory& t) { return scattering_functions(t, o); });
        const auto both = replicate_points(paths, points, "collective_scattering_function",
                                           [&](const Trajectory& t) { return scattering_functions(t, o); });
        for (std::size_t i = 0; i < points.size(); ++i) {
            const double t = static_cast<double>(points[i] + 1) * paths.interval;
            const std::string what = fmt::format("motion {}, lag {}", static_cast<int>(motion), points[i] + 1);
            expect_mean(self[i], paths.self_scattering(q, t), what + ", self");
            expect_mean(both[i], paths.collective_scattering(q, t), what + ", collective");
        }
    }
}

// Clusters that hold together: the collective function outlives the self one, by far more than noise.
TEST(DynamicsScattering, SelfDiffersFromCollective) {
    AtomPaths paths = small(Motion::clusters);
    paths.cage_width = 0.6;
    paths.diffusion = 2e9;
    const Findings r = scattering_functions(model::generate(paths, {3, 0, 0}), narrow(1.55, 1.6));
    const double self = curve(r, "self_scattering_function").y[14];
    const double both = curve(r, "collective_scattering_function").y[14];
    EXPECT_GT(paths.collective_scattering(1.57, 15e-12) - paths.self_scattering(1.57, 15e-12), 0.2);
    EXPECT_GT(both - self, 0.1);
}

// Against the definition, atom by atom and frame by frame, two elements and x-ray weights, in a tilted cell.
TEST(DynamicsScattering, AgreesWithPlainSums) {
    AtomPaths paths = small(Motion::brownian);
    paths.atoms = 21;
    paths.frames = 6;
    paths.elements = {"Cu", "Zr"};
    Trajectory t = model::generate(paths, {1, 2, 3});
    const CellMatrix h{12, 2, -1, 0, 11, 3, 0, 0, 10};
    for (AtomFrame& f : t.frames) f.box = h;
    ScatteringOptions o = narrow(1.9, 2.1);
    o.lags.longest = 3;
    o.self_wavevectors = 0;
    o.collective_wavevectors = 0;
    const Findings r = scattering_functions(t, o);
    const auto vectors = wavevectors(h, 1.9, 2.1);
    constexpr std::size_t lag = 3;
    double self = 0;
    double self_zr = 0;
    double above = 0;
    double below = 0;
    double turned = 0;
    double above_x = 0;
    double below_x = 0;
    const auto phase = [&](const Wavevector& v, std::size_t f, std::size_t i) {
        double sum = 0;
        for (std::size_t k = 0; k < 3; ++k) sum += v.n[k] * t.frames[f].fractional[3 * i + k];
        return std::polar(1.0, 2 * std::numbers::pi * sum);
    };
    for (const Wavevector& v : vectors) {
        std::complex<double> mean = 0;
        for (std::size_t f = 0; f + lag < t.frames.size(); ++f) {
            std::complex<double> a = 0;
            std::complex<double> b = 0;
            std::complex<double> a_x = 0;
            std::complex<double> b_x = 0;
            for (std::size_t i = 0; i < t.atoms(); ++i) {
                self += std::real(phase(v, f + lag, i) * std::conj(phase(v, f, i)));
                if (t.species[i] == 1) self_zr += std::real(phase(v, f + lag, i) * std::conj(phase(v, f, i)));
                a += phase(v, f, i);
                b += phase(v, f + lag, i);
                const double weight = t.species[i] == 0 ? copper(v.q) : zirconium(v.q);
                a_x += weight * phase(v, f, i);
                b_x += weight * phase(v, f + lag, i);
            }
            above += std::real(b * std::conj(a));
            below += (std::norm(a) + std::norm(b)) / 2;
            mean += b * std::conj(a);
            above_x += std::real(b_x * std::conj(a_x));
            below_x += (std::norm(a_x) + std::norm(b_x)) / 2;
        }
        turned += std::abs(mean);
    }
    const double count = 3.0 * static_cast<double>(vectors.size());
    EXPECT_NEAR(curve(r, "self_scattering_function").y[2], self / (count * 21), 1e-12);
    EXPECT_NEAR(curve(r, "self_scattering_function_Zr").y[2], self_zr / (count * 10), 1e-12);
    EXPECT_NEAR(curve(r, "collective_scattering_function").y[2], above / below, 1e-12);
    EXPECT_NEAR(curve(r, "collective_scattering_function_modulus").y[2], turned / below, 1e-12);
    EXPECT_NEAR(curve(r, "collective_scattering_function_xray").y[2], above_x / below_x, 1e-12);
    double q = 0;
    for (const Wavevector& v : vectors) q += v.q / static_cast<double>(vectors.size());
    const double cu = copper(q) * copper(q);
    const double zr = zirconium(q) * zirconium(q);
    EXPECT_NEAR(curve(r, "self_scattering_function_xray").y[2],
                (cu * (self - self_zr) + zr * self_zr) / (count * (11 * cu + 10 * zr)), 1e-12);
    EXPECT_THROW((void)curve(r, "self_scattering_function_lab"), std::runtime_error);
}

// Affine compression of frozen atoms: F = 1 in the atoms' frame; in the lab frame of evenly spread atoms the mean of
// exp(i q.eps r) over the cell, the product of sin(x_k)/x_k with x_k = q_k eps_k L_k/2, and its modulus squared.
TEST(DynamicsScattering, AffineCompressionOfFrozenAtoms) {
    AtomPaths paths = small(Motion::frozen);
    paths.frames = 2;
    paths.strain = {-0.09, -0.06, 0.05};
    ScatteringOptions o = narrow(2.6, 2.65);
    o.lags.longest = 1;
    o.self_wavevectors = 0;
    const auto vectors = wavevectors({20, 0, 0, 0, 20, 0, 0, 0, 20}, 2.6, 2.65);
    double truth = 0;
    for (const Wavevector& v : vectors) {
        double product = 1;
        for (std::size_t k = 0; k < 3; ++k)
            if (const double x = std::numbers::pi * v.n[k] * paths.strain[k]; x != 0) product *= std::sin(x) / x;
        truth += product / static_cast<double>(vectors.size());
    }
    EXPECT_LT(truth, 0.9);
    const auto lab = replicate_points(paths, {0}, "self_scattering_function_lab",
                                      [&](const Trajectory& t) { return scattering_functions(t, o); });
    expect_mean(lab[0], truth, "lab frame");
    const Findings r = scattering_functions(model::generate(paths, {5, 0, 0}), o);
    EXPECT_NEAR(curve(r, "self_scattering_function").y[0], 1, 1e-12);
    EXPECT_NEAR(curve(r, "collective_scattering_function").y[0], 1, 1e-12);
    EXPECT_LT(curve(r, "collective_scattering_function_lab").y[0], 0.95);
}

// Uniform drift: F becomes the mean of cos(q.v t), |F| stays 1; with the drift removed F is 1 again.
TEST(DynamicsScattering, UniformDrift) {
    AtomPaths paths = small(Motion::frozen);
    paths.drift = {3e11, 1e11, -2e11};
    const Trajectory t = model::generate(paths, {5, 0, 0});
    ScatteringOptions o = narrow(2.6, 2.65);
    o.self_wavevectors = 0;
    o.collective_wavevectors = 0;
    const Findings r = scattering_functions(t, o);
    double truth = 0;
    const auto vectors = wavevectors({20, 0, 0, 0, 20, 0, 0, 0, 20}, 2.6, 2.65);
    for (const Wavevector& v : vectors) {
        double turn = 0;
        for (std::size_t k = 0; k < 3; ++k) turn += 2 * std::numbers::pi * v.n[k] / 20 * paths.drift[k] * 4e-12;
        truth += std::cos(turn) / static_cast<double>(vectors.size());
    }
    EXPECT_LT(std::abs(truth), 0.9);
    EXPECT_NEAR(curve(r, "self_scattering_function").y[3], truth, 1e-9);
    for (const char* name : {"self_scattering_function_modulus", "collective_scattering_function_modulus"})
        EXPECT_NEAR(curve(r, name).y[3], 1, 1e-9) << name;
    o.paths.remove_drift = true;
    EXPECT_NEAR(curve(scattering_functions(t, o), "collective_scattering_function").y[3], 1, 1e-9);
}

// tau of Brownian atoms is 1/(q^2 D) with beta = 1, plateau 1. The errors cover it: 20 replicates, each 95 % interval
// misses with 0.05, so more than 7 misses come once in 3e5 runs if the error is right.
TEST(DynamicsScattering, RelaxationTimeOfBrownianAtoms) {
    AtomPaths paths = small(Motion::brownian);
    paths.diffusion = 8e10;
    const ScatteringOptions o = narrow(1.55, 1.6);
    const double q = q_of(paths, 1.55, 1.6);
    std::vector<double> log_tau;
    std::vector<double> efold;
    int missed = 0;
    for (std::size_t r = 0; r < replicates; ++r) {
        const Findings result = scattering_functions(model::generate(paths, {4, 4, r}), o);
        const Estimate tau = estimate(result, "tau_self");
        ASSERT_EQ(tau.status, Status::ok);
        log_tau.push_back(std::log(tau.value));
        efold.push_back(std::log(estimate(result, "efold_time_self").value));
        const double truth = 1 / (q * q * paths.diffusion);
        if (truth < tau.lower || truth > tau.upper) ++missed;
    }
    expect_mean(log_tau, -std::log(q * q * paths.diffusion), "ln tau");
    // Interpolated between lags of a fifth of tau: within 1 % of the crossing of the exact exponential.
    expect_mean(efold, -std::log(q * q * paths.diffusion), "ln of the 1/e time");
    EXPECT_LE(missed, 7);
}

TEST(DynamicsScattering, DecayNotReached) {
    AtomPaths paths = small(Motion::brownian);
    paths.diffusion = 1e9;
    const Findings r = scattering_functions(model::generate(paths, {4, 4, 0}), narrow(1.55, 1.6));
    for (const char* name : {"tau_self", "efold_time_self", "tau_collective", "efold_time_collective"})
        EXPECT_EQ(estimate(r, name).status, Status::decay_not_reached) << name;
}

TEST(DynamicsScattering, ErrorsByTimeAndTheirName) {
    const Trajectory t = model::generate(small(Motion::brownian), {4, 4, 0});
    ScatteringOptions o = narrow(1.55, 1.6);
    const Findings groups = scattering_functions(t, o);
    o.errors = ScatteringErrors::time_blocks;
    const Findings blocks = scattering_functions(t, o);
    EXPECT_EQ(curve(groups, "self_scattering_function").error_method, "jackknife over 13 groups of atoms");
    EXPECT_EQ(curve(groups, "collective_scattering_function").error_method, "jackknife over 15 groups of wavevectors");
    EXPECT_EQ(curve(blocks, "self_scattering_function").error_method, "jackknife over 10 blocks of time");
    EXPECT_EQ(curve(blocks, "collective_scattering_function").error_method, "jackknife over 10 blocks of time");
    for (std::size_t i = 0; i < 15; ++i) {
        const double y = curve(groups, "self_scattering_function").y[i];
        EXPECT_NEAR(curve(blocks, "self_scattering_function").y[i], y, 1e-12);
    }
    const double q2 = curve(groups, "collective_scattering_function").y_error[2];
    EXPECT_GT(q2, 0.003);
    EXPECT_LT(q2, 0.1);
}

TEST(DynamicsScattering, SameBitsForAnyThreads) {
    const Trajectory t = model::generate(small(Motion::jumps), {5, 0, 0});
    const Findings many = scattering_functions(t, narrow(1.5, 1.7));
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const Findings single = scattering_functions(t, narrow(1.5, 1.7));
    for (std::size_t c = 0; c < many.curves.size(); ++c) EXPECT_EQ(many.curves[c].y, single.curves[c].y);
}

// A single element: the x-ray function is the total one. An element without form factor has none.
TEST(DynamicsScattering, XrayWeightsNeedTheElement) {
    AtomPaths paths = small(Motion::brownian);
    paths.elements = {"Pt"};
    const Findings r = scattering_functions(model::generate(paths, {4, 4, 0}), narrow(1.5, 1.7));
    for (const std::string base : {"self_scattering_function", "collective_scattering_function"})
        EXPECT_NEAR(curve(r, base + "_xray").y[4], curve(r, base).y[4], base[0] == 's' ? 1e-12 : 0.01);
    paths.elements = {"Pt", "A"};
    const Findings none = scattering_functions(model::generate(paths, {4, 4, 0}), narrow(1.5, 1.7));
    EXPECT_THROW((void)curve(none, "self_scattering_function_xray"), std::runtime_error);
    EXPECT_THROW((void)curve(none, "collective_scattering_function_xray"), std::runtime_error);
    EXPECT_EQ(curve(none, "collective_scattering_function_A").size(), 15U);
}

TEST(DynamicsScattering, NoWavevectorInTheShell) {
    const Trajectory t = model::generate(small(Motion::frozen), {5, 0, 0});
    EXPECT_MESSAGE(scattering_functions(t, narrow(0.01, 0.02)), "no wavevector of the cell between 0.01 and 0.02");
}

}  // namespace
}  // namespace vitrum::analysis
