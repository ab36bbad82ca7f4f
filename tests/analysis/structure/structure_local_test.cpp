// Coordination, bond-orientational order and connections of configurations that are known exactly.
#include <cmath>
#include <map>
#include <numbers>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "vitrum/analysis/structure/bond_order.hpp"
#include "vitrum/analysis/structure/connections.hpp"
#include "vitrum/analysis/structure/coordination.hpp"
#include "vitrum/analysis/structure/pair_distribution.hpp"
#include "vitrum/analysis/structure/shells.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/model/atoms/configurations.hpp"

namespace vitrum::analysis {
namespace {

using model::Lattice;

const Estimate& find(const std::vector<Estimate>& all, std::string_view quantity, std::string_view coordinate = "") {
    for (const Estimate& e : all)
        if (e.quantity == quantity &&
            (coordinate.empty() ? e.abscissa.empty() : !e.abscissa.empty() && e.abscissa[0].label() == coordinate))
            return e;
    throw std::out_of_range("no such estimate");
}

// An atom in the middle of a large cell with neighbours at these places.
AtomFrame cluster(const std::vector<Vector3>& around) {
    AtomFrame frame;
    frame.box = {100, 0, 0, 0, 100, 0, 0, 0, 100};
    frame.fractional = {0.5, 0.5, 0.5};
    for (const Vector3& r : around)
        for (const double x : r) frame.fractional.push_back(0.5 + x / 100);
    return frame;
}

std::vector<Vector3> icosahedron() {
    const double g = std::numbers::phi;
    std::vector<Vector3> v;
    for (const double a : {-1.0, 1.0})
        for (const double b : {-g, g}) {
            v.push_back({0, a, b});
            v.push_back({a, b, 0});
            v.push_back({b, 0, a});
        }
    return v;
}

TEST(BondOrder, SteinhardtValuesOfPerfectShells) {
    struct Case {
        AtomFrame frame;
        double cutoff, q4, q6, w4, w6;
    };
    const std::vector<Case> cases{
        {model::lattice(Lattice::fcc, 4, {3, 3, 3}).frames[0], 3.4, 0.190941, 0.574524, -0.159317, -0.013161},
        {model::lattice(Lattice::hcp, 2.83, {4, 3, 3}).frames[0], 3.4, 0.097222, 0.484762, 0.134097, -0.012442},
        {cluster(icosahedron()), 2.0, 0, 0.663325, 0, -0.169754},
        {model::lattice(Lattice::bcc, 3, {3, 3, 3}).frames[0], 3.5, 0.036370, 0.510688, 0.159317, 0.013161},  // 14
        {model::lattice(Lattice::simple_cubic, 3, {3, 3, 3}).frames[0], 3.5, 0.763763, 0.353553, 0.159317, 0.013161},
    };
    for (const Case& c : cases) {
        const auto four = bond_order_of_atoms(c.frame, 4, BondNeighbours::cutoff, c.cutoff, false);
        const auto six = bond_order_of_atoms(c.frame, 6, BondNeighbours::cutoff, c.cutoff, false);
        EXPECT_NEAR(four.q[0], c.q4, 1e-6);
        EXPECT_NEAR(six.q[0], c.q6, 1e-6);
        if (c.q4 > 0) {
            EXPECT_NEAR(four.w[0], c.w4, 1e-6);
        }
        EXPECT_NEAR(six.w[0], c.w6, 1e-6);
    }
}

TEST(BondOrder, DoesNotDependOnOrientationAndAveragingKeepsACrystal) {
    // fcc in its primitive cell, turned about z, then about x, so that no m vanishes by symmetry. In a perfect crystal
    // the average over neighbours changes nothing.
    const auto times = [](const CellMatrix& a, const CellMatrix& b) {
        CellMatrix c{};
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j)
                for (std::size_t k = 0; k < 3; ++k) c[3 * i + j] += a[3 * i + k] * b[3 * k + j];
        return c;
    };
    const CellMatrix about_z{std::cos(0.7), -std::sin(0.7), 0, std::sin(0.7), std::cos(0.7), 0, 0, 0, 1};
    const CellMatrix about_x{1, 0, 0, 0, std::cos(0.4), -std::sin(0.4), 0, std::sin(0.4), std::cos(0.4)};
    AtomFrame turned;
    turned.box = times(about_x, times(about_z, {0, 2, 2, 2, 0, 2, 2, 2, 0}));
    turned.fractional = {0.2, 0.3, 0.4};
    for (const bool averaged : {false, true}) {
        const auto six = bond_order_of_atoms(turned, 6, BondNeighbours::cutoff, 3.4, averaged);
        const auto four = bond_order_of_atoms(turned, 4, BondNeighbours::cutoff, 3.4, averaged);
        EXPECT_NEAR(six.q[0], 0.574524, 1e-6);
        EXPECT_NEAR(six.w[0], -0.013161, 1e-6);
        EXPECT_NEAR(four.q[0], 0.190941, 1e-6);
        EXPECT_NEAR(four.w[0], -0.159317, 1e-6);
    }
}

TEST(BondOrder, VoronoiWeightsAreStableUnderNoise) {
    // bcc: 8 neighbours behind hexagons (area 3 sqrt(3)/16 a^2 each), 6 behind squares (a^2/8): weights by area.
    const Trajectory t = model::lattice(Lattice::bcc, 3, {4, 4, 4});
    const double hexagon = 3 * std::sqrt(3.0) / 16;
    const double square = 1.0 / 8;
    // For cubic symmetry q_4 is proportional to sum w (x^4 + y^4 + z^4 - 3/5): 1/3 - 3/5 and 1 - 3/5; a single shell of
    // 6 neighbours (2/5) has 0.763763.
    const double mean = (8 * hexagon * (1.0 / 3 - 0.6) + 6 * square * 0.4) / (8 * hexagon + 6 * square);
    const double expected = std::abs(mean) / 0.4 * 0.7637626;
    EXPECT_NEAR(bond_order_of_atoms(t.frames[0], 4, BondNeighbours::voronoi, 0, false).q[5], expected, 1e-6);
    const Trajectory noisy = model::perturbed(t, 0.003, 1, {4});
    EXPECT_NEAR(bond_order_of_atoms(noisy.frames[0], 4, BondNeighbours::voronoi, 0, false).q[5], expected, 0.01);
}

TEST(BondOrder, MeansHaveTheirCurvesAndThreadsDoNotMatter) {
    const Trajectory t = model::perturbed(model::lattice(Lattice::fcc, 4, {4, 4, 4}), 0.15, 6, {4});
    const auto with = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return bond_order(t);
    };
    const Findings one = with(1);
    const Findings two = with(2);
    ASSERT_EQ(one.estimates.size(), 4U);
    for (std::size_t k = 0; k < 4; ++k) EXPECT_EQ(one.estimates[k].value, two.estimates[k].value);
    EXPECT_GT(one.estimates[2].value, 0.3);
    EXPECT_LT(one.estimates[2].value, 0.5745);
    for (const Curve& c : one.curves) {
        double sum = 0;
        double mean = 0;
        for (std::size_t k = 0; k < c.size(); ++k) {
            sum += 0.01 * c.y[k];
            mean += 0.01 * c.y[k] * c.x[k];
        }
        EXPECT_NEAR(sum, 1, 1e-9);
        EXPECT_NEAR(mean, one.estimates[c.name == "bond_order_q4" ? 0 : 2].value, 0.005);
    }
    EXPECT_THROW((void)bond_order_of_atoms(t.frames[0], 13, BondNeighbours::cutoff, 3, false), InputError);
}

