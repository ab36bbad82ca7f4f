// Values that are not defined: bond order without neighbours, distances of atoms at one place, peaks of few pairs.
#include <cmath>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/analysis/diffraction/structure_factor.hpp"
#include "vitrum/analysis/structure/bond_order.hpp"
#include "vitrum/analysis/structure/coordination.hpp"
#include "vitrum/analysis/structure/pair_distribution.hpp"
#include "vitrum/analysis/structure/voronoi.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/model/atoms/configurations.hpp"

namespace vitrum::analysis {
namespace {

const Estimate& row(const std::vector<Estimate>& rows, const std::string& quantity, std::int64_t index) {
    for (const Estimate& e : rows)
        if (e.quantity == quantity && (e.abscissa.empty() ? 0 : e.abscissa[0].index) == index) return e;
    throw std::runtime_error("no " + quantity);
}

// A crystal in one half of a long cell and lone atoms far from everything in the other.
TEST(Undefined, AtomsWithoutNeighboursHaveNoBondOrder) {
    Trajectory t = model::lattice(model::Lattice::fcc, 3.6, {4, 4, 4});
    const std::size_t crystal = t.atoms();
    AtomFrame& frame = t.frames[0];
    BondOrderOptions options;
    options.cutoff = 3.0;
    const double q6 = row(bond_order(t, options).estimates, "bond_order_q", 6).value;
    EXPECT_NEAR(q6, 0.574524, 1e-5);
    // Twice as long along x: the atoms at both ends lose neighbours, two lone ones are added in the gap.
    const double length = frame.box[0];
    frame.box[0] = 3 * length;
    for (std::size_t i = 0; i < crystal; ++i) frame.fractional[3 * i] /= 3;
    for (const double x : {0.55, 0.75}) {
        for (const double s : {x, 0.5, 0.5}) frame.fractional.push_back(s);
        t.species.push_back(0);
        t.mass.push_back(63.5);
        t.id.push_back(static_cast<std::int64_t>(t.id.size() + 1));
    }
    const BondOrderOfAtoms atoms = bond_order_of_atoms(frame, 6, BondNeighbours::cutoff, 3.0, false);
    EXPECT_TRUE(std::isnan(atoms.q[crystal]) && std::isnan(atoms.w[crystal + 1]));
    double mean = 0;
    for (std::size_t i = 0; i < crystal; ++i) mean += atoms.q[i] / static_cast<double>(crystal);
    const Findings result = bond_order(t, options);
    const Estimate& q = row(result.estimates, "bond_order_q", 6);
    EXPECT_NEAR(q.value, mean, 1e-12);
    EXPECT_TRUE(contains(q.note, "2 atom(s) of all frames have no neighbours and are left out")) << q.note;
    double share = 0;
    for (const double y : result.curves[1].y) share += y * options.bin;
    EXPECT_NEAR(share, 1, 1e-9);
    EXPECT_LT(result.curves[1].y[0], 1e-12);  // no q = 0
}

TEST(Undefined, TwoAtomsAtOnePlaceAreRefusedEverywhere) {
    for (const double image : {0.0, 1.0, -2.0}) {
        Trajectory t = model::ideal_gas({12, 2, -1, 0, 11, 3, 0, 0, 13}, 60, 2, {4});
        t.name = "doubled";
        for (std::size_t k = 0; k < 3; ++k)
            t.frames[1].fractional[3 * 40 + k] = t.frames[1].fractional[3 * 7 + k] + (k == 1 ? image : 0);
        const std::string wanted = "trajectory 'doubled', frame 1: the atoms 8 and 41 stand at one place";
        BondOrderOptions bonds;
        bonds.cutoff = 4;
        CoordinationOptions shell;
        shell.cutoff = 4;
        EXPECT_MESSAGE(pair_distribution(t), wanted);
        EXPECT_MESSAGE(voronoi(t), wanted);
        EXPECT_MESSAGE(bond_order(t, bonds), wanted);
        EXPECT_MESSAGE(coordination(t, shell), wanted);
        EXPECT_MESSAGE(structure_factor(t), wanted);
    }
}

Estimate last_peak(const PairDistribution& g) {
    for (auto row = g.estimates.rbegin(); row != g.estimates.rend(); ++row)
        if (row->quantity == "first_peak_distance") return *row;
    throw std::runtime_error("no first_peak_distance");
}

// A crystal of two elements, shaken, of which few atoms are Zr: bins of 0.02 angstrom hold some pairs each.
TEST(Undefined, ThePeakOfFewPairsIsFound) {
    int found = 0;
    double sum = 0;
    constexpr int replicates = 20;
    for (int r = 0; r < replicates; ++r) {
        Trajectory t = model::lattice(model::Lattice::fcc, 4.5, {6, 6, 6});
        Stream stream({41, cell_id("few pairs"), static_cast<std::uint64_t>(r)}, Purpose::test, 0);
        std::normal_distribution<double> shake(0, 0.13 / (6 * 4.5));
        for (double& s : t.frames[0].fractional) s += shake(stream);
        t.elements = {"Cu", "Zr"};
        std::bernoulli_distribution is_zr(0.35);
        for (int& s : t.species) s = is_zr(stream) ? 1 : 0;
        const PairDistribution g = pair_distribution(t);
        const Estimate peak = last_peak(g);  // ZrZr
        ASSERT_EQ(peak.abscissa[0].label(), "pair ZrZr");
        if (peak.status != Status::ok) continue;
        ++found;
        sum += peak.value;
        // Width 0.13 sqrt(2) = 0.18 angstrom, some 600 pairs.
        EXPECT_NEAR(peak.value, 4.5 / std::sqrt(2.0), 0.12);
        EXPECT_TRUE(contains(peak.note, "smoothed over")) << peak.note;
    }
    EXPECT_EQ(found, replicates);
    EXPECT_NEAR(sum / found, 4.5 / std::sqrt(2.0), 0.03);
}

TEST(Undefined, ThePeakOfHardlyAnyPairsIsNot) {
    Trajectory t = model::ideal_gas({20, 0, 0, 0, 20, 0, 0, 0, 20}, 60, 1, {4});
    t.elements = {"Cu", "Zr"};
    t.species[3] = t.species[9] = t.species[11] = 1;
    const Estimate peak = last_peak(pair_distribution(t));
    EXPECT_EQ(peak.status, Status::no_data);
    EXPECT_TRUE(contains(peak.note, "too few")) << peak.note;
}

}  // namespace
}  // namespace vitrum::analysis
