// What belongs to a whole run: quantities over several data sets, and what the run says of itself. No provenance.
#pragma once

#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::pipeline {

// `done`: the results of every unit, in the order of sources and units.
[[nodiscard]] Result combine(const Scenario& scenario, std::vector<std::vector<SeriesResult>> done);

}  // namespace vitrum::pipeline
