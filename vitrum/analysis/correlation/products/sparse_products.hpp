// Products of sparse frames: P(i,j) = sum_p I_p(i) I_p(j), one row after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vitrum/analysis/correlation/products/event_lists.hpp"
#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

// Adds rows rows_begin <= i < rows_end, columns j >= i, to out[(i - rows_begin) * stride + j].
void add_sparse_products(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels, std::size_t rows_begin,
                         std::size_t rows_end, double* out, std::size_t stride, std::size_t bytes = default_list_bytes);

}  // namespace vitrum::analysis
