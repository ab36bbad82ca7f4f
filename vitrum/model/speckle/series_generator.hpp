// A synthetic series made slab by slab of pixels, dense or sparse: see speckle_source.hpp.
#pragma once

#include <cstddef>
#include <memory>

#include "vitrum/core/data/series_slab.hpp"
#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {

class SeriesGenerator {
public:
    // The realisation that `key` draws. Throws InputError as check(options) does.
    SeriesGenerator(const SpeckleOptions& options, const StreamKey& key);
    ~SeriesGenerator();
    SeriesGenerator(const SeriesGenerator&) = delete;
    SeriesGenerator& operator=(const SeriesGenerator&) = delete;

    // Size, times and used pixels; no counts.
    [[nodiscard]] const SpeckleSeries& frame() const { return frame_; }
    [[nodiscard]] bool sparse() const { return sparse_; }
    // Slabs begin and end at multiples of this, or at the last pixel.
    [[nodiscard]] static std::size_t block() { return 64; }
    // The same bits for any slabs and threads.
    [[nodiscard]] SeriesSlab slab(std::size_t begin, std::size_t end) const;
    // All pixels at once, in memory.
    [[nodiscard]] SpeckleSeries whole() const;

    [[nodiscard]] double bytes() const { return bytes_; }  // of memory to make one pixel

private:
    class Maker;
    class Dense;
    class Thinned;
    SpeckleSeries frame_;
    bool sparse_;
    std::uint32_t saturation_ = 0;  // 0 = none
    double bytes_ = 0;              // of one pixel while it is made
    std::unique_ptr<const Maker> maker_;
};

}  // namespace vitrum::model
