// Sums over pixels that every two-time normalisation is made of: P(i,j) = sum_p I_p(i) I_p(j).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/data/two_time_map.hpp"

namespace vitrum::analysis {

// Writes the upper triangle of P, diagonal included, into a map of series.frames^2 zeros. Photon counts give exact
// sums (below 2^53): dense and sparse series of the same data, and any number of threads, give the same bits. Sums of
// intensities that are no whole numbers: dense_products.hpp.
void add_pixel_products(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels, TwoTimeMap& map);

// The same for rows rows_begin <= i < rows_end, added to out[(i - rows_begin) * stride + j], j >= i.
void add_product_rows(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels, std::size_t rows_begin,
                      std::size_t rows_end, double* out, std::size_t stride);

}  // namespace vitrum::analysis
