// A trace recorded on its own clock, brought to the frames: one value per frame.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/data/time_series.hpp"

namespace vitrum {

struct FrameClock {
    double first = 0;       // [s] begin of the first frame
    double frame_time = 1;  // [s]
    double exposure = 0;    // [s]
    std::size_t frames = 0;
};

// Mean of the samples inside the exposure of a frame; without one, the line between the neighbours of its middle. Gaps
// stay gaps: NaN where the neighbours are further apart than three sampling times (their median), and beyond the ends.
// Samples that are not finite do not count. Samples need not be in order.
[[nodiscard]] std::vector<double> aligned(const TimeSeries& trace, const FrameClock& clock);

}  // namespace vitrum
