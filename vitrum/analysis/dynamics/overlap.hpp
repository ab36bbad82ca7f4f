// Overlap Q(t) = mean over atoms of Theta(a - |r_j(t0 + t) - r_j(t0)|) and its susceptibility chi4 = N (<Q^2> - <Q>^2)
// (Lacevic, Starr, Schroder, Glotzer 2003, J. Chem. Phys. 119, 7372; self part), co-moving displacements.
//
// What the angle brackets run over is a choice that changes the number:
//   runs     variance over independent runs at equal origin, averaged over the origins; unbiased for every lag
//   origins  variance over the time origins of one run; windows that overlap share their motion, so it falls to 0 at
//            the longest lag whatever the dynamics, and is too low from lags of a tenth of the run on
// Independent atoms give w (1 - w), w = <Q>; rigid blocks of M atoms M w (1 - w).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vitrum/analysis/dynamics/jackknife.hpp"
#include "vitrum/analysis/dynamics/paths.hpp"

namespace vitrum::analysis {

struct OverlapOptions {
    PathOptions paths;
    LagOptions lags;
    double radius = 1;  // [angstrom] a; about 0.35 of the nearest distance in CuZr
};

// Atoms that are within a of their place, for every lag and origin of one run.
struct OverlapCounts {
    std::size_t atoms = 0;
    double interval = 0;  // [s]
    double radius = 0;    // [angstrom]
    std::vector<std::size_t> lags;
    std::vector<std::vector<std::uint32_t>> inside;  // lags x origins
};

// Throws InputError: radius not positive.
[[nodiscard]] OverlapCounts overlap_counts(const Paths& paths, const LagOptions& lags, double radius);

// Curves overlap and overlap_susceptibility against lag [s]; estimates overlap_peak and overlap_peak_time [s] with
// status decay_not_reached where the largest is the last lag, not_resolved where it is the first.
// One run: over origins, errors by jackknife over blocks of origins. Several: over runs, jackknife over runs; throws
// InputError where runs differ in atoms, lags or radius.
[[nodiscard]] Findings overlap(std::span<const OverlapCounts> runs);
[[nodiscard]] Findings overlap(const Trajectory& trajectory, const OverlapOptions& options = {});

}  // namespace vitrum::analysis
