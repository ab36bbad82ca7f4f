// chi4: variance over t of C(t, t + lag), a measure of temporal heterogeneity (Duri et al. 2005), in three forms:
//   chi4           raw: dynamic variance plus noise of the map entries
//   chi4_formula   raw less the exact noise (vitrum/core/data/map_entry_variance.hpp), with N, mu and M = 1/contrast
//   estimated from the same
//                  counts and rho = M (mean C - 1); for M equal modes and independent pixels only
//   chi4_split     covariance of C_A(t) and C_B(t) from two disjoint halves of the pixels (contiguous blocks, so that a
//                  speckle on the border is all they share): no model needed
// A homogeneous sample has chi4 = noise > 0, the other two 0 within their errors. All are variances about the mean of
// this run: a run of length T reads a factor 1 - 2 t_c/T too low, t_c the correlation time of what fluctuates. Where
// noise is correlated in time (over about tau) the formula takes off by that factor too much: long runs.
#pragma once

#include <cstdint>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/data/two_time_map.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

// C(t, t + lag) of these pixels, t = 0 .. frames - lag - 1, symmetric normalisation, without making the map; NaN with
// an empty frame.
[[nodiscard]] std::vector<double> correlation_trace(const SpeckleSeries& series,
                                                    const std::vector<std::uint32_t>& pixels, std::size_t lag);

struct Chi4Options {
    std::int32_t region = 0;
    std::size_t lag = 1;    // [frames]
    std::size_t block = 0;  // [frames] of the jackknife; 0 = 4 lags, at least 16
};

// Rows chi4, chi4_formula, chi4_split at abscissa lag. Errors: jackknife over at most 20 blocks of time, Student
// interval, right if a block is longer than what correlates; none, with a note, if there are fewer than 10 blocks.
// no_data: fewer than 20 pairs, or (formula) no contrast in the counts. Throws InputError: no pixel, or a lag outside
// the run.
[[nodiscard]] std::vector<Estimate> chi4(const SpeckleSeries& series, const Chi4Options& options);

// Of a map alone there is the raw form only.
[[nodiscard]] Estimate chi4(const TwoTimeMap& map, const Chi4Options& options);

}  // namespace vitrum::analysis
