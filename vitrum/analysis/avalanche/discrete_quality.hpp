// Does a discrete power law hold? Anderson and Darling's A^2 for counts (Choulakian, Lockhart, Stephens 1994, Can. J.
// Statist. 22, 125): with Z_j the number of sizes up to the end of cell j less n H_j, H_j their probability and p_j
// that of the cell,
//   A^2 = sum over cells but the last of Z_j^2 p_j / (n H_j (1 - H_j)).
// A cell is one size, or 5 % of it where that is more than one; the last is open, a tenth of a size is expected in it.
// Its distribution depends on the exponent and on k_min, so it is drawn: sizes of the fitted law, fitted again, until
// ten draws reach the statistic, at most 2000 of them (or 2 over the level; Besag and Clifford 1991, Biometrika 78,
// 301). p is then (reached)/(draws), or (reached + 1)/(draws + 1) at the end: true laws have no smaller p than they
// should, but for what the exponent's own error does. Where none of 100 draws comes near, ln p goes on as the statistic
// does.
#pragma once

#include <span>

#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

// sizes: whole numbers from k_min on, not all equal to it; alpha: their maximum likelihood. The draws depend on the
// sizes alone. Fewer than 5: no test.
[[nodiscard]] FitQuality discrete_quality(std::span<const double> sizes, double k_min, double alpha, double level);

}  // namespace vitrum::analysis
