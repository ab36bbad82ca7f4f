// Glass transition temperature from the kink of V(T), H(T) or U(T): two straight lines that meet at Tg,
//   y = a + b (T - Tg) + c |T - Tg|, slopes b - c below and b + c above,
// or, with a width w, the hyperbola y = a + b (T - Tg) + c sqrt((T - Tg)^2 + w^2), whose asymptotes are such lines.
// For given Tg and w the law is linear in a, b, c: Tg is found on the profile of chi^2, never from a starting value.
//
// Tg depends on the window of temperatures that is fitted, since neither branch is quite straight: beside the fit of
// the whole window stands the Tg of nine windows, and their spread. It is a systematic error and no part of the
// statistical interval.
#pragma once

#include <optional>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct GlassTransitionOptions {
    double low = -1e300, high = 1e300;  // [K] window of the fit
    double width = 0;                   // [K] w, fixed; 0 = sharp
    bool free_width = false;            // w is fitted
    bool windows = true;                // also the nine windows and their spread
    double level = 0.95;
    double rejection_level = vitrum::rejection_level;  // of the law's p
};

// Estimates glass_transition_temperature (interval by profile), slope_below, slope_above, transition_width if it is
// free; then glass_transition_temperature at abscissa window = 1 .. 9, and glass_transition_spread = largest - smallest
// of those that are resolved; last glass_transition_p of the whole window. Curve "glass_transition_fit" at the
// temperatures of the window, where there are enough.
// points: x = T [K], y in any unit, y_error where known; need not be sorted. Errors: those of the points, else the
// scatter about the law; neighbours in T are taken as independent.
// Window k: each branch cut, seen from Tg, to 1, 3/4 or 1/2 of its length.
// no_data: fewer than 6 temperatures. not_resolved: the slopes do not differ (the drop of chi^2 below that of one
// straight line stays under 9.84 times the variance, the 5 % limit of a break anywhere in the inner 90 %, Andrews
// 1993), the slope falls, or the interval of Tg reaches the window's end. law_rejected: with errors of the points,
// chi^2 about the law has a probability below the level, in each window by itself.
[[nodiscard]] Findings glass_transition(const Curve& points, const GlassTransitionOptions& options = {});

}  // namespace vitrum::analysis
