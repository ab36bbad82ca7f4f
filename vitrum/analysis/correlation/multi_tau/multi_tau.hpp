// Multi-tau g2 with the symmetric normalisation (Schaetzel 1990). Lags 1 .. m frames; then frames are added in pairs
// and lags m/2+1 .. m of twice the frame time follow, and so on. At a level with frames of 2^l,
//   g2(k 2^l) = n N sum_t P(t, t+k) / (sum_t S(t)  sum_t S(t+k)),   n = number of pairs,
// per static region, then the plain mean over the static regions of the region (xpcs-eigen, boost_corr). With one
// static region it is the ratio of means (g2_variants.hpp) and equals it at the first level. From the second level
// on, g2 is averaged over frames of 2^l: its decay is seen through a triangle of that width.
#pragma once

#include <cstdint>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

struct MultiTauOptions {
    std::int32_t region = 0;
    int channels = 16;                          // m; even
    std::vector<std::int32_t> static_region{};  // 1-based of each pixel; empty = the region is one static region
};

// Pixels of each static region of the region, in order; one list if there are no static regions. Throws InputError.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> multi_tau_parts(const SpeckleSeries& series,
                                                                      const MultiTauOptions& options);

// Lag [time_unit of the series], g2, pairs, and errors by jackknife over at most 64 groups of neighbouring pixels.
// Photon counts give exact sums: dense and sparse series give the same bits. Empty frames count as what they are; lost
// ones, and frames that were added to one, are left out with their pairs (NaN at a lag that has no other).
// Throws InputError: odd or too small m, no pixels, nothing but empty frames.
[[nodiscard]] Curve multi_tau(const SpeckleSeries& series, const MultiTauOptions& options = {});

}  // namespace vitrum::analysis
