// Ornstein-Uhlenbeck speckle on any clock: g1 over one frame = exp(-step). M equal modes, Poisson counts.
#pragma once

#include <cmath>
#include <vector>

#include <boost/random/normal_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>

#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::test {

// step[t] between frames t and t+1; brightness[t] of each frame (empty: 1).
inline SpeckleSeries ou_series(const std::vector<double>& step, std::size_t rows, std::size_t columns, int modes,
                               double mean, const StreamKey& key, const std::vector<double>& brightness = {}) {
    SpeckleSeries s;
    s.frames = step.size() + 1;
    s.rows = rows;
    s.columns = columns;
    s.counts.resize(s.frames * s.pixels());
    Stream stream(key, Purpose::test, 7);
    boost::random::normal_distribution<double> normal;
    std::vector<double> field(s.pixels() * static_cast<std::size_t>(modes) * 2);
    for (double& v : field) v = normal(stream);
    const std::size_t parts = static_cast<std::size_t>(modes) * 2;
    for (std::size_t f = 0; f < s.frames; ++f) {
        if (f > 0) {
            const double a = std::exp(-step[f - 1]);
            const double b = std::sqrt(1 - a * a);
            for (double& v : field) v = a * v + b * normal(stream);
        }
        for (std::size_t p = 0; p < s.pixels(); ++p) {
            double intensity = 0;
            for (std::size_t k = 0; k < parts; ++k) intensity += field[p * parts + k] * field[p * parts + k];
            const double level =
                mean * (brightness.empty() ? 1 : brightness[f]) * intensity / static_cast<double>(parts);
            boost::random::poisson_distribution<int> poisson(level);
            s.counts[f * s.pixels() + p] = static_cast<float>(poisson(stream));
        }
    }
    return s;
}

}  // namespace vitrum::test
