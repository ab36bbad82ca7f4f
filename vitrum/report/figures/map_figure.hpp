// The two-time map as a picture.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vitrum/core/data/time_series.hpp"
#include "vitrum/core/data/two_time_map.hpp"
#include "vitrum/report/figures/axis.hpp"
#include "vitrum/report/page/gnuplot.hpp"

namespace vitrum::report {

// A map made small enough to be drawn: `cells` x `cells` block means, row-major; NaN where nothing is known.
struct Thumbnail {
    std::size_t cells = 0;
    std::size_t block = 1;  // frames a side that one cell averages
    std::vector<float> values;
    double cell = 0;    // [unit] side of a cell
    double extent = 0;  // [unit] frames * frame_time; the last cell may reach beyond
    std::string unit;
};

// False for a map that holds nothing, or not frames x frames values.
[[nodiscard]] bool drawable(const TwoTimeMap& map);

// An invalid diagonal is replaced by the mean of its neighbours before averaging.
[[nodiscard]] Thumbnail shrink(const TwoTimeMap& map, std::size_t most_cells);

// From the 1st to the 99th percentile off the diagonal, widened to the median beside the diagonal, which a fast
// decay would otherwise push out of range.
[[nodiscard]] Range colour_range(const Thumbnail& thumbnail);

// Traces that have one value for each frame of the map, at its time: those that can share its time axis.
[[nodiscard]] std::vector<TimeSeries> traces_on_axis(const std::vector<TimeSeries>& traces, const TwoTimeMap& map);

// `width` [pixels] of the picture; it is shown at half that size. Each of `traces` gets a panel below the map, on its
// time axis; gaps of a trace stay gaps.
[[nodiscard]] Plot map_figure(const Thumbnail& thumbnail, const Range& colours, int width,
                              const std::vector<TimeSeries>& traces = {});

}  // namespace vitrum::report
