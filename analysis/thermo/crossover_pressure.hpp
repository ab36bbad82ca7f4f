// Pressure at which tau is longest, where the apparent activation volume changes sign (Zhang et al. 2023), two ways:
//   crossover_pressure           maximum of the law of two wells that cross, fitted to ln tau(P):
//                                ln tau = a + v P - ln cosh(w (P - P_x)), maximum at P_x + atanh(v/w)/w
//   crossover_pressure_parabola  vertex of the parabola through the longest tau and its two neighbours
// v = dV/kT, w = Omega/(2 kT). The law is a null model of a peak, not a proof of two wells; the parabola assumes less
// and is biased where the branches are straight.
#pragma once

#include <vector>

#include "core/curve.hpp"
#include "core/estimate.hpp"

namespace vitrum::analysis {

// tau: x = pressure [GPa], y = tau in any one time unit, y_error. Points need not be sorted; those that are not finite
// or have no error are left out. The law needs five points, the parabola three. no_data: too few points, or the longest
// tau at an end of the range. at_bound: the fitted maximum lies outside the points. not_resolved: standard error larger
// than half of the range. Throws InputError: two values at one pressure.
[[nodiscard]] std::vector<Estimate> crossover_pressure(const Curve& tau);

}  // namespace vitrum::analysis
