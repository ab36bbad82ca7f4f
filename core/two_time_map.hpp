// Two-time correlation map C(t1, t2) of one region: symmetric, frames x frames.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vitrum {

struct TwoTimeMap {
    std::size_t frames = 0;
    std::vector<double> values;   // frames x frames, row-major, both triangles
    double frame_time = 1.0;      // [time_unit]
    std::string time_unit = "s";  // "s", or "frames" where no frame time is known
    bool diagonal_valid = false;  // the diagonal of photon counts carries shot noise and is not used

    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const { return values[i * frames + j]; }
    [[nodiscard]] double& operator()(std::size_t i, std::size_t j) { return values[i * frames + j]; }
};

}  // namespace vitrum
