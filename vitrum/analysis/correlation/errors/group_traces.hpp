// C(t, t + lag) of a region at chosen lags, and how each of G groups of neighbouring pixels moves it: the noise of
// anything linear in C follows from the groups, whatever its cause (counting, background, exposure) and however
// neighbouring pixels and neighbouring times are correlated. With I = I_p(t), I' = I_p(t + lag), means m, m' over the N
// pixels:
//
//   C = <I I'> / (m m'),   share_g = (G/N) sum_{p in g} [ I I'/(m m') - C (I/m + I'/m' - 1) ]
//
// (delta method: to first order in 1/N the pseudo-value of group g is C + share_g). The shares of one (t, lag) sum to
// zero; the variance of C from noise is <share_g^2> / (G - 1). Groups are compact patches, larger than a speckle.
#pragma once

#include <cstdint>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

struct GroupTraces {
    std::vector<std::size_t> lags;  // [frames]
    std::size_t frames = 0;
    std::size_t groups = 0;
    std::vector<std::vector<double>> whole;  // [lag][t], t = 0 .. frames - lag - 1; NaN with an empty frame
    std::vector<std::vector<double>> share;  // [lag][t * groups + g]; 0 with an empty frame
};

inline constexpr std::size_t usual_groups = 20;

// Symmetric normalisation. Fewer groups than asked for where there are fewer than 4 pixels in each. Throws InputError:
// fewer than 8 pixels, or a lag outside the run.
[[nodiscard]] GroupTraces group_traces(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels,
                                       const std::vector<std::size_t>& lags, std::size_t groups = usual_groups);

// Variance of C(t, t + lag) from noise as it shows within this run: of each group's share about its own mean over time,
// so that what is frozen does not count. The variance of the trace within the run less this is zero on average for
// dynamics that do not change, for a run of any length.
[[nodiscard]] double split_noise_variance(const GroupTraces& traces, std::size_t which_lag);

}  // namespace vitrum::analysis
