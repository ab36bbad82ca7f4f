#include "vitrum/model/scattering/scattering.hpp"

#include <cmath>
#include <numbers>
#include <set>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/model/scattering/synthetic_atoms.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/atoms/form_factors.hpp"

namespace vitrum::model {
namespace {

using testing::alternating_species;
using testing::gas;
constexpr double two_pi = 2 * std::numbers::pi;

TEST(Wavevectors, HalfSpaceOfACubicBox) {
    const double edge = 20;
    const std::vector<Wavevector> found = wavevectors({edge, 0, 0, 0, edge, 0, 0, 0, edge}, 1.0, 2.0);
    std::set<std::array<int, 3>> seen;
    for (const Wavevector& v : found) {
        EXPECT_NEAR(v.q, two_pi / edge * std::hypot(v.n[0], v.n[1], v.n[2]), 1e-12);
        EXPECT_FALSE(seen.contains({-v.n[0], -v.n[1], -v.n[2]}));
        EXPECT_TRUE(seen.insert(v.n).second);
    }
    std::size_t whole_space = 0;
    for (int x = -10; x <= 10; ++x)
        for (int y = -10; y <= 10; ++y)
            for (int z = -10; z <= 10; ++z) {
                const double q = two_pi / edge * std::hypot(x, y, z);
                if (q >= 1.0 && q <= 2.0) ++whole_space;
            }
    EXPECT_EQ(2 * found.size(), whole_space);
}

TEST(Wavevectors, TiltedBox) {
    // a = (10,0,0), b = (3,12,0), c = (-2,1,9): reciprocal vectors from cross products.
    const CellMatrix box{10, 3, -2, 0, 12, 1, 0, 0, 9};
    const double v = 10 * 12 * 9;
    ASSERT_NEAR(volume(box), v, 1e-9);
    const std::array<std::array<double, 3>, 3> reciprocal{
        {{12.0 * 9 / v, -3.0 * 9 / v, (3.0 * 1 + 2.0 * 12) / v}, {0, 90 / v, -10 / v}, {0, 0, 120 / v}}};
    const std::vector<Wavevector> found = wavevectors(box, 0.5, 3.0);
    ASSERT_GT(found.size(), 100U);
    for (const Wavevector& w : found) {
        double square = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            double component = 0;
            for (std::size_t m = 0; m < 3; ++m) component += two_pi * w.n[m] * reciprocal[m][k];
            square += component * component;
        }
        EXPECT_NEAR(w.q, std::sqrt(square), 1e-12);
    }
}

TEST(Amplitudes, EqualTheNaiveSum) {
    const std::size_t atoms = 37;  // no whole number of lanes
    std::vector<AtomFrame> frames = gas(2, atoms, 15, 1);
    frames[0].box = {15, 1, 0, 0, 14, 2, 0, 0, 16};
    frames[1].box = frames[0].box;
    for (double& s : frames[1].fractional) s = 5 * s - 3;  // outside the box
    const std::vector<int> species = alternating_species(atoms);
    const std::vector<Wavevector> vectors = wavevectors(frames[0].box, 0.3, 3.0);
    const auto fast = xray_amplitudes(frames, species, testing::cu_zr, vectors);
    for (std::size_t f = 0; f < frames.size(); ++f)
        for (std::size_t k = 0; k < vectors.size(); ++k) {
            std::complex<double> slow = 0;
            for (std::size_t i = 0; i < atoms; ++i) {
                double turns = 0;
                for (std::size_t m = 0; m < 3; ++m) turns += vectors[k].n[m] * frames[f].fractional[3 * i + m];
                slow += (species[i] == 0 ? copper(vectors[k].q) : zirconium(vectors[k].q)) *
                        std::polar(1.0, two_pi * turns);
            }
            // 37 terms of up to 40 electrons; powers up to 8 by recursion: some hundred roundings of 1e-16.
            EXPECT_LT(std::abs(fast[f * vectors.size() + k] - slow), 1e-10);
        }
}

TEST(Amplitudes, SameBitsForAnyNumberOfThreads) {
    const std::vector<AtomFrame> frames = gas(20, 100, 12, 2);
    const std::vector<int> species = alternating_species(100);
    const std::vector<Wavevector> vectors = wavevectors(frames[0].box, 2.0, 3.0);
    const auto many = xray_amplitudes(frames, species, testing::cu_zr, vectors);
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    EXPECT_EQ(many, xray_amplitudes(frames, species, testing::cu_zr, vectors));
}

TEST(StructureFactor, IdealGasIsOne) {
    const std::size_t atoms = 400;
    const std::vector<AtomFrame> frames = gas(20, atoms, 18, 3);
    const std::vector<int> species = alternating_species(atoms);
    const std::vector<Wavevector> vectors = wavevectors(frames[0].box, 2.0, 3.0);
    const auto amplitudes = xray_amplitudes(frames, species, testing::cu_zr, vectors);
    double sum = 0;
    double widest = 0;
    for (std::size_t i = 0; i < amplitudes.size(); ++i) {
        const double q = vectors[i % vectors.size()].q;
        sum += xray_structure_factor(std::norm(amplitudes[i]) / atoms, std::array{0.5, 0.5},
                                     std::array{copper, zirconium}, q);
        const double cu = copper(q);
        const double zr = zirconium(q);
        widest = std::max(widest, 2 * (cu * cu + zr * zr) / std::pow(cu + zr, 2));
    }
    // |rho|^2 is exponential with mean N <f^2>: S of one wavevector scatters by <f^2>/<f>^2.
    const auto n = static_cast<double>(amplitudes.size());
    EXPECT_NEAR(sum / n, 1.0, 5 * widest / std::sqrt(n));
}

TEST(Bins, HoldEnoughWavevectorsAndOneModulusEach) {
    const double edge = 27;
    const std::vector<Wavevector> vectors = wavevectors({edge, 0, 0, 0, edge, 0, 0, 0, edge}, 2.6, 2.72);
    const QBins bins = make_bins(vectors);
    ASSERT_GT(bins.count, 2U);
    std::vector<std::size_t> count(bins.count, 0);
    for (const std::size_t b : bins.of) ++count[b];
    for (const std::size_t c : count) EXPECT_GE(c, 32U);
    EXPECT_EQ(bins.fewest, *std::min_element(count.begin(), count.end()));
    for (std::size_t i = 0; i < vectors.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            EXPECT_TRUE(std::abs(vectors[i].q - vectors[k].q) > 1e-9 || bins.of[i] == bins.of[k]);
}

TEST(Bins, FewWavevectorsMakeOneBin) {
    const QBins bins = make_bins(wavevectors({8, 0, 0, 0, 8, 0, 0, 0, 8}, 2.0, 2.5));
    EXPECT_EQ(bins.count, 1U);
}

TEST(Speckle, FollowsASmoothStructureFactorNotEachWavevector) {
    // Made-up amplitudes with S(q) a steep function of |q|: exponential intensities about it.
    const double edge = 27;
    const std::size_t frames = 50;
    const std::vector<Wavevector> vectors = wavevectors({edge, 0, 0, 0, edge, 0, 0, 0, edge}, 2.6, 2.72);
    Stream stream({4, 0, 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal;
    std::vector<std::complex<double>> amplitudes;
    std::vector<std::complex<double>> still;
    for (std::size_t k = 0; k < vectors.size(); ++k) still.emplace_back(normal(stream), normal(stream));
    for (std::size_t f = 0; f < frames; ++f)
        for (std::size_t k = 0; k < vectors.size(); ++k)
            amplitudes.push_back(still[k] * std::exp(4 * (vectors[k].q - 2.66)));
    const QBins bins = make_bins(vectors);
    const std::vector<float> intensity = speckle_intensity(amplitudes, frames, bins);
    std::vector<double> sum(bins.count, 0.0);
    std::vector<double> count(bins.count, 0.0);
    double second = 0;
    for (std::size_t i = 0; i < intensity.size(); ++i) {
        const std::size_t b = bins.of[i % vectors.size()];
        sum[b] += static_cast<double>(intensity[i]);
        count[b] += 1;
        second += std::pow(static_cast<double>(intensity[i]), 2) / static_cast<double>(intensity.size());
    }
    for (std::size_t b = 0; b < bins.count; ++b) EXPECT_NEAR(sum[b] / count[b], 1.0, 1e-6);
    // Frozen exponential speckle: <I^2> = 2; its own time mean would make it 1. <I^2> has variance 20 per wavevector.
    EXPECT_NEAR(second, 2.0, 5 * std::sqrt(20.0 / static_cast<double>(vectors.size())));
}

TEST(Peak, OfARandomlyDisplacedLattice) {
    // Simple cubic lattice of one species, strongly displaced: the (100) shell of weight exp(-q^2 s^2) N is the peak.
    const std::size_t cells = 8;
    const double spacing = 2.4;
    AtomFrame frame = testing::empty_frame(cells * cells * cells, spacing * cells);
    Stream stream({5, 0, 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal(0, 0.03);
    for (std::size_t i = 0; i < cells * cells * cells; ++i) {
        const std::array<std::size_t, 3> cell{i / (cells * cells), i / cells % cells, i % cells};
        for (std::size_t k = 0; k < 3; ++k)
            frame.fractional[3 * i + k] = (static_cast<double>(cell[k]) + normal(stream)) / static_cast<double>(cells);
    }
    const std::vector<int> species(cells * cells * cells, 0);
    const std::vector<AtomFrame> frames(3, frame);
    EXPECT_NEAR(first_xray_peak(frames, species, testing::cu_zr).q, two_pi / spacing, 0.06);
}

}  // namespace
}  // namespace vitrum::model
