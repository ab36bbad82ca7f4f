// What a protocol measured at its stages, and where it stands in a figure.
#pragma once

#include <string>

#include "vitrum/report/figures/readings.hpp"

namespace vitrum::report {

// Where a reading of a stage stands: at the sweep's pressure and temperature (those of `series`, or of the coordinates
// "... of the sweep"), or, with `at_stages`, at the stage's own pressure; its coordinate "stage" then comes last and
// holds the stage's name, without numbers where stages are compared. Places without a stage stay.
void settle(Abscissa& place, const Abscissa& series, bool at_stages);

// One place in words, for a key: "CuZr", "l = 6".
[[nodiscard]] std::string in_short(const Abscissa& place);

// Numbers of stages that belong into the tables alone.
[[nodiscard]] bool for_tables(const Reading& reading);

}  // namespace vitrum::report
