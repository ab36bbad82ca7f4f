// What belongs to a whole run: quantities over several data sets, and what the run says of itself. No provenance.
#pragma once

#include <vector>

#include "core/result.hpp"
#include "scenarios/scenario.hpp"

namespace vitrum::scenarios {

// `done`: the results of every unit, in the order of sources and units.
[[nodiscard]] Result combine(const Scenario& scenario, std::vector<std::vector<SeriesResult>> done);

}  // namespace vitrum::scenarios
