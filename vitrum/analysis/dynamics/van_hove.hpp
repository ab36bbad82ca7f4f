// Van Hove functions at a few lags (van Hove 1954, Phys. Rev. 95, 249), co-moving positions:
//   self      4 pi r^2 G_s(r,t) [1/angstrom]: density of the distances |r_j(t0 + t) - r_j(t0)|
//   distinct  G_d(r,t)/rho0: pairs i != j at distance |r_j(t0 + t) - r_i(t0)|, over their number in an ideal gas of
//             N - 1 others; at t = 0 it is g(r), at long times 1
// Errors: jackknife over groups of atoms (self), over blocks of origins (distinct).
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/analysis/dynamics/jackknife.hpp"
#include "vitrum/analysis/dynamics/paths.hpp"

namespace vitrum::analysis {

struct VanHoveOptions {
    PathOptions paths;
    std::vector<std::size_t> lags;      // [frames] empty: five spaced evenly in ln t up to half of the run
    double r_max = 8;                   // [angstrom]
    double bin = 0.05;                  // [angstrom]
    std::size_t origin_stride = 1;      // [frames] of the self part
    std::size_t distinct_origins = 20;  // most origins of the distinct part, spread over the run
};

// Curves van_hove_self_K and van_hove_distinct_K against r [angstrom], K the lag in frames. Distances of r_max and
// beyond are left out of the curves, not of their normalisation. Throws InputError: lags of 0 or beyond the run (0 is
// allowed for the distinct part alone: it is g(r)), bins that mean nothing.
[[nodiscard]] Findings van_hove_self(const Paths& paths, const VanHoveOptions& options);
[[nodiscard]] Findings van_hove_distinct(const Paths& paths, const VanHoveOptions& options);
[[nodiscard]] Findings van_hove(const Trajectory& trajectory, const VanHoveOptions& options = {});

}  // namespace vitrum::analysis
