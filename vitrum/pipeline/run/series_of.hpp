// From one labelled data set to its results: only the data go to the estimators, the truth is joined afterwards.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "vitrum/core/data/data_set.hpp"
#include "vitrum/core/memory.hpp"
#include "vitrum/core/truth/labelled.hpp"
#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/scenario/steps.hpp"

namespace vitrum::pipeline {

// One for each step and part (q region). The default step's series are called as the data set, those of another step
// end in its name.
[[nodiscard]] std::vector<SeriesResult> series_of(const Labelled<DataSet>& set, const std::vector<EstimateStep>& steps,
                                                  const Extras& extras);
// Of all data sets of a unit: steps run on the part they are for, and default estimates of one run (DataSet::run) stand
// in one series. There, curves against a coordinate of the run's place that follow each other are one curve (a
// compression in steps); others of one name end in the name of their stage.
[[nodiscard]] std::vector<SeriesResult> series_of(const std::vector<Labelled<DataSet>>& sets,
                                                  const std::vector<EstimateStep>& steps, const Extras& extras);

// By the correlation chain alone. `segments`: parts of the run whose g2 viewers show; with 0 nothing is made for
// viewers but the data set's name. `maps`: how the names of scratch files begin that hold the maps instead of memory;
// empty = memory. `room` [bytes] for what is gathered to make those.
[[nodiscard]] std::vector<SeriesResult> correlate_labelled(const Labelled<DataSet>& set,
                                                           const analysis::ChainOptions& chain,
                                                           std::size_t segments = 5,
                                                           const std::filesystem::path& maps = {},
                                                           double room = memory_for_maps());

}  // namespace vitrum::pipeline
