// Bond-orientational order parameters.
//
//   q_lm(i) = sum_j w_ij Y_lm(r_ij),  sum_j w_ij = 1;   q_l(i) = sqrt(4 pi/(2l + 1) sum_m |q_lm|^2)
//   w_l(i) = sum over m1 + m2 + m3 = 0 of (l l l; m1 m2 m3) q_lm1 q_lm2 q_lm3 / (sum_m |q_lm|^2)^(3/2)
//   averaged: the same with q_lm replaced by its mean over i and its neighbours.
// Neighbours: atoms within a cutoff (equal weights), or those behind Voronoi faces (weights: share of the surface).
// Sources: Steinhardt, Nelson, Ronchetti, Phys. Rev. B 28 (1983) 784; Lechner and Dellago, J. Chem. Phys. 129 (2008)
// 114707; Mickel et al., J. Chem. Phys. 138 (2013) 044501 (Voronoi weights).
#pragma once

#include <string_view>
#include <vector>

#include "vitrum/analysis/structure/frame_average.hpp"
#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

enum class BondNeighbours { cutoff, voronoi };
[[nodiscard]] std::string_view name(BondNeighbours neighbours);
[[nodiscard]] BondNeighbours bond_neighbours_from(std::string_view text);  // InputError

struct BondOrderOptions {
    FrameChoice frames;
    std::vector<int> l{4, 6};
    BondNeighbours neighbours = BondNeighbours::cutoff;
    double cutoff = 0;      // [angstrom] 0: first minimum of g(r)
    bool averaged = false;  // over the neighbours too
    double bin = 0.01;      // of the distributions
};

// Of each atom; NaN for one without neighbours, and w where q is 0: neither is defined there.
struct BondOrderOfAtoms {
    std::vector<double> q, w;
};
// l from 0 to 12. Parallel over blocks of atoms. cutoff > 0 if neighbours are taken by cutoff.
[[nodiscard]] BondOrderOfAtoms bond_order_of_atoms(const AtomFrame& frame, int l, BondNeighbours neighbours,
                                                   double cutoff, bool averaged);

// Estimates bond_order_q, bond_order_w: means over the atoms where they are defined, by the coordinate "l"; the note
// counts the others. Curves "bond_order_q4", "bond_order_q6": density of values over these atoms.
// Errors: blocks of frames. Throws InputError for l outside 0 .. 12, a bin that is not positive, no cutoff found.
[[nodiscard]] Findings bond_order(const Trajectory& trajectory, const BondOrderOptions& options = {});

}  // namespace vitrum::analysis
