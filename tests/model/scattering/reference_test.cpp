#include "vitrum/model/scattering/reference.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/model/scattering/synthetic_atoms.hpp"
#include "vitrum/model/scattering/scattering.hpp"

namespace vitrum::model {
namespace {

using testing::alternating_species;
using testing::brownian;

constexpr std::size_t atoms = 300;
constexpr double edge = 24;
constexpr double q_low = 2.6;
constexpr double q_high = 2.75;

struct Scene {
    std::vector<Wavevector> vectors;
    QBins bins;
    std::vector<std::complex<double>> amplitudes;
};

Scene look(std::vector<AtomFrame> frames) {
    Scene scene;
    scene.vectors = wavevectors(frames.front().box, q_low, q_high);
    scene.bins = make_bins(scene.vectors);
    remove_drift(frames, std::vector<double>(atoms, 1.0));
    scene.amplitudes = xray_amplitudes(frames, alternating_species(atoms), testing::cu_zr, scene.vectors);
    return scene;
}

TEST(Reference, FrozenAtomsKeepFOne) {
    const Scene scene = look(std::vector<AtomFrame>(20, brownian(1, atoms, edge, 0, 1).front()));
    const Curve curve = reference_g2(scene.amplitudes, 20, scene.bins, 0.1);
    ASSERT_EQ(curve.size(), 10U);
    EXPECT_DOUBLE_EQ(curve.x[3], 0.4);
    for (std::size_t l = 0; l < curve.size(); ++l) {
        EXPECT_NEAR(curve.y[l], 2.0, 1e-12);
        EXPECT_NEAR(curve.y_error[l], 0.0, 1e-12);
    }
}

TEST(Reference, UniformDriftIsInvisible) {
    const std::size_t frames = 60;
    std::vector<AtomFrame> at_rest = brownian(frames, atoms, edge, 0.005, 2);
    std::vector<AtomFrame> drifting = at_rest;
    for (std::size_t f = 0; f < frames; ++f)
        for (std::size_t i = 0; i < 3 * atoms; ++i)
            drifting[f].fractional[i] += 0.013 * static_cast<double>(f * (i % 3));
    const Scene a = look(at_rest);
    const Scene b = look(drifting);
    const Curve one = reference_g2(a.amplitudes, frames, a.bins, 1);
    const Curve other = reference_g2(b.amplitudes, frames, b.bins, 1);
    for (std::size_t l = 0; l < one.size(); ++l) EXPECT_NEAR(one.y[l], other.y[l], 1e-9);

    // Intensities do not need the correction.
    const auto raw = xray_amplitudes(drifting, alternating_species(atoms), testing::cu_zr, a.vectors);
    const std::vector<float> still = speckle_intensity(a.amplitudes, frames, a.bins);
    const std::vector<float> moved = speckle_intensity(raw, frames, a.bins);
    for (std::size_t i = 0; i < still.size(); ++i) EXPECT_NEAR(still[i], moved[i], 1e-4);
}

TEST(Reference, BrownianParticlesDecayExponentially) {
    constexpr std::size_t frames = 600;
    constexpr double q = (q_low + q_high) / 2;
    constexpr double tau = 15;  // [frames] F = exp(-t/tau)
    constexpr double diffusion = 1 / (q * q * tau);
    const Scene scene = look(brownian(frames, atoms, edge, diffusion, 3));
    const Curve curve = reference_g2(scene.amplitudes, frames, scene.bins, 1);
    const std::vector<float> intensity = speckle_intensity(scene.amplitudes, frames, scene.bins);
    const std::size_t vectors = scene.vectors.size();
    const double independent = static_cast<double>(vectors * frames) / tau;
    for (const std::size_t lag : {1U, 5U, 10U, 20U, 40U}) {
        double expected = 0;
        double g2 = 0;
        for (std::size_t k = 0; k < vectors; ++k) {
            const double rate = diffusion * scene.vectors[k].q * scene.vectors[k].q;
            expected += std::exp(-2 * rate * static_cast<double>(lag)) / static_cast<double>(vectors);
            for (std::size_t t = 0; t + lag < frames; ++t)
                g2 += static_cast<double>(intensity[t * vectors + k] * intensity[(t + lag) * vectors + k]);
        }
        g2 /= static_cast<double>(vectors * (frames - lag));
        // <rho rho*> of one wavevector: products decorrelate over sum_t exp(-2|t|/tau) = tau frames, so F is known to
        // 1/sqrt(independent) at worst, its square to twice F times that and the square of it.
        const double noise = 1 / std::sqrt(independent);
        const double f = std::sqrt(expected);
        const double allowed = 5 * (2 * f * noise + noise * noise) + 2.0 / atoms;  // centre of mass held: 1/N
        EXPECT_NEAR(curve.y[lag - 1] - 1, expected, allowed) << lag;
        EXPECT_LT(curve.y_error[lag - 1], allowed / 2) << lag;
        EXPECT_GT(curve.y_error[lag - 1], 0.0) << lag;
        // g2 of exponential speckle: I(t) I(t+lag) scatters by at most sqrt(20) about its mean, time-correlated.
        EXPECT_NEAR(g2 - 1, expected, 5 * std::sqrt(20 / independent)) << lag;
    }
}

TEST(Reference, LongLagsCarryNoBias) {
    // F = 0 beyond a few tau: the squared estimate must scatter about zero, not sit above it. Mean over 12 runs.
    constexpr std::size_t frames = 120;
    double sum = 0;
    double squares = 0;
    constexpr int runs = 12;
    for (int r = 0; r < runs; ++r) {
        const Scene scene = look(brownian(frames, atoms, edge, 0.05, 100 + static_cast<std::uint64_t>(r)));
        const Curve curve = reference_g2(scene.amplitudes, frames, scene.bins, 1);
        double late = 0;
        for (std::size_t l = 29; l < 60; ++l) late += (curve.y[l] - 1) / 31;
        sum += late / runs;
        squares += late * late / runs;
    }
    const double error = std::sqrt((squares - sum * sum) / (runs - 1));
    EXPECT_LT(std::abs(sum), 5 * error);
    EXPECT_LT(error, 2e-4);
}

TEST(Reference, SameBitsForAnyNumberOfThreads) {
    const Scene scene = look(brownian(50, atoms, edge, 0.01, 4));
    const Curve many = reference_g2(scene.amplitudes, 50, scene.bins, 1);
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const Curve single = reference_g2(scene.amplitudes, 50, scene.bins, 1);
    EXPECT_EQ(many.y, single.y);
    EXPECT_EQ(many.y_error, single.y_error);
}

}  // namespace
}  // namespace vitrum::model
