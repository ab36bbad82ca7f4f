// One data set of frames beside its two-time maps, as viewers show it: regions, mean image, intensity against time,
// multi-tau g2 of the whole run and of segments of it. Small: nothing here has frames x pixels values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "vitrum/core/data/beamline.hpp"

namespace vitrum {

struct FramesSummary {
    std::string name;  // of the data set
    std::string title;
    std::size_t frames = 0;
    std::size_t rows = 0;
    std::size_t columns = 0;
    double frame_time = 1;  // [time_unit]
    std::string time_unit = "s";
    double exposure = 0;  // [time_unit]
    Beamline beamline;

    // Of each pixel. Regions are numbered 1, 2, ... without gaps; 0 = in none, or masked.
    std::vector<std::int32_t> used;
    std::vector<std::int32_t> dynamic_region;
    std::vector<std::int32_t> static_region;
    std::vector<std::int32_t> region_number;  // in the data, of dynamic region 1, 2, ...; 0 = all pixels
    std::vector<double> dynamic_q;            // [1/angstrom] mean over the pixels of each region; NaN = not known
    std::vector<double> static_q;

    std::vector<double> mean_of_frame;   // counts per used pixel
    std::vector<double> mean_image;      // counts per frame of each pixel; 0 where masked
    std::vector<double> static_mean;     // counts per pixel and frame of each static region
    std::vector<std::size_t> segments;   // segment k = frames segments[k] .. segments[k+1]-1
    std::vector<double> static_segment;  // segments x static regions

    // Multi-tau, of dynamic region 1, 2, ...
    std::vector<std::int64_t> delay;          // [frames]
    std::vector<double> g2;                   // delays x regions
    std::vector<double> g2_error;             // the same shape; NaN = not known
    std::vector<double> g2_by_segment;        // segments x delays x regions; NaN beyond a segment's length
    std::vector<double> g2_error_by_segment;  // the same shape

    // From the two-time maps: lags 0, 1, ... of the shortest segment x segments x regions; lag 0 is NaN.
    std::vector<double> map_g2_by_segment;

    [[nodiscard]] std::size_t regions() const { return region_number.size(); }
    [[nodiscard]] std::size_t segment_count() const { return segments.empty() ? 0 : segments.size() - 1; }
    [[nodiscard]] std::size_t shortest_segment() const;
};

inline std::size_t FramesSummary::shortest_segment() const {
    std::size_t least = frames;
    for (std::size_t k = 0; k < segment_count(); ++k)
        least = segments[k + 1] - segments[k] < least ? segments[k + 1] - segments[k] : least;
    return least;
}

}  // namespace vitrum
