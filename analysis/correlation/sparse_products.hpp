// Products of sparse frames: P(i,j) = sum_p I_p(i) I_p(j), one row after the other. Each photon of frame i meets the
// later photons of its pixel; the row is summed in an array that stays in cache. Work grows as the number of pairs of
// events in one pixel, not as pixels or frames squared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/speckle_series.hpp"

namespace vitrum::analysis {

inline constexpr std::size_t default_list_bytes = std::size_t{48} << 20;

// Consecutive places of a pixel list whose events fit into memory together.
struct PixelBlock {
    std::size_t first = 0;
    std::size_t last = 0;
};

// Events of a block of pixels, from frame `from` on, gathered by pixel. Sums are exact while they stay below 2^53.
class EventLists {
public:
    // Memory: 8 bytes per event (12 beyond 65535 frames or photons), 8 per pixel of the detector. `series` must
    // outlive the lists.
    EventLists(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels, PixelBlock block,
               std::size_t from = 0);
    ~EventLists();
    EventLists(EventLists&& other) noexcept;
    EventLists& operator=(EventLists&& other) noexcept;

    // Work space of one thread.
    struct Row {
        std::vector<std::int32_t> whole;  // zeros between two calls
        std::vector<double> wide;
    };
    // Adds row i of P to sums[j - i], j = i .. frames - 1.
    void add_row(std::size_t i, Row& row, double* sums) const;

    class Impl;

private:
    std::unique_ptr<Impl> impl_;
};

// Blocks of pixels whose lists take at most `bytes` (or one pixel).
[[nodiscard]] std::vector<PixelBlock> pixel_blocks(const SpeckleSeries& series,
                                                   const std::vector<std::uint32_t>& pixels,
                                                   std::size_t bytes = default_list_bytes);

// Adds rows rows_begin <= i < rows_end, columns j >= i, to out[(i - rows_begin) * stride + j].
void add_sparse_products(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels, std::size_t rows_begin,
                         std::size_t rows_end, double* out, std::size_t stride, std::size_t bytes = default_list_bytes);

}  // namespace vitrum::analysis
