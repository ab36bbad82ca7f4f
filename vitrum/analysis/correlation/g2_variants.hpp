// Other averages of the same pairs than the mean of normalised diagonals (g2.hpp). Sums run over the pairs (t, t+dt);
// P(t,t') = sum_p I_p(t) I_p(t'), S(t) = sum_p I_p(t), n = number of pairs, N pixels.
//
//   ratio of sums    N sum_t P / sum_t S S'                    dynamix; cancels drift of the beam like the default,
//                                                              and weighs a pair by its counts
//   ratio of means   n N sum_t P / (sum_t S  sum_t S')         symmetric normalisation; Zhang et al. 2023 eq. 1;
//                                                              drift a(t) multiplies it by <a a'>/(<a><a'>)
//
// Empty frames count as what they are: they add nothing to P and S, and the ratio of sums leaves their pairs out.
// Lost frames have the sum NaN: their pairs are left out of both.
#pragma once

#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/two_time_map.hpp"

namespace vitrum::analysis {

// `map` in the symmetric normalisation, `sums` = S(t) of its pixels (active_pixels.hpp). Values and pairs, no errors.
[[nodiscard]] Curve g2_ratio_of_sums(const TwoTimeMap& map, const std::vector<double>& sums);
[[nodiscard]] Curve g2_ratio_of_means(const TwoTimeMap& map, const std::vector<double>& sums);

// Points of a g2 gathered in bins of equal width in ln(lag), each point weighed by its pairs: the mean over all map
// entries of the bin. Lag = mean lag of the entries. The covariance goes along.
[[nodiscard]] Curve log_binned(const Curve& g2, int bins_per_decade);

}  // namespace vitrum::analysis
