// How coordination polyhedra are connected: the atoms that two atoms of a second shell share.
//
// Two atoms farther apart than the first shell and nearer than the end of the second share n atoms that are in the
// first shell of both. n = 1, 2, 3, 4: polyhedra joined by a corner, an edge, a face, or a distorted square or two
// tetrahedra; for equal bonds r1 the distance is 2, sqrt(3), sqrt(8/3), sqrt(2) times r1 (n = 3 and 4 in close
// packing). Source: Ding, Ma, Asta, Ritchie, Sci. Rep. 5 (2015) 17429.
#pragma once

#include <vector>

#include "vitrum/analysis/structure/frame_average.hpp"
#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct ConnectionOptions {
    FrameChoice frames;
    double first_shell = 0;   // [angstrom] 0: first minimum of g(r)
    double second_shell = 0;  // [angstrom] end of the second shell; 0: second minimum of g(r)
    double bin = 0.05;        // [angstrom] of the distance curves
};

// Estimates connection_fraction and connection_distance by the coordinate "shared atoms" 1 .. 4: share of the
// second-shell pairs that share at least one atom, and their mean distance. unconnected_fraction: share of all
// second-shell pairs without a shared atom. Curves "second_shell_distances_1" ... "_4": share of connected pairs per
// angstrom; they add up to one.
struct Connections : Findings {
    double first_shell = 0, second_shell = 0;  // [angstrom]
};

// Pairs that share 5 or more atoms count as connected and in no curve. Errors: blocks of frames. Throws InputError
// where a shell is not given and g(r) has no minimum there within its range, or the second does not end after the
// first.
[[nodiscard]] Connections connections(const Trajectory& trajectory, const ConnectionOptions& options = {});

}  // namespace vitrum::analysis
