// Coordination numbers and chemical short-range order.
//
//   Z_ab = mean number of atoms b within the cutoff of an atom a;  Z_a = sum_b Z_ab;  Z = sum_a c_a Z_a
//   Warren-Cowley: alpha_ab = 1 - Z_ab/(c_b Z_a), 0 for a random mixture (Cowley, J. Appl. Phys. 21 (1950) 24).
// One cutoff for all pairs: given, or the first minimum of the total g(r) over the chosen frames (shells.hpp).
#pragma once

#include <vector>

#include "vitrum/analysis/structure/frame_average.hpp"
#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct CoordinationOptions {
    FrameChoice frames;
    double cutoff = 0;  // [angstrom] 0: first minimum of g(r)
};

// Estimates coordination_number of all atoms, of each element ("centre Cu") and of each ordered pair ("pair CuZr": Zr
// around Cu); warren_cowley ("pair CuZr"); coordination_cutoff. Curve "coordination_distribution": share of atoms with
// Z neighbours.
struct Coordination : Findings {
    double cutoff = 0;  // [angstrom]
};

// Errors: blocks of frames, at a fixed cutoff. Throws InputError if g(r) has no first minimum within the data and no
// cutoff is given.
[[nodiscard]] Coordination coordination(const Trajectory& trajectory, const CoordinationOptions& options = {});

// The cutoff asked for, or the first minimum of g(r) of the chosen frames; InputError as above.
[[nodiscard]] double first_shell_cutoff(const Trajectory& trajectory, const FrameChoice& frames, double wanted);

}  // namespace vitrum::analysis
