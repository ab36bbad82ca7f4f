// Cage jumps by the separation of the two halves of a window of the path (Candelier et al. 2010, Phys. Rev. Lett. 105,
// 135702; Smessaert and Rottler 2013, Phys. Rev. E 88, 022314):
//   p_hop(t) = sqrt( <|r - <r>_B|^2>_A <|r - <r>_A|^2>_B ),  A the h frames before t, B the h frames from t on
// A hop is a time at which p_hop exceeds the threshold and no larger value lies within h frames (the first of equals).
// A jump of length l between cages of width sigma per component gives p_hop near l^2 + 3 sigma^2; of two jumps nearer
// than h frames one is seen. Without hops p_hop is near 3 sigma^2; for h = 1 it is |r(t) - r(t-1)|^2.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/analysis/dynamics/jackknife.hpp"
#include "vitrum/analysis/dynamics/paths.hpp"
#include "vitrum/core/atoms/cell.hpp"

namespace vitrum::analysis {

struct HopOptions {
    PathOptions paths;
    std::size_t half_window = 10;  // [frames] h: longer than the motion in the cage, shorter than the stay in it
    double threshold = 1;          // [angstrom^2] of p_hop
};

struct Hop {
    std::size_t atom = 0;    // index in the trajectory
    std::size_t frame = 0;   // the first after the hop
    double p = 0;            // [angstrom^2]
    Vector3 displacement{};  // [angstrom] between the mean positions of the two halves
};

struct HopResult {
    std::vector<Hop> hops;  // by atom, then time
    Findings result;
};

// p_hop [angstrom^2] of one path, frames x 3 [angstrom], at frames h .. frames - h; fewer than 2h frames: empty.
[[nodiscard]] std::vector<double> hop_signal(const std::vector<Vector3>& path, std::size_t half_window);

// Curve hop_length_distribution (density over length [angstrom]); estimates hop_rate [1/s] and hop_length [angstrom],
// jackknife over groups of atoms; no_data without hops. Throws InputError: half_window 0 or beyond half the run.
[[nodiscard]] HopResult find_hops(const Paths& paths, const HopOptions& options);
[[nodiscard]] HopResult find_hops(const Trajectory& trajectory, const HopOptions& options = {});

}  // namespace vitrum::analysis
