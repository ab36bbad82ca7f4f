// rho(n) against the sum of sines and cosines, whatever the numbers of atoms, and the same bits for any threads.
#include "vitrum/core/atoms/density_modes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

namespace vitrum {
namespace {

struct Case {
    std::vector<AtomFrame> frames;
    std::vector<int> species;
};

Case atoms(const std::vector<std::size_t>& members, std::size_t frames) {
    std::mt19937 random(5);
    std::uniform_real_distribution<double> anywhere(-2, 3);
    Case c;
    for (std::size_t a = 0; a < members.size(); ++a) c.species.insert(c.species.end(), members[a], static_cast<int>(a));
    std::shuffle(c.species.begin(), c.species.end(), random);
    c.frames.resize(frames);
    for (auto& frame : c.frames) {
        frame.box = {20, -3, 2, 0, 18, -1, 0, 0, 16};
        for (std::size_t i = 0; i < 3 * c.species.size(); ++i) frame.fractional.push_back(anywhere(random));
    }
    return c;
}

void expect_sums(const Case& c, std::size_t count, const std::vector<Wavevector>& vectors) {
    const auto modes = density_modes(c.frames, c.species, count, vectors);
    ASSERT_EQ(modes.size(), c.frames.size() * count * vectors.size());
    for (std::size_t f = 0; f < c.frames.size(); ++f)
        for (std::size_t v = 0; v < vectors.size(); ++v) {
            std::vector<std::complex<double>> wanted(count);
            for (std::size_t i = 0; i < c.species.size(); ++i) {
                double turns = 0;
                for (std::size_t k = 0; k < 3; ++k) turns += vectors[v].n[k] * c.frames[f].fractional[3 * i + k];
                wanted[static_cast<std::size_t>(c.species[i])] += std::polar(1.0, 2 * std::numbers::pi * turns);
            }
            for (std::size_t a = 0; a < count; ++a) {
                const auto got = modes[(f * count + a) * vectors.size() + v];
                // Recursion over |n| < 30 powers: some 1e-15 |n| an atom, added up at worst.
                EXPECT_NEAR(std::abs(got - wanted[a]), 0, 1e-12 * std::sqrt(static_cast<double>(c.species.size())))
                    << "vector " << vectors[v].n[0] << ' ' << vectors[v].n[1] << ' ' << vectors[v].n[2];
            }
        }
}

TEST(DensityModes, AreTheSumsOfPhases) {
    const auto shell = wavevectors({20, -3, 2, 0, 18, -1, 0, 0, 16}, 2.0, 2.3);
    const auto ball = wavevectors({20, -3, 2, 0, 18, -1, 0, 0, 16}, 0.1, 1.2);
    // Tiles full, broken and empty; a species without atoms.
    for (const auto& members : std::vector<std::vector<std::size_t>>{{1}, {7, 8, 9}, {256}, {257, 0, 513}}) {
        const Case c = atoms(members, 2);
        expect_sums(c, members.size(), ball);
        if (members.size() == 2) expect_sums(c, members.size(), shell);
    }
    expect_sums(atoms({300, 211}, 1), 2, shell);
}

TEST(DensityModes, OneSignOfNzAloneAndAxes) {
    const Case c = atoms({40, 41}, 1);
    std::vector<Wavevector> vectors;
    for (const std::array<int, 3> n : {std::array{0, 0, 3}, {0, 2, -1}, {0, 2, 4}, {1, -3, -5}, {1, -3, 0}, {4, 0, 0}})
        vectors.push_back({n, 1});
    expect_sums(c, 2, vectors);
    EXPECT_TRUE(density_modes(c.frames, c.species, 2, {}).empty());
}

TEST(DensityModes, SameBitsForAnyThreads) {
    const Case c = atoms({700, 500}, 9);
    const auto vectors = wavevectors(c.frames[0].box, 0.5, 1.5);
    const auto many = density_modes(c.frames, c.species, 2, vectors);
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    EXPECT_EQ(many, density_modes(c.frames, c.species, 2, vectors));
}

}  // namespace
}  // namespace vitrum
