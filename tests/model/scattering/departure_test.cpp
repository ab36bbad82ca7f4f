#include "vitrum/model/scattering/departure.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/model/scattering/synthetic_atoms.hpp"
#include "vitrum/model/scattering/reference.hpp"
#include "vitrum/model/scattering/scattering.hpp"

namespace vitrum::model {
namespace {

using testing::alternating_species;
using testing::brownian;
using testing::gas;

struct Scene {
    std::vector<float> intensity;
    PairedReference reference;
    std::size_t vectors = 0;
};

Scene look(std::vector<AtomFrame> frames, std::size_t atoms) {
    const std::vector<Wavevector> vectors = wavevectors(frames.front().box, 2.6, 2.75);
    const QBins bins = make_bins(vectors);
    remove_drift(frames, std::vector<double>(atoms, 1.0));
    const auto amplitudes = xray_amplitudes(frames, alternating_species(atoms), testing::cu_zr, vectors);
    return {speckle_intensity(amplitudes, frames.size(), bins), reference(amplitudes, frames.size(), bins, 1.0),
            vectors.size()};
}

TEST(Departure, BrownianParticlesFollowTheSiegertRelation) {
    constexpr std::size_t atoms = 300;
    constexpr std::size_t frames = 400;
    const double q = 2.675;
    int inside = 0;
    constexpr int seeds = 12;
    for (int seed = 0; seed < seeds; ++seed) {
        const Scene scene =
            look(brownian(frames, atoms, 24, 1 / (q * q * 15), 50 + static_cast<unsigned>(seed)), atoms);
        const Departure d = departure(scene.reference, scene.intensity, frames);
        ASSERT_EQ(d.curve.size(), frames / 2);
        // Two standard errors hold about 95 % of runs; the bias of a ratio normalisation is of the order 1/vectors.
        const double bias = 2.0 / static_cast<double>(scene.vectors);
        inside += std::abs(d.mean.value) < bias + 2 * d.mean.error ? 1 : 0;
        EXPECT_LT(d.mean.error, 0.05);
        EXPECT_GT(d.mean.error, 0.001);
    }
    EXPECT_GE(inside, 9);  // fewer than 9 of 12 at 95 %: false alarm 2e-4
}

TEST(Departure, CurveIsTheNaiveDifference) {
    constexpr std::size_t atoms = 200;
    constexpr std::size_t frames = 40;
    const Scene scene = look(brownian(frames, atoms, 20, 0.01, 9), atoms);
    const Departure d = departure(scene.reference, scene.intensity, frames);
    for (const std::size_t lag : {1U, 7U, 20U}) {
        double g2 = 0;
        for (std::size_t t = 0; t + lag < frames; ++t) {
            double p = 0;
            double a = 0;
            double b = 0;
            for (std::size_t k = 0; k < scene.vectors; ++k) {
                const double i = scene.intensity[t * scene.vectors + k];
                const double j = scene.intensity[(t + lag) * scene.vectors + k];
                p += i * j, a += i, b += j;
            }
            g2 += p * static_cast<double>(scene.vectors) / (a * b) / static_cast<double>(frames - lag);
        }
        EXPECT_NEAR(d.curve.y[lag - 1], g2 - scene.reference.g2.y[lag - 1], 1e-9);
    }
}

TEST(Departure, IntensityVarianceOfAGasIsOneLessOneOverAtoms) {
    // Equal scatterers: <I^2>/<I>^2 - 1 = 1 - 1/N exactly; with two strengths 1 - sum f^4 / (sum f^2)^2.
    for (const std::size_t atoms : {10U, 100U}) {
        const Scene scene = look(gas(800, atoms, 20, atoms), atoms);
        const PairedMean v = intensity_variance(scene.reference, scene.intensity, 800);
        const double ratio = 1.36;  // of zirconium to copper near 2.7 1/angstrom, to 3 %
        const double r2 = ratio * ratio;
        const double expected = 1 - 2 / static_cast<double>(atoms) * (1 + r2 * r2) / ((1 + r2) * (1 + r2));
        EXPECT_NEAR(v.value, expected, 4 * v.error) << atoms;  // false alarm 6e-5
        EXPECT_LT(v.error, 0.03);
    }
}

}  // namespace
}  // namespace vitrum::model
