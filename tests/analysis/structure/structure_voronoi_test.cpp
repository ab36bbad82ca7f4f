#include <cmath>
#include <numbers>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "vitrum/analysis/structure/voronoi.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/model/atoms/configurations.hpp"

namespace vitrum::analysis {
namespace {

using model::Lattice;

double share(const std::vector<VoronoiCell>& cells, const std::array<int, 4>& index, int faces) {
    double n = 0;
    for (const VoronoiCell& c : cells) n += c.index == index && c.faces == faces ? 1 : 0;
    return n / static_cast<double>(cells.size());
}

double total_volume(const std::vector<VoronoiCell>& cells) {
    double v = 0;
    for (const VoronoiCell& c : cells) v += c.volume;
    return v;
}

std::vector<VoronoiCell> cells_of(const Trajectory& t, const VoronoiThresholds& thresholds = {}) {
    return voronoi_cells(t.frames[0], {}, thresholds);
}

TEST(VoronoiCells, FrankKasperPhasesHaveTheirIndices) {
    // C15: 2/3 <0,0,12,0>, 1/3 <0,0,12,4>; A15: 1/4 <0,0,12,0>, 3/4 <0,0,12,2>. Also with noise, without thresholds.
    for (const double sigma : {0.0, 0.03}) {
        const auto c15 = cells_of(model::perturbed(model::lattice(Lattice::c15, 7, {2, 2, 2}), sigma, 1, {3}));
        EXPECT_NEAR(share(c15, {0, 0, 12, 0}, 12), 2.0 / 3, 1e-12) << sigma;
        EXPECT_NEAR(share(c15, {0, 0, 12, 4}, 16), 1.0 / 3, 1e-12) << sigma;
        const auto a15 = cells_of(model::perturbed(model::lattice(Lattice::a15, 5, {3, 3, 3}), sigma, 1, {3}));
        EXPECT_NEAR(share(a15, {0, 0, 12, 0}, 12), 0.25, 1e-12) << sigma;
        EXPECT_NEAR(share(a15, {0, 0, 12, 2}, 14), 0.75, 1e-12) << sigma;
        EXPECT_NEAR(total_volume(a15), 15.0 * 15 * 15, 1e-9);
    }
}

TEST(VoronoiCells, BccIsStableAndFccNeedsThresholds) {
    const auto bcc = cells_of(model::perturbed(model::lattice(Lattice::bcc, 3, {4, 4, 4}), 0.01, 1, {3}));
    EXPECT_EQ(share(bcc, {0, 6, 0, 8}, 14), 1);
    // fcc: corners where four faces meet split under any noise; edges below a tenth of the lattice constant are noise.
    const Trajectory noisy = model::perturbed(model::lattice(Lattice::fcc, 4, {4, 4, 4}), 0.004, 1, {3});
    EXPECT_LT(share(cells_of(noisy), {0, 12, 0, 0}, 12), 0.05);
    EXPECT_EQ(share(cells_of(noisy, {0.4, 0}), {0, 12, 0, 0}, 12), 1);
    // Dropping small faces alone leaves 12 faces, but the short edges between large ones stay.
    const auto by_face = cells_of(noisy, {0, 0.01});
    double faces = 0;
    for (const VoronoiCell& c : by_face) faces += c.faces;
    EXPECT_EQ(faces / static_cast<double>(by_face.size()), 12);
    EXPECT_LT(share(by_face, {0, 12, 0, 0}, 12), 0.05);
}

TEST(VoronoiCells, DroppedFaceTakesItsEdgesAlong) {
    // A tetragonal body-centred cell of c/a = 1.38, near fcc (sqrt 2): two small squares stay, 0.0056 of the surface;
    // dropping them takes an edge from four of the other faces each and turns <0,6,0,8> towards the rhombic <0,12,0,0>.
    Trajectory t = model::lattice(Lattice::bcc, 3, {4, 4, 4});
    t.frames[0].box[8] *= 1.38;
    const auto whole = cells_of(t);
    EXPECT_EQ(whole[0].faces, 14);
    std::vector<double> areas;
    for (const VoronoiFace& f : whole[0].face) areas.push_back(f.area / whole[0].surface);
    std::sort(areas.begin(), areas.end());
    ASSERT_LT(areas[1], 0.01);
    ASSERT_GT(areas[2], 0.03);
    const auto dropped = cells_of(t, {0, 0.01});
    EXPECT_EQ(dropped[0].faces, 12);
    int edges = 0;
    int before = 0;
    for (const VoronoiFace& f : whole[0].face) before += f.edges;
    for (const VoronoiFace& f : dropped[0].face) edges += f.edges;
    EXPECT_EQ(before - edges, 2 * (4 + 4));  // each square's own four edges, and one of each neighbour
    EXPECT_EQ(whole[0].volume, dropped[0].volume);
}

TEST(VoronoiCells, PoissonCellsHaveTheirExactMeans) {
    // 48 pi^2/35 + 2 = 15.5355 faces (Meijering), 144 pi^2/(24 pi^2 + 35) = 5.2276 edges. Standard deviation of the
    // number of faces 3.34: four configurations of 2000 give 0.037; limit at 5 of them.
    const Trajectory t = model::ideal_gas({22, 4, -3, 0, 20, 5, 0, 0, 18}, 2000, 4, {6});
    double faces = 0;
    double edges = 0;
    for (const AtomFrame& frame : t.frames) {
        const auto cells = voronoi_cells(frame, {}, {});
        EXPECT_NEAR(total_volume(cells), 22.0 * 20 * 18, 1e-6);
        for (const VoronoiCell& c : cells) {
            faces += c.faces;
            for (const VoronoiFace& f : c.face) edges += f.edges;
        }
    }
    using std::numbers::pi;
    EXPECT_NEAR(faces / 8000, 48 * pi * pi / 35 + 2, 0.19);
    EXPECT_NEAR(edges / faces, 144 * pi * pi / (24 * pi * pi + 35), 0.02);
}

TEST(VoronoiCells, RadicalFacesStandAtThePowerDistance) {
    Trajectory t = model::lattice(Lattice::b2, 3, {3, 3, 3});
    const std::vector<double> radius = radii_of_atoms(t, {{"A", 1.2}, {"B", 1.5}});
    const auto cells = voronoi_cells(t.frames[0], radius, {});
    EXPECT_NEAR(total_volume(cells), 27.0 * 27, 1e-9);
    // Planes to the 8 neighbours at d = 3 sqrt(3)/2 and to the 6 at 3 (halfway, equal radii): an octant is a cube of
    // edge 1.5 cut by x + y + z < s.
    const double d = 3 * std::sqrt(3.0) / 2;
    const double s = std::sqrt(3.0) * (d * d + 1.44 - 2.25) / (2 * d);
    const double exact = 8 * (s * s * s - 3 * std::pow(s - 1.5, 3)) / 6;
    EXPECT_NEAR(cells[0].volume, exact, 1e-9);
    EXPECT_NEAR(cells[1].volume, 27 - exact, 1e-9);
    // Equal radii are no radii.
    const std::vector<double> equal(t.atoms(), 1.4);
    EXPECT_NEAR(voronoi_cells(t.frames[0], equal, {})[0].volume, 13.5, 1e-9);
}

TEST(VoronoiCells, FacesAreSharedAndVolumesFillTheCellAlsoWithHoles) {
    // All atoms in one corner: far neighbours and own images have to be found. Radii of two sizes.
    Trajectory t = model::ideal_gas({20, 7, -6, 0, 18, 8, 0, 0, 16}, 60, 1, {9});
    for (double& s : t.frames[0].fractional) s *= 0.4;
    t.elements = {"Cu", "Zr"};
    for (std::size_t i = 0; i < 60; ++i) t.species[i] = i % 2 == 0 ? 1 : 0;
    for (const bool radical : {false, true}) {
        const std::vector<double> radius =
            radical ? radii_of_atoms(t, {{"Cu", 1.28}, {"Zr", 1.6}}) : std::vector<double>{};
        const auto cells = voronoi_cells(t.frames[0], radius, {});
        EXPECT_NEAR(total_volume(cells), 20.0 * 18 * 16, 1e-6);
        for (std::size_t i = 0; i < cells.size(); ++i)
            for (const VoronoiFace& f : cells[i].face) {
                if (f.area < 1e-6) continue;
                bool found = false;
                for (const VoronoiFace& g : cells[f.neighbour].face)
                    if (g.neighbour == i && std::abs(g.area - f.area) < 1e-6 &&
                        std::abs(g.vector[0] + f.vector[0]) < 1e-9)
                        found = true;
                EXPECT_TRUE(found) << i << " " << f.neighbour << " " << f.area;
            }
    }
}

TEST(Voronoi, StatisticsOfAPhaseAreThoseOfItsCells) {
    const Trajectory t = model::perturbed(model::lattice(Lattice::c15, 7, {2, 2, 2}), 0.02, 5, {3});
    VoronoiOptions options;
    options.radii = {{"A", 1.4}, {"B", 1.4}};
    const Voronoi v = voronoi(t, options);
    std::size_t seen = 0;
    for (const Estimate& e : v.estimates) {
        const std::string centre = e.abscissa.empty() ? "" : e.abscissa.back().label();
        if (e.quantity == "icosahedra_fraction") {
            EXPECT_NEAR(e.value, centre.empty() ? 2.0 / 3 : centre == "centre A" ? 1 : 0, 1e-12);
            ++seen;
        }
        if (e.quantity == "voronoi_index_fraction" && e.abscissa.size() == 1 && e.abscissa[0].index == 1) {
            EXPECT_EQ(e.abscissa[0].name, "<0,0,12,4>");
            EXPECT_NEAR(e.value, 1.0 / 3, 1e-12);
            ++seen;
        }
        if (e.quantity == "free_volume") {
            EXPECT_NEAR(e.value, 343.0 / 24 - 4 * std::numbers::pi / 3 * std::pow(1.4, 3), 1e-9);
            ++seen;
        }
        if (e.quantity == "voronoi_edges") {
            EXPECT_NEAR(e.value, (16 * 60 + 8 * 84) / (16.0 * 12 + 8 * 16), 1e-12);
            ++seen;
        }
    }
    EXPECT_EQ(seen, 6U);
    double sum = 0;
    for (const double y : v.curves[0].y) sum += y * options.volume_bin;
    EXPECT_NEAR(sum, 1, 1e-12);
    options.radii = {{"A", 1.4}};
    EXPECT_THROW((void)voronoi(t, options), InputError);
    options.radii = {{"A", 1.4}, {"C", 1}};
    EXPECT_THROW((void)voronoi(t, options), InputError);
}

TEST(Voronoi, ThreadsDoNotMatter) {
    const Trajectory t = model::ideal_gas({22, 4, -3, 0, 20, 5, 0, 0, 18}, 1200, 3, {6});
    const auto with = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return voronoi_cells(t.frames[0], {}, {0.1, 0.01});
    };
    const auto one = with(1);
    const auto two = with(2);
    for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_EQ(one[i].volume, two[i].volume);
        EXPECT_EQ(one[i].index, two[i].index);
    }
}

}  // namespace
}  // namespace vitrum::analysis
