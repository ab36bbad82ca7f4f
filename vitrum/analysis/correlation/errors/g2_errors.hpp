// Where the error bars of g2 come from, and what they cover.
//
//   name          randomness                    covers                        right if
//   pixels        which pixels                  g2 of this run                groups larger than a speckle
//   formula       counting and Gaussian speckle g2 of this run                independent pixels, stationary, g2 a KWW
//   bootstrap     time, moving blocks           g2 of the population          stationary; run of many blocks
//   frames        time, 20 blocks left out      g2 of the population          blocks longer than tau
//   independent   entries of a diagonal         nothing: they are correlated  kept to compare with common practice
//
// Of stationary, homogeneous dynamics both g2 are one; of intermittent dynamics a run has its own.
#pragma once

#include <optional>
#include <string_view>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/two_time_map.hpp"

namespace vitrum::analysis {

// automatic: pixels where there are pixels, frames of a map.
enum class G2Errors { automatic, pixels, formula, bootstrap, frames, independent };

[[nodiscard]] std::string_view name(G2Errors errors);
// "g2 of this run", "g2 of the population", or why it covers neither.
[[nodiscard]] std::string_view covers(G2Errors errors);

// Moving-block bootstrap over time of the mean of each diagonal: the covariance that resampling blocks of neighbouring
// pairs converges to, in closed form (overlapping batch means; Kuensch 1989, Meketon and Schmeiser 1984), so no random
// numbers. Blocks start every quarter of a block. Lags of fewer pairs than three blocks get no error.
// block_length [frames]; empty: automatic_block_length.
void add_block_bootstrap(Curve& g2, const TwoTimeMap& map, std::optional<std::size_t> block_length = {});

// Block length that is best for the variance of the mean (Politis and White 2004, with the correction of Patton,
// Politis and White 2009), from the noise along five diagonals, the longest taken: 1 .. frames/5.
[[nodiscard]] std::size_t automatic_block_length(const TwoTimeMap& map);

// Bias of C = N sum I I' / (sum I sum I') from the normalisation by the same pixels, to first order in 1/N: with the
// signal C - 1 = |g1|^2/M, the contrast 1/M and N/s independent speckles of s pixels
//   <C> - C = -(C - 1) (1 + 2/M - (C - 1)) s/N
// whatever the counts are: their parts cancel. From the moments of M Gaussian modes. g2 has it in full however long the
// run is, so that it outgrows the error bars of runs of many tau and few speckles.
[[nodiscard]] double ratio_bias(double signal, double contrast, double speckles);

// Common practice: standard deviation along the diagonal over the root of its number of pairs.
void add_independent_errors(Curve& g2);

}  // namespace vitrum::analysis
