// Small series for tests: white Poisson noise, its sparse twin, and a pixel's count in either form.
#pragma once

#include <boost/random/poisson_distribution.hpp>

#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::test {

inline SpeckleSeries white_noise(std::size_t frames, std::size_t rows, std::size_t columns, double mean,
                                 std::uint64_t seed = 1) {
    SpeckleSeries s;
    s.frames = frames;
    s.rows = rows;
    s.columns = columns;
    s.counts.resize(frames * s.pixels());
    Stream stream({seed, 0, 0}, Purpose::test, 0);
    boost::random::poisson_distribution<int> poisson(mean);
    for (float& v : s.counts) v = static_cast<float>(poisson(stream));
    return s;
}

inline SpeckleSeries sparse_twin(const SpeckleSeries& dense) {
    SpeckleSeries s = dense;
    s.counts.clear();
    s.frame_ptr = {0};
    for (std::size_t f = 0; f < s.frames; ++f) {
        for (std::size_t p = 0; p < s.pixels(); ++p)
            if (const float k = dense.counts[f * s.pixels() + p]; k > 0) {
                s.index.push_back(static_cast<std::uint32_t>(p));
                s.intensity.push_back(static_cast<std::uint32_t>(k));
            }
        s.frame_ptr.push_back(s.index.size());
    }
    return s;
}

inline double count(const SpeckleSeries& dense, std::size_t frame, std::size_t pixel) {
    return static_cast<double>(dense.counts[frame * dense.pixels() + pixel]);
}

}  // namespace vitrum::test
