// An estimate against pressure (or whatever orders a group), with its truth.
#pragma once

#include <string>
#include <vector>

#include "vitrum/report/figures/grouping.hpp"
#include "vitrum/report/page/gnuplot.hpp"

namespace vitrum::report {

// What one panel shows: one quantity at two or more places of the group's axis.
struct Panel {
    std::string quantity;
    std::string unit;
    std::string axis;  // "pressure"
    std::string axis_unit;
    Abscissa rest;      // shared by the group
    std::string stage;  // of a protocol, where it was measured; empty if not of one stage
    std::vector<Reading> readings;
    std::vector<Reading> floor;  // what noise alone gives; Delta C only
    std::vector<Curve> exact;    // the truth between the readings, where it is known
};

// Panels of a group in the order of vitrum/core/quantities/quantity.hpp, tau first. What a protocol measured at its
// stages has a panel for each stage; where nothing but the stages differs (compression in steps) it stands at their own
// pressures.
[[nodiscard]] std::vector<Panel> panels(const Group& group);

// Compact panels carry no key: panel_legend() says once what their marks mean.
[[nodiscard]] Plot panel_figure(const Panel& panel, bool compact);
[[nodiscard]] std::string panel_legend(const std::vector<Panel>& panels);

// True if the readings stand at coordinates that the group does not share (a lag), so that the panel needs its key.
[[nodiscard]] bool crowded(const Panel& panel);

// What one sees: which truth, which points carry a status instead of a number.
[[nodiscard]] std::string panel_caption(const Panel& panel);

}  // namespace vitrum::report
