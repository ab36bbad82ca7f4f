// String-like motion (Donati et al. 1998, Phys. Rev. Lett. 80, 2338): mobile atoms that take each other's places.
// Mobile: the given share of atoms with the largest displacement over the lag. Two of them belong to one string if
//   min(|r_i(t0) - r_j(t0 + t)|, |r_j(t0) - r_i(t0 + t)|) < delta,  nearest images
// and strings are the connected sets; a lone mobile atom is a string of 1. Random mobile atoms link by chance, with
// 2 (4 pi/3) delta^3 / V per pair: compare with the mean length of as many atoms placed at random, given in the note.
#pragma once

#include <cstddef>

#include "vitrum/analysis/dynamics/jackknife.hpp"
#include "vitrum/analysis/dynamics/paths.hpp"

namespace vitrum::analysis {

struct StringOptions {
    PathOptions paths;
    std::size_t lag = 0;  // [frames] 0: a tenth of the run; usually that of the largest alpha2 or chi4
    double mobile_share = 0.05;
    double reach = 1.5;        // [angstrom] delta; about 0.55 of the nearest distance in CuZr
    std::size_t origins = 50;  // most origins, spread over the run
};

// Curve string_length_distribution (share of the strings that have n atoms) and estimate string_length, jackknife over
// blocks of origins. Throws InputError: lag beyond the run, share outside (0, 1], reach not positive.
[[nodiscard]] Findings string_motion(const Paths& paths, const StringOptions& options);
[[nodiscard]] Findings string_motion(const Trajectory& trajectory, const StringOptions& options = {});

}  // namespace vitrum::analysis
