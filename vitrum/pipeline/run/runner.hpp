// Runs a scenario: makes every data set, hands only the data to the correlation chain, joins truth afterwards.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/run/part_folder.hpp"
#include "vitrum/pipeline/run/slabs.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::pipeline {

struct RunControl {
    int threads = 0;  // 0 = all cores
    bool quiet = false;
};

// What distinguishes two runs: resolved scenario, version, processor class.
[[nodiscard]] std::string identity_of(const Scenario& scenario);

// provenance() and the seed.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> provenance_of(const Scenario& scenario);

// A source that dies becomes SeriesResult::failure; the others go on. Throws Interrupted on Ctrl-C.
[[nodiscard]] Result run(const Scenario& scenario, const PartFolder& part, const RunControl& control);

// The data with their truth, no analysis. Throws RunError if a source dies. Memory stays bounded by a few slabs,
// whatever the size of a series that can be made in slabs.
[[nodiscard]] std::vector<GeneratedSet> generate(const Scenario& scenario, const PartFolder& part,
                                                 const RunControl& control);

// What stands for the results of a unit that died.
[[nodiscard]] SeriesResult failed_series(const SourcePlan& source, const Unit& unit, const std::string& why);

}  // namespace vitrum::pipeline
