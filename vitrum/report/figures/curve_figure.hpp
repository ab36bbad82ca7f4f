// Curves that a series carries beside g2: S(q), g(r), U(T), msd(t), one figure for all series that have it.
#pragma once

#include <string>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/report/figures/grouping.hpp"
#include "vitrum/report/page/gnuplot.hpp"

namespace vitrum::report {

struct LabelledCurve {
    const Curve* curve = nullptr;
    std::string label;  // "5 GPa"; "" if it stands alone
};

// Curves of one name, in the order of the group's members.
struct CurveSet {
    std::string name;
    std::vector<LabelledCurve> curves;
};

// True if two points at least can be drawn.
[[nodiscard]] bool drawable(const Curve& curve);

// Means over quenches where there are any, else of all members, by name in the order of first appearance.
[[nodiscard]] std::vector<CurveSet> curve_sets(const Group& group);

// Positive times over more than two decades get a logarithmic axis. Errors are drawn as bars, as bands where points
// are many.
[[nodiscard]] Plot curve_figure(const CurveSet& set, bool compact);

// "g against r. Bars: one standard error (over 10 blocks of frames)."
[[nodiscard]] std::string curve_caption(const CurveSet& set);

}  // namespace vitrum::report
