// Pressure at which tau is longest, where the apparent activation volume changes sign (Zhang et al. 2023), two ways:
//   crossover_pressure           maximum of the law of two wells that cross, fitted to ln tau(P):
//                                ln tau = a + v P - ln cosh(w (P - P_x)), maximum at P_x + atanh(v/w)/w
//   crossover_pressure_parabola  vertex of the parabola through the longest tau and its two neighbours
// v = dV/kT, w = Omega/(2 kT). The law is a null model of a peak, not a proof of two wells; the parabola assumes less
// and is biased where the branches are straight: its error holds how far the cubics through one more point on either
// side move the top, or another tau less than two errors shorter if it were the longest, whichever is more.
//
// crossover_p: chi^2 of the law through all points. crossover_parabola_p: chi^2 of one parabola through the longest tau
// and up to two points on either side.
#pragma once

#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

// tau: x = pressure [GPa], y = tau in any one time unit, y_error. Points need not be sorted; those that are not finite
// or have no error are left out. The law needs five points, the parabola three. no_data: too few points, or the longest
// tau at an end of the range. at_bound: the fitted maximum lies outside the points. not_resolved: standard error larger
// than half of the range (of the three points for the parabola). law_rejected: p below the level. Throws
// InputError: two values at one pressure.
// Rows: crossover_pressure, crossover_pressure_parabola, crossover_p, crossover_parabola_p.
[[nodiscard]] std::vector<Estimate> crossover_pressure(const Curve& tau, double level = rejection_level);

// The parabola's row alone.
[[nodiscard]] Estimate crossover_parabola(const Curve& tau, double level = rejection_level);

}  // namespace vitrum::analysis
