// What belongs to a whole run: quantities over several data sets, and what the run says of itself. No provenance.
#pragma once

#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::pipeline {

// `done`: the results of every unit, in the order of sources and units; `across`: what is measured over them.
[[nodiscard]] Result combine(const Scenario& scenario, const std::vector<AcrossStep>& across,
                             std::vector<std::vector<SeriesResult>> done);

}  // namespace vitrum::pipeline
