// Two-time maps larger than memory: rows of the upper triangle are made, used and handed on block by block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

struct StreamOptions {
    std::int32_t region = 0;                       // 0 = all pixels in use; else a 1-based region
    std::size_t memory = std::size_t{1} << 30;     // bytes for events gathered by pixel; less means more passes
    std::size_t row_bytes = std::size_t{8} << 20;  // of one block of rows
    bool errors = true;                            // of g2: jackknife over pixels
    Diagonal diagonal = Diagonal::raw;
};

// Rows [first, first + count) of the map, symmetric normalisation. values[(i - first) * frames + j] is
// C(i,j) for j >= i; what stands left of the diagonal means nothing. Blocks come in order of `first`.
struct MapRows {
    std::size_t first = 0;
    std::size_t count = 0;
    std::size_t frames = 0;
    const double* values = nullptr;
    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const { return values[(i - first) * frames + j]; }
};
using MapSink = std::function<void(const MapRows&)>;

// Hands every row of the map to `sink`. Counts give the bits of two_time(); intensities agree to rounding. Throws
// InputError as two_time() does. Memory: one block of rows, and for events 8 bytes each up to `memory`.
void two_time_rows(const SpeckleSeries& series, const StreamOptions& options, const MapSink& sink);

// The same map in single precision, its upper triangle row after row without gaps: C(i,j), j >= i, at
// out[i * frames - i (i + 1) / 2 + j], each value that of two_time_rows() rounded. Throws std::logic_error if `out` has
// another size than frames (frames + 1) / 2. The fastest way for events: no row leaves the cache before it is done.
void two_time_triangle(const SpeckleSeries& series, const StreamOptions& options, std::span<float> out);

// Rows as of two_time_rows(), and g2 as the mean of the map's diagonals with its errors, as g2_values() and
// add_pixel_jackknife() have them, without holding the map. Memory beyond the rows: 1 KB per frame, and with errors 8
// bytes per event.
[[nodiscard]] Curve stream_two_time(const SpeckleSeries& series, const StreamOptions& options, const MapSink& sink);

}  // namespace vitrum::analysis
