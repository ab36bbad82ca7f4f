// How many pixels a speckle spans, from the counts themselves: how large patches of pixels have to be for a jackknife.
//
//   G(d) = < I(x) I(x + d) > / m^2 over pixels and frames, m the mean of the frame, d > 0 along an axis
//   K(d) = (G(d) - G_far) / (G(0) - G_far)    with I (I - 1) in place of I^2 at d = 0
//   size = 1 + 2 sum over d of K(d), to the first d where K is lost in its noise
//
// For a Gaussian field K = |mu|^2 and the sum is the integral width of |mu|^2 (Goodman, Speckle Phenomena in Optics,
// 2007, section 4.4). G_far, at about a quarter of the region's width, takes out intensities that change slowly over
// the detector. Counting noise has no neighbours: nothing is corrected for at d > 0.
#pragma once

#include <cstdint>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

// [pixels]; 1 = neighbours share nothing that stands out of the noise by three standard errors.
struct SpeckleSize {
    double rows = 1;
    double columns = 1;
};

// Frames evenly over the run, as many as make about five million pixels (four million events). Sizes up to about 30.
[[nodiscard]] SpeckleSize speckle_size(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels);

}  // namespace vitrum::analysis
