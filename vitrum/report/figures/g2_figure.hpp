// g2 against lag: data, fit and truth, with what is left over below; and all curves of a group in one figure.
#pragma once

#include <string>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/report/figures/grouping.hpp"
#include "vitrum/report/page/gnuplot.hpp"

namespace vitrum::report {

// True if the series has a g2 with at least one positive lag.
[[nodiscard]] bool has_g2(const SeriesResult& series);

// The panel below shows (g2 - truth)/error, or the difference if there are no errors or the truth is a reference;
// minus the fit where no truth is known.
[[nodiscard]] Plot g2_figure(const SeriesResult& series, bool compact);

// What the lower panel shows, as a sentence of the caption; "" if there is none.
[[nodiscard]] std::string residual_caption(const SeriesResult& series);

// g2 of every member, coloured by its place; lines are the fits.
[[nodiscard]] Plot g2_overlay(const Group& group);

// y of the curve at x, linear in log x between points; NaN outside.
[[nodiscard]] double interpolated(const Curve& curve, double x);

}  // namespace vitrum::report
