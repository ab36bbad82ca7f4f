// How far the atoms' own correlation differs from one window of time to the next: the heterogeneity that a map of
// speckle can only show through the noise of its wavevectors.
//
//   F_s(t, lag) = Re mean over q and atoms j of exp(i q.(r_j(t + lag) - r_j(t))), atoms weighted by w_j
//   chi4        = N variance over t of F_s
//   width       = smallest interval that holds 90 % of the values F_s^2: what Delta C/contrast would be with
//   wavevectors
//                 without number, if the collective correlation fluctuates as the self part does
//
// Windows of one run overlap: variances are about the mean of the run and read too low by about 2 t_c / T.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vitrum/core/atoms/wavevectors.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct WindowCorrelationOptions {
    std::size_t lag = 1;                  // [frames]
    std::vector<Wavevector> wavevectors;  // of the box; the cell must not change
    std::vector<double> weight;           // of each species, as f^2 of x-rays; empty = all alike
    std::size_t block = 0;                // [frames] of the jackknife over time; 0 = 4 lags, at least 16
};

struct WindowCorrelation {
    Curve trace;                      // F_s(t, lag) against t [s]
    std::vector<Estimate> estimates;  // self_susceptibility, self_correlation_width at abscissa lag
};

// Positions must be unwrapped and free of drift. Throws std::invalid_argument: a lag outside the run, wrapped
// positions, no wavevector. no_data with fewer than 20 windows; no error with fewer than 10 blocks.
[[nodiscard]] WindowCorrelation window_correlation(const Trajectory& trajectory,
                                                   const WindowCorrelationOptions& options);

// Number of wavevectors at which the extra spread that `width` (of C, 90 %, Gaussian) means would be told from noise by
// the variance of C(t, t + lag), at 5 % one-sided with 80 % power:
//   s^2 N_q / v = (1.645 + 0.842) k / (1 - 0.842 k), k = sqrt(2 / (windows runs)),
// s = width / 3.29, v = N_q x variance of one map entry, `windows` independent windows of a run. Wavevectors weigh
// linearly, runs as their root. Infinite where no number would do. Source: a variance from n Gaussian values has the
// relative error sqrt(2/n).
[[nodiscard]] double wavevectors_needed(double width, double entry_variance, double windows, double runs);

}  // namespace vitrum::analysis
