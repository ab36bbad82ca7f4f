// Multi-tau products of dense frames. The frames pass once; strips of neighbouring pixels keep the last frames of each
// level in cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vitrum/analysis/correlation/products/kernels/lag_kernel.hpp"
#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

// Lags first_lag .. last_lag of frames of 2^level; their products stand from `channel` on.
struct TauLevel {
    std::size_t first_lag = 0;
    std::size_t last_lag = 0;
    std::size_t frames = 0;  // of this level; later ones take no part
    std::size_t channel = 0;
    std::vector<std::uint8_t> lost{};  // frames of this level that take no part; empty = none
};

// Adds sum_p sum_t x_p(t) x_p(t+lag) of every channel to products, and the frame sums to sums. Exact for photon counts;
// other intensities are summed in double, in a fixed order.
void add_dense_strips(const SpeckleSeries& series, const std::uint32_t* pixels, std::size_t count,
                      const std::vector<TauLevel>& levels, std::vector<double>& products, std::vector<double>& sums,
                      const kernels::LagKernels& kernels = kernels::lag_kernels());

}  // namespace vitrum::analysis
