// tau of the pressures of one source: apparent activation volumes, crossover, hysteresis between branches.
#pragma once

#include <string>
#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

// activation_volume between neighbouring pressures at `temperature` [K], and from three pressures on
// crossover_pressure, of each q region of the source, with their truth.
void add_volumes_and_crossover(const std::vector<SourcePlan>& sources, const std::string& source, double temperature,
                               Result& result);

// branch_log_ratio of every source with both branches at a pressure, with its truth.
void add_branch_ratios(const std::vector<SourcePlan>& sources, Result& result);

}  // namespace vitrum::pipeline
