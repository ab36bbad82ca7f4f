// Whether times are equally spaced, as lags counted in frames need them: of frames, of the axes of a two-time map.
#pragma once

#include <string>
#include <vector>

namespace vitrum {

struct EvenStep {
    double step = 0;    // mean time between neighbours
    std::string fault;  // "" = even; else what is wrong, as "increases by 0.1 s to frame 1 and by 0.4 s to frame 2"
    // The longest stretch [first, last) of even times, where it is worth naming; else first == last.
    std::size_t first = 0;
    std::size_t last = 0;
};

// times[i] of frame i; NaN = frame not asked for. Even: each interval is the median one within a tenth of it, and no
// time is more than a quarter of it away from the straight line; `resolution` [unit of the times] comes on top.
[[nodiscard]] EvenStep even_step(const std::vector<double>& times, const std::string& unit, double resolution = 0);

}  // namespace vitrum
