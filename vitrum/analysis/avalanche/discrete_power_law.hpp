// Exponent of a discrete power law p(k) = k^-alpha/zeta(alpha, k_min), k = k_min, k_min + 1, ..., by maximum likelihood
// (Clauset, Shalizi, Newman 2009, SIAM Rev. 51, 661, eq. 3.5): zeta(alpha, q) = sum over k >= q of k^-alpha is
// Hurwitz's zeta function. Sizes are whole multiples of a step; the continuous formula is wrong for them where x_min is
// not many steps: 4.40 for alpha = 2.5 from x_min = 1.
//
// T = sum ln(k/k_min) is sufficient; with its cumulants per size m(alpha), v(alpha), c(alpha):
//   m(alpha) = T/n                               maximum likelihood
//   alpha - c/(2 n v^2)                          without the bias of first order
//   1/sqrt((n-1) v)                              standard error
//   limits: alpha at which T is a quantile of its distribution, Gamma with the first three cumulants of T
// Whether the law holds: discrete_quality.hpp.
// For k_min -> infinity all of them become those of power_law.hpp, exactly.
#pragma once

#include <span>

#include "vitrum/analysis/avalanche/power_law.hpp"

namespace vitrum::analysis {

// Moments about 0 of y = ln(k/q) under the law, and Hurwitz's zeta times q^alpha.
struct DiscreteMoments {
    double zeta = 0;  // q^alpha zeta(alpha, q)
    double mean = 0;
    double variance = 0;
    double third = 0;  // central moment
};
[[nodiscard]] DiscreteMoments discrete_moments(double alpha, double q);

// Maximum likelihood where ln(k/k_min) has this mean, which is positive; an end of 1 .. 100 where it lies beyond.
[[nodiscard]] double discrete_alpha(double mean, double k_min);

// Share of sizes from k on.
[[nodiscard]] double discrete_survival(double alpha, double k_min, double k);

// The largest step of which the sizes from x_min on are whole multiples; 0 if they have none, or one so fine that the
// continuous law serves (below a twentieth of x_min, but for whole numbers). Fewer than 3 different sizes have none
// but 1.
[[nodiscard]] double step_of(std::span<const double> sizes, double x_min);

// Sizes from x_min on, in units of the step; k_min is the first whole number that is not below x_min. Throws
// InputError: as fit_power_law, and a size from x_min on that is no whole multiple of the step (which one).
[[nodiscard]] PowerLawFit fit_discrete_power_law(std::span<const double> sizes, double step,
                                                 const PowerLawOptions& options);

}  // namespace vitrum::analysis
