// Runs a scenario: makes every data set, hands only the data to the correlation chain, joins truth afterwards.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/memory.hpp"
#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/run/part_folder.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"
#include "vitrum/pipeline/run/slabs.hpp"

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

// From one labelled data set to its results, one per region. `segments`: parts of the run whose g2 viewers show; with 0
// nothing is made for viewers but the data set's name.
// `maps`: how the names of scratch files begin that hold the maps instead of memory; empty = memory. `room` [bytes] for
// what is gathered to make those.
[[nodiscard]] std::vector<SeriesResult> correlate_labelled(const Labelled<DataSet>& set,
                                                           const analysis::ChainOptions& chain,
                                                           std::size_t segments = 5,
                                                           const std::filesystem::path& maps = {},
                                                           double room = memory_for_maps());

}  // namespace vitrum::pipeline
