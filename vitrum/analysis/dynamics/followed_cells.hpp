// Cells of a run followed through the flips of a tilted box, and displacements between two of its frames.
//
// A code that shears a periodic cell takes other vectors of the same lattice where the tilt grows too large (LAMMPS: by
// a whole edge at half an edge), as others may at any time: h' = h K^-1, K of whole numbers, det K = 1. The followed
// cell h' K changes with the strain alone, and fractional coordinates in it, K^-1 s', with the motion of the atoms
// alone.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/data/trajectory.hpp"

namespace vitrum::analysis {

// Of a cell in one step; beyond one half the nearest image, of an atom or of a cell vector, is another one.
inline constexpr double longest_fractional_step = 0.4;

// Of each frame.
struct FollowedCells {
    std::vector<CellMatrix> box;        // [angstrom]
    std::vector<CellMatrix> to_box;     // s in `box` from s in the frame's own cell: whole numbers
    std::vector<CellMatrix> from_last;  // s in the frame's own cell from s in that of the frame before: whole numbers
    bool flips = false;                 // any of them is not the unit matrix
};

// From frame to frame, by the change of the cell that is nearest to whole numbers; where paths are known, by the one
// under which the atoms move least. Throws InputError where the cell changes too much between two frames to tell a flip
// from a strain.
[[nodiscard]] FollowedCells follow_cells(const Trajectory& trajectory);

// s - s(before) in the own cell of `frame`, of one atom, by its nearest image where the file was wrapped.
[[nodiscard]] Vector3 fractional_step(const Trajectory& trajectory, const FollowedCells& cells, std::size_t atom,
                                      std::size_t frame);

// s(to) - s(from) of each atom in the followed cells, atoms x 3. Of wrapped files step by step through the frames
// between; throws InputError where a step is longer than longest_fractional_step.
[[nodiscard]] std::vector<double> fractional_displacements(const Trajectory& trajectory, const FollowedCells& cells,
                                                           std::size_t from, std::size_t to);

// "'run' was wrapped and ...": an atom, by its place in the trajectory, moves too far before this frame.
[[noreturn]] void refuse_long_step(const Trajectory& trajectory, std::size_t atom, std::size_t frame);

// Product of the matrices.
[[nodiscard]] CellMatrix times(const CellMatrix& a, const CellMatrix& b);

}  // namespace vitrum::analysis