TEST(Coordination, CrystalsHaveTheirShells) {
    for (const auto& [kind, a, z, cutoff] :
         {std::tuple{Lattice::fcc, 4.0, 12.0, 0.0}, std::tuple{Lattice::simple_cubic, 3.0, 6.0, 0.0},
          std::tuple{Lattice::bcc, 3.0, 14.0, 3.6}}) {
        const Trajectory t = model::perturbed(model::lattice(kind, a, {5, 5, 5}), 0.02, 3, {4});
        CoordinationOptions options;
        options.cutoff = cutoff;
        const Coordination c = coordination(t, options);
        EXPECT_NEAR(find(c.estimates, "coordination_number").value, z, 1e-9);
        EXPECT_NEAR(c.curves[0].y[static_cast<std::size_t>(z)], 1, 1e-12);
    }
    // Half a cell is too short for a first minimum.
    EXPECT_THROW((void)coordination(model::lattice(Lattice::fcc, 4, {1, 1, 1})), InputError);
}

TEST(Coordination, OrderedAndRandomAlloys) {
    // B2 with the first shell of 8: all neighbours unlike, alpha_AB = 1 - 1/0.5 = -1, alpha_AA = 1.
    Trajectory t = model::lattice(Lattice::b2, 3, {6, 6, 6});
    CoordinationOptions options;
    options.cutoff = 2.8;
    Coordination c = coordination(t, options);
    EXPECT_NEAR(find(c.estimates, "coordination_number", "pair AB").value, 8, 1e-12);
    EXPECT_NEAR(find(c.estimates, "coordination_number", "pair AA").value, 0, 1e-12);
    EXPECT_NEAR(find(c.estimates, "warren_cowley", "pair AB").value, -1, 1e-12);
    EXPECT_NEAR(find(c.estimates, "warren_cowley", "pair AA").value, 1, 1e-12);
    EXPECT_NEAR(find(c.estimates, "coordination_number", "centre A").value, 8, 1e-12);
    // Both shells: 8 unlike and 6 alike.
    options.cutoff = 3.2;
    c = coordination(t, options);
    EXPECT_NEAR(find(c.estimates, "warren_cowley", "pair AB").value, 1 - 8 / 14.0 / 0.5, 1e-12);
    // Species at random on the lattice: 0 within 5 standard errors, 1/sqrt(bonds = 432 8/2) = 0.024.
    Stream stream({5}, Purpose::test, 0);
    std::size_t b = 0;
    for (int& s : t.species) b += static_cast<std::size_t>(s = static_cast<int>(stream() >> 63));
    options.cutoff = 2.8;
    c = coordination(t, options);
    EXPECT_NEAR(find(c.estimates, "warren_cowley", "pair AB").value, 0, 0.12);
    EXPECT_NE(b, 216U);
}

