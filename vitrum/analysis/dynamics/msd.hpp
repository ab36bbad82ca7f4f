// Mean squared displacement <r^2>(t) and the non-Gaussian parameter alpha2 = 3 <r^4> / (5 <r^2>^2) - 1 (Rahman 1964),
// over all atoms and time origins, of all atoms and of each element; co-moving displacements (paths.hpp).
//
// Errors: jackknife over groups of atoms, dealt out in turn. They cover one run's scatter between atoms and take atoms
// as independent; motion that atoms share, such as drift, is not in them.
// Cost: one pass over the paths per lag, in cache.
#pragma once

#include "vitrum/analysis/dynamics/jackknife.hpp"
#include "vitrum/analysis/dynamics/paths.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct MsdOptions {
    PathOptions paths;
    LagOptions lags;
    double rejection_level = vitrum::rejection_level;  // of p of msd = c + 6 D t
};

// Curves msd [angstrom^2] and non_gaussian against lag [s], then msd_Cu, non_gaussian_Cu ... of each element present.
// Estimates:
//   diffusion_coefficient [angstrom^2/s]  a sixth of the slope between half the longest lag and the longest;
//                         not_resolved where the msd rises there more slowly than t^0.8 or faster than t^1.25: not
//                         diffusive; law_rejected where it is no straight line
//   diffusion_p           of the straight line through all lags of that half, under their covariance
//   non_gaussian_peak, non_gaussian_peak_time [s]  largest alpha2 and its lag; not_resolved at the first or last lag
[[nodiscard]] Findings msd(const Paths& paths, const LagOptions& lags, double level = rejection_level);
[[nodiscard]] Findings msd(const Trajectory& trajectory, const MsdOptions& options = {});

}  // namespace vitrum::analysis
