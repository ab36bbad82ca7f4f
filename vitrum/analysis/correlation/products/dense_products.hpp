// Products of dense frames: P(i,j) = sum_p I_p(i) I_p(j), upper triangle, tile by tile.
//
// Every pixel goes one of three ways, chosen from its values over the whole run:
//   counts of 0 .. 127     bytes, summed as integers
//   whole numbers to 255   floats in blocks of 256 pixels, exact; blocks are added in double
//   larger whole numbers   doubles, exact while a sum stays below 2^53
// Intensities that are not whole go as floats: each block of 256 products is summed in single precision, blocks in
// double. With non-negative intensities the relative error of a sum is at most 256 * 2^-24 = 1.5e-5; rounding errors
// are independent in practice, which leaves about 1e-7 (measured: docs/speed.md). Blocks, tiles and the order of sums
// depend on the data's size alone: any number of threads gives the same bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "vitrum/analysis/correlation/products/kernels/product_kernel.hpp"
#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

// Adds the products over `pixels` of frames rows_begin <= i < rows_end with j >= i to out[(i - rows_begin) * stride +
// j]. Entries left of the diagonal are not touched. Scratch memory: at most 48 MB up to 30000 frames.
void add_dense_products(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels, std::size_t rows_begin,
                        std::size_t rows_end, double* out, std::size_t stride,
                        const kernels::ProductKernels& kernels = kernels::product_kernels());

}  // namespace vitrum::analysis
