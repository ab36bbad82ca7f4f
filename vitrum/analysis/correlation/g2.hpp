// One-time correlation g2(dt) as the mean of C(t, t+dt) over t (the mean of normalised diagonals), lags 1 frame on.
// The weight of a lag is its number of pairs; pairs with an empty frame do not count.
#pragma once

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/data/two_time_map.hpp"

namespace vitrum::analysis {

// Values and weights only.
[[nodiscard]] Curve g2_values(const TwoTimeMap& map);

// Adds errors from the map alone: jackknife over blocks of frames. Right if a block is longer than tau and the run
// is stationary; with 20 blocks.
void add_frame_jackknife(Curve& g2, const TwoTimeMap& map);

// Adds errors from the pixels: jackknife over groups of neighbouring pixels with the normalisation of each frame
// carried along (its linear form is exact to order 1/N). Right if groups are larger than a speckle. Of intermittent
// dynamics it covers g2 of this run, not g2 of the population.
void add_pixel_jackknife(Curve& g2, const SpeckleSeries& series, const TwoTimeMap& map, std::int32_t region);

}  // namespace vitrum::analysis
