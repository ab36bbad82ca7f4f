// Sums over pixels that every two-time normalisation is made of: P(i,j) = sum_p I_p(i) I_p(j).
#pragma once

#include <cstdint>
#include <vector>

#include "core/speckle_series.hpp"
#include "core/two_time_map.hpp"

namespace vitrum::analysis {

// Writes the upper triangle of P, diagonal included, into a map of series.frames^2 zeros. Photon counts give exact
// sums: dense and sparse series of the same data, and any number of threads, give the same bits.
void add_pixel_products(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels, TwoTimeMap& map);

}  // namespace vitrum::analysis
