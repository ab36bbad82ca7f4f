// Motion between two configurations that no local affine map explains (Falk and Langer 1998, Phys. Rev. E 57, 7192):
//   D2min = min over J of sum over neighbours of |r - J r0|^2
// r0, r from an atom to its neighbours before and after; neighbours are those within r_c before. J = X Y^-1,
// X = sum r r0^T, Y = sum r0 r0^T. Given as the sum of the paper and per neighbour. The local strain is that of Green,
// (J^T J - 1)/2, and its von Mises invariant (Shimizu, Ogata, Li 2007, Mater. Trans. 48, 2923).
//
// An affine deformation of the cell drops out. Independent noise sigma on each coordinate after gives 3 sigma^2 (2n -
// 3) for a centrosymmetric shell of n: thermal vibration, which inherent structures do not have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vitrum/analysis/dynamics/jackknife.hpp"
#include "vitrum/core/data/trajectory.hpp"

namespace vitrum::analysis {

struct NonaffineOptions {
    double cutoff = 3.8;     // [angstrom] r_c; the first minimum of g(r) of CuZr glasses
    double threshold = 0.3;  // [angstrom^2] of D2min per neighbour: atoms above it count as rearranged
    std::size_t reference = 0;
    std::size_t current = static_cast<std::size_t>(-1);  // -1: the last frame
};

// Each value for every atom; NaN where fewer than three neighbours, or neighbours in one plane, define no J.
struct Nonaffine {
    std::vector<double> sum;            // [angstrom^2] D2min
    std::vector<double> per_neighbour;  // [angstrom^2]
    std::vector<double> shear;          // von Mises invariant of the Green strain
    std::vector<double> volumetric;     // a third of its trace
    std::vector<std::uint32_t> neighbours;
    std::size_t above = 0;  // atoms with D2min per neighbour above the threshold
};

// Atoms and cell are followed through the frames between the two. Throws InputError: frames that are not there, cutoff
// not positive, a wrapped file or a cell that cannot be followed. Parallel over atoms.
[[nodiscard]] Nonaffine nonaffine_motion(const Trajectory& trajectory, const NonaffineOptions& options = {});

// Curve nonaffine_exceedance (share of atoms whose D2min per neighbour is above x [angstrom^2]) and estimates
// nonaffine_mean, nonaffine_share, shear_strain_mean; errors take atoms as independent, which neighbours are not.
[[nodiscard]] Findings nonaffine(const Trajectory& trajectory, const NonaffineOptions& options = {});

// Between each frame and the next, as of a quasistatic path: curve rearranged_atoms (atoms whose D2min per neighbour is
// above the threshold, against Trajectory::along or the step), a catalogue "rearrangements" of the steps with any
// (size: their number) and drop_participation, its mean with its standard error (no_data without any). The options'
// frames are not used. Throws InputError as nonaffine_motion, and with fewer than two frames.
[[nodiscard]] Findings nonaffine_steps(const Trajectory& trajectory, const NonaffineOptions& options = {});

}  // namespace vitrum::analysis
