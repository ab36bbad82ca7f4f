// When the field is looked at: `substeps` instants inside the exposure of each frame, all at its beginning if the
// exposure is instantaneous. t is the age of the sample [s].
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace vitrum::model {

struct SampleTimes {
    std::size_t frames = 0;
    std::size_t substeps = 1;
    double frame_time = 1;  // [s]
    double exposure = 0;    // [s] 0 = instantaneous
    double start = 0;       // [s] age of the sample at the first frame

    [[nodiscard]] std::size_t size() const { return frames * substeps; }

    [[nodiscard]] double at(std::size_t frame, std::size_t substep) const {
        const double inside = (static_cast<double>(substep) + 0.5) * exposure / static_cast<double>(substeps);
        return start + static_cast<double>(frame) * frame_time + inside;
    }

    // Points of a uniform grid in one frame time that holds every instant; 0 if there is none.
    [[nodiscard]] std::size_t stride() const {
        if (substeps == 1) return 1;
        const double points = frame_time * static_cast<double>(substeps) / exposure;
        const double whole = std::round(points);
        return std::abs(points - whole) < 1e-9 * points ? static_cast<std::size_t>(whole) : 0;
    }

    // All instants, frame by frame.
    [[nodiscard]] std::vector<double> all() const {
        std::vector<double> times(size());
        for (std::size_t f = 0; f < frames; ++f)
            for (std::size_t s = 0; s < substeps; ++s) times[f * substeps + s] = at(f, s);
        return times;
    }
};

}  // namespace vitrum::model
