// Traces recorded beside the frames, one panel under the other on one time axis.
#pragma once

#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/time_series.hpp"
#include "vitrum/report/page/gnuplot.hpp"

namespace vitrum::report {

[[nodiscard]] bool drawable(const TimeSeries& trace);

// Leaves out what is not drawable; there must be at least one that is.
[[nodiscard]] Plot trace_figure(const std::vector<TimeSeries>& traces);

// C(t, t + tau) against t over the band that holds 95 % of it if nothing but noise moved it.
[[nodiscard]] Plot correlation_trace_figure(const Curve& trace);

}  // namespace vitrum::report
