// Sentences about a run that the user should know: not melted, off target, drifting.
#pragma once

#include <string>
#include <vector>

#include "vitrum/sim/protocol/cuzr.hpp"
#include "vitrum/sim/protocol/stages.hpp"

namespace vitrum::sim {

// Two frames of the melt: it flows, and has no Bragg peaks.
[[nodiscard]] std::vector<std::string> melt_warnings(const StageOutput& melt);

// A sample at constant volume and energy: no crystal, on target [K, GPa] within the errors of its own means, of the
// mean volume of `hold` and of the mean energy of `equilibrate`, no drift of its energy.
[[nodiscard]] std::vector<std::string> sample_warnings(const StageOutput& hold, const StageOutput& equilibrate,
                                                       const StageOutput& sample, double temperature, double pressure);

[[nodiscard]] std::vector<std::string> health_warnings(const CuZrOptions& options, const FinishedStages& stages);

}  // namespace vitrum::sim
