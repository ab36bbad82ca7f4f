// Static structure factor of a trajectory: direct sums at the wavevectors of the box, or the transform of g(r).
//
//   P_ab(q) = <Re rho_a rho_b^*>/N, rho_a = sum over atoms of species a of exp(i q.r)
//   total (number): S = sum_ab P_ab
//   Ashcroft-Langreth: S_ab = P_ab N/sqrt(N_a N_b), tends to 1 for a = b and to 0 else
//   Faber-Ziman: S_ab = 1 + (S_ab(AL) - delta_ab)/sqrt(c_a c_b), all tend to 1
//   x-ray: S = [sum_ab f_a f_b P_ab - (<f^2> - <f>^2)]/<f>^2, f at each wavevector's own q (Laue term taken off)
// Sources: Faber and Ziman, Phil. Mag. 11 (1965) 153; Ashcroft and Langreth, Phys. Rev. 156 (1967) 685.
#pragma once

#include <vector>

#include "vitrum/analysis/diffraction/sine_transform.hpp"
#include "vitrum/analysis/structure/frame_average.hpp"
#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct StructureFactorOptions {
    FrameChoice frames;
    double q_low = 0;     // [1/angstrom] 0: from the smallest wavevector of the box
    double q_high = 10;   // [1/angstrom]
    double q_bin = 0.05;  // [1/angstrom]
    // Of each bin at most so many wavevectors, evenly spaced in the list ordered by n; 0: all. For a crystal take all.
    std::size_t most_per_bin = 60;
};

using StructureFactor = Findings;

// Curves "structure_factor", "structure_factor_AL_CuZr" ..., "structure_factor_FZ_CuZr" ..., "structure_factor_xray";
// x: mean q of a bin's wavevectors; weight: how many. Estimate smallest_wavevector.
// Direct. A wavevector is whole numbers n, with each frame's own cell; it stands in the bin of its mean |q|. Bins with
// fewer than 3 wavevectors are joined with the next. Standard error: scatter of the wavevectors' time averages within
// a bin; it holds for isotropic samples and any number of frames, also one. Cost: one complex product per atom,
// wavevector and frame. Throws InputError for bad options or no wavevector in the range.
[[nodiscard]] StructureFactor structure_factor(const Trajectory& trajectory,
                                               const StructureFactorOptions& options = {});

struct TransformedStructureFactorOptions {
    FrameChoice frames;
    double bin = 0.02;  // [angstrom] of g(r), to half the smallest distance of faces
    ToWavevectorOptions transform;
};

// By transform of the partial g(r) (N - 1 normalisation): "structure_factor_transform",
// "structure_factor_transform_FZ_CuZr", "structure_factor_transform_xray". Errors: blocks of frames, propagated. The
// window is in error_method.
[[nodiscard]] StructureFactor transformed_structure_factor(const Trajectory& trajectory,
                                                           const TransformedStructureFactorOptions& options = {});

}  // namespace vitrum::analysis
