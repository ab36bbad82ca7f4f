// Paths of the atoms without jumps at the cell's edges, laid out for sums over many pairs of frames.
//
// Co-moving positions: r(t) = h_ref s(t), h_ref the cell of the first frame, s(t) = s(0) + sum of the fractional steps.
// In a cell that changes, the affine part of the motion is not in them: frozen atoms stand still under compression and
// shear. Flips of a tilted box are followed (followed_cells.hpp).
//
// Atoms stand element by element in blocks of path_lanes; the last block of an element is filled up with atoms at rest
// at 0, which `members` leaves out. Sums over a block's lanes, then over blocks in order: same bits for any threads.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vitrum/core/data/trajectory.hpp"

namespace vitrum::analysis {

inline constexpr std::size_t path_lanes = 16;

struct PathOptions {
    // Take off the displacement of the centre of mass since the first frame (equal masses where none are given).
    bool remove_drift = false;
};

struct Paths {
    std::size_t frames = 0;
    std::size_t atoms = 0;
    double interval = 0;          // [s] between frames
    CellMatrix reference{};       // [angstrom] h_ref
    std::vector<CellMatrix> box;  // [angstrom] of each frame, followed through flips
    bool constant_cell = true;    // all cells are the same
    std::vector<std::string> elements;
    std::vector<std::size_t> members;  // atoms in each block
    std::vector<std::size_t> species;  // of each block
    std::vector<std::size_t> atom;     // blocks x lanes: index in the trajectory; of the filling: atoms
    std::vector<double> s;             // blocks x frames x 3 x lanes: unwrapped fractional coordinates

    [[nodiscard]] std::size_t blocks() const { return members.size(); }
    // 3 x lanes
    [[nodiscard]] const double* at(std::size_t block, std::size_t frame) const {
        return s.data() + (block * frames + frame) * 3 * path_lanes;
    }
    // One block's positions h_ref s [angstrom], frames x 3 x lanes.
    [[nodiscard]] std::vector<double> positions(std::size_t block) const;
};

// Throws InputError: fewer than two frames, frames that are not at equal intervals (which two), wrong sizes, a cell
// that cannot be followed, and, where the file was wrapped, a step longer than 0.4 of the cell: beyond one half its
// nearest image is another one.
[[nodiscard]] Paths paths_of(const Trajectory& trajectory, const PathOptions& options = {});

struct LagOptions {
    std::size_t longest = 0;        // [frames] 0: half of the run
    std::size_t per_decade = 12;    // lags spaced evenly in ln t, rounded to whole frames; 0: every lag
    std::size_t origin_stride = 1;  // [frames] between time origins
};

// Lags in frames, increasing, from 1. Throws InputError: longest reaches beyond the run, a stride of 0.
[[nodiscard]] std::vector<std::size_t> lags_of(std::size_t frames, const LagOptions& options);

// Number of origins of a lag.
[[nodiscard]] inline std::size_t origins_of(std::size_t frames, std::size_t lag, std::size_t stride) {
    return lag < frames ? (frames - lag - 1) / stride + 1 : 0;
}

}  // namespace vitrum::analysis