TEST(Connections, CloseShellsShareTheirKnownAtoms) {
    // fcc, bonds of length d: second-shell pairs at sqrt(2) d share 4 atoms, at sqrt(3) d share 2, at 2 d share 1;
    // there are 6, 24 and 12 of them. hcp also has sqrt(8/3) d (3 shared; 2 of the 44).
    const double d = 2.5;
    ConnectionOptions options;
    options.first_shell = 1.2 * d;
    options.second_shell = 2.1 * d;
    const Connections fcc = connections(model::lattice(Lattice::fcc, d * std::sqrt(2.0), {5, 5, 5}), options);
    const auto at = [&](const Connections& c, const char* quantity, int n) -> const Estimate& {
        for (const Estimate& e : c.estimates)
            if (e.quantity == quantity && !e.abscissa.empty() && e.abscissa[0].index == n) return e;
        throw std::out_of_range("no such estimate");
    };
    EXPECT_NEAR(at(fcc, "connection_fraction", 1).value, 12 / 42.0, 1e-12);
    EXPECT_NEAR(at(fcc, "connection_fraction", 2).value, 24 / 42.0, 1e-12);
    EXPECT_NEAR(at(fcc, "connection_fraction", 4).value, 6 / 42.0, 1e-12);
    EXPECT_NEAR(at(fcc, "connection_distance", 1).value, 2 * d, 1e-9);
    EXPECT_NEAR(at(fcc, "connection_distance", 2).value, std::sqrt(3.0) * d, 1e-9);
    EXPECT_NEAR(at(fcc, "connection_distance", 4).value, std::sqrt(2.0) * d, 1e-9);
    EXPECT_EQ(at(fcc, "connection_fraction", 3).value, 0);
    EXPECT_EQ(at(fcc, "connection_distance", 3).status, Status::no_data);
    EXPECT_EQ(find(fcc.estimates, "unconnected_fraction").value, 0);
    const Connections hcp = connections(model::lattice(Lattice::hcp, d, {6, 4, 4}), options);
    EXPECT_NEAR(at(hcp, "connection_distance", 3).value, std::sqrt(8.0 / 3) * d, 1e-9);
    EXPECT_NEAR(at(hcp, "connection_fraction", 3).value, 2 / 44.0, 1e-12);
    // The shares by distance add up to one.
    double sum = 0;
    for (const Curve& c : fcc.curves)
        for (const double y : c.y) sum += y * options.bin;
    EXPECT_NEAR(sum, 1, 1e-12);
    options.second_shell = 1;
    EXPECT_THROW((void)connections(model::lattice(Lattice::fcc, 4, {5, 5, 5}), options), InputError);
}

TEST(Connections, EqualATwinOverAllTriplesAndThreadsDoNotMatter) {
    const Trajectory t = model::ideal_gas({12, 3, -2, 0, 11, 3, 0, 0, 11}, 70, 2, {4});
    ConnectionOptions options;
    options.first_shell = 3.0;
    options.second_shell = 4.9;
    std::map<std::size_t, double> pairs;
    const AtomFrame& f = t.frames[0];
    const auto between = [&](std::size_t i, std::size_t j) {  // shorter than half the cell: one image
        const Vector3 r = shortest_image(
            f.box, {f.fractional[3 * j] - f.fractional[3 * i], f.fractional[3 * j + 1] - f.fractional[3 * i + 1],
                    f.fractional[3 * j + 2] - f.fractional[3 * i + 2]});
        return std::hypot(r[0], r[1], r[2]);
    };
    for (std::size_t i = 0; i < 70; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            if (between(i, j) < 3.0 || between(i, j) >= 4.9) continue;
            std::size_t shared = 0;
            for (std::size_t k = 0; k < 70; ++k)
                if (k != i && k != j && between(i, k) < 3.0 && between(j, k) < 3.0) ++shared;
            pairs[shared] += 1;
        }
    double connected = 0;
    for (const auto& [n, count] : pairs) connected += n > 0 ? count : 0;
    Trajectory single = t;
    single.frames.resize(1);
    const Connections c = connections(single, options);
    for (const Estimate& e : c.estimates)
        if (e.quantity == "connection_fraction") {
            EXPECT_NEAR(e.value, pairs[static_cast<std::size_t>(e.abscissa[0].index)] / connected, 1e-12);
        }
    const auto with = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return connections(t, options);
    };
    const Connections one = with(1);
    const Connections two = with(2);
    for (std::size_t k = 0; k < one.estimates.size(); ++k) EXPECT_EQ(one.estimates[k].value, two.estimates[k].value);
}

}  // namespace
}  // namespace vitrum::analysis
