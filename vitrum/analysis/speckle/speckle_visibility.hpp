// Speckle visibility (Bandyopadhyay et al. 2005): contrast of the counts summed over n consecutive frames, by factorial
// moments of the sums, <K(K-1)>/<K>^2 - 1 (photon_statistics.hpp). It falls as the speckle moves within the exposure:
//   V(n) = [V(1) + 2 sum_{k<n} (1 - k/n) (g2(k) - 1)]/n
// so that it can be had from g2 too. Both are given: where they disagree, g2 has a baseline that is not speckle, or
// pixels have means of their own.
#pragma once

#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

// Counts summed over n consecutive frames; what is left at the end is dropped, and a sum with a lost frame is lost.
// Dense or sparse as the series is.
[[nodiscard]] SpeckleSeries summed_frames(const SpeckleSeries& series, std::size_t n);

// Rows speckle_visibility and speckle_visibility_from_g2 at abscissa exposure (index n, value in the series' time unit)
// for n = 1, 2, 4, ... up to a tenth of the run. Errors: leaving out groups of pixels; of the second those of g2 and of
// V(1), which come from the same pixels, added. `g2` as in the chain: lags 1, 2, ... frames. no_data: fewer than 40
// pixels.
[[nodiscard]] std::vector<Estimate> speckle_visibility(const SpeckleSeries& series, const Curve& g2,
                                                       std::int32_t region = 0);

}  // namespace vitrum::analysis
