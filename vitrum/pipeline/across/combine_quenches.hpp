// Independent quenches of one preparation: means with the error that their spread gives, mean curves, and how many
// quenches a small effect would need.
#pragma once

#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

// For every source whose series have a coordinate "quench": rows and curves of `result` over at least two quenches.
// Rows stand at {source, point of the sweep, place of the series' own row}; error sd/sqrt(n), Student interval of n
// - 1. quenches_needed: of each preparation, for a difference of 1 meV per atom between two preparations, power 80 % at
// 5 %.
void add_quench_means(const std::vector<SourcePlan>& sources, Result& result);

// Quenches of each of two preparations so that a two-sided Student test at 5 % finds the difference `effect` with power
// 80 %, the standard deviation between quenches being `spread`. At least 2.
[[nodiscard]] double quenches_needed(double spread, double effect);

}  // namespace vitrum::pipeline
