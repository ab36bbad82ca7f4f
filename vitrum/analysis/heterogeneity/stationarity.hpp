// Do the dynamics change within the run?
//
// stationarity_p: probability of a larger statistic if g1(t1,t2) depends on t2 - t1 alone. With C at short lags d
// (short_lags.hpp), x_k = sum_d w_d <cos(pi k (t + 1/2)/n_d) C(t, t+d)>_t, k = 1..4, is zero on average for such
// dynamics whatever g1 is. How x varies by noise follows from groups of pixels, so that the correlation along the
// diagonal is in it: Hotelling's T^2 = G x S^-1 x, (G-4) T^2 / (4 (G-1)) distributed as F(4, G-4). Pixels must not
// share speckle across groups. A run whose dynamics fluctuate is not stationary in this sense, even if the fluctuations
// are.
//
// trend_p: is there a trend beyond the fluctuations along the run? From means over 8 to 20 blocks of at least 4 lags of
// the longest kind: F test of cos(pi b), cos(2 pi b) against the scatter of the blocks. Needs no pixels, so it works
// on a map; blind to what fluctuates faster than a third of the run.
#pragma once

#include <vector>

#include "vitrum/analysis/correlation/errors/group_traces.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

// Rows stationarity_p (if the traces have groups) and trend_p. no_data: fewer than 12 groups, fewer than 40 frames; for
// trend_p fewer than 8 blocks.
[[nodiscard]] std::vector<Estimate> stationarity(const GroupTraces& traces);

}  // namespace vitrum::analysis
