// Pixels with more counts than speckle can have.
//
// Counts of the run in a pixel of mean L are widest where the pattern is fully coherent and stands still: exponential
// intensity and Poisson counting, P(N >= n) = (L/(1 + L))^n (Goodman, Speckle Phenomena in Optics, 2007). A pixel is
// hot if (pixels in use) * P < chance, so that a detector without hot pixels has one with at most that probability as
// far as L is known. L is the larger of the mean over the detector without its highest 1 % of pixels and the median of
// the 7 x 7 pixels around over ln 2, both of which fewer than half of the pixels around being hot leave as they are.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

struct HotPixels {
    std::vector<std::size_t> pixels;  // ascending
    double share = 0;                 // of all counts of the pixels in use
};

[[nodiscard]] HotPixels find_hot_pixels(const SpeckleSeries& series, double chance = 1e-6);

// They are no longer used, and hold no counts.
void mask_pixels(SpeckleSeries& series, const std::vector<std::size_t>& pixels);

}  // namespace vitrum::analysis
