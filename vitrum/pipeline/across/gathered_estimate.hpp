// [across.NAME] with an ordinary estimator on what is gathered.
#pragma once

#include <string>
#include <vector>

#include "vitrum/pipeline/across/across.hpp"

namespace vitrum::pipeline {

// Keys of, along, over, where, sources, and the estimator's own. Throws InputError: an estimator that takes neither
// columns nor several curves, keys that are missing or do not go together.
[[nodiscard]] AcrossRun read_gathered(Section& section, const std::string& name, const std::string& estimator,
                                      const std::vector<SourcePlan>& sources);

}  // namespace vitrum::pipeline
