// Voronoi cells of all atoms of one configuration, plain or radical, in any periodic cell.
//
// Plain: a face is halfway between two atoms. Radical (Gellatly and Finney, J. Non-Cryst. Solids 50 (1982) 313): at a
// distance (d^2 + R_i^2 - R_j^2)/(2 d) from atom i. Faces and edges come from planes cut by voro++ (Rycroft, Chaos 19
// (2009) 041111); which neighbours cut is found by cell lists, so tilted and small cells need nothing special.
//
// Thresholds: an edge shorter than edge_threshold shrinks to a point; a face smaller than face_threshold times the
// surface of its cell shrinks to a point, and its neighbours lose the edge they shared with it. Edges are counted after
// that; a face left with fewer than 3 is dropped. Volumes and areas are those before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/data/trajectory.hpp"

namespace vitrum::analysis {

struct VoronoiThresholds {
    double edge = 0;  // [angstrom]
    double face = 0;  // of the surface of the cell
};

struct VoronoiFace {
    std::uint32_t neighbour = 0;
    int edges = 0;     // after the thresholds; 0: dropped
    double area = 0;   // [angstrom^2]
    Vector3 vector{};  // [angstrom] to the image of the neighbour behind the face
};

struct VoronoiCell {
    double volume = 0;              // [angstrom^3]; 0: no cell of its own, which only large radii can do
    double surface = 0;             // [angstrom^2]
    std::array<int, 4> index{};     // <n3, n4, n5, n6>: faces with 3, 4, 5, 6 edges
    int faces = 0;                  // that were not dropped, those with more than 6 edges included
    std::vector<VoronoiFace> face;  // of all neighbours, dropped ones included

    // <0,0,12,0> and no other face.
    [[nodiscard]] bool icosahedron() const { return faces == 12 && index[2] == 12; }
};

// radius [angstrom] of each atom; empty: plain. Parallel over blocks of atoms, same bits for any threads. Throws
// InputError: radii of another number or negative, thresholds negative, fewer than 1 atom.
[[nodiscard]] std::vector<VoronoiCell> voronoi_cells(const AtomFrame& frame, std::span<const double> radius,
                                                     const VoronoiThresholds& thresholds);

}  // namespace vitrum::analysis
