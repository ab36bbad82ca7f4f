// Sentences about a run that the user should know: not melted, off target, drifting.
#pragma once

#include <string>
#include <vector>

#include "sim/cuzr.hpp"
#include "sim/stages.hpp"

namespace vitrum::sim {

[[nodiscard]] std::vector<std::string> health_warnings(const CuZrOptions& options, const FinishedStages& stages);

}  // namespace vitrum::sim
