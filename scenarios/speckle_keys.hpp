// Keys that every source with a synthetic detector shares.
#pragma once

#include "model/speckle/speckle_source.hpp"
#include "scenarios/section.hpp"

namespace vitrum::scenarios {

// frames, rows, columns, frame_time, beta, modes, mean_count; tau is left to the source.
[[nodiscard]] model::SpeckleOptions read_detector_and_field(Section& section);

// Rough seconds of one core to make and correlate this series.
[[nodiscard]] double cost_of(const model::SpeckleOptions& options);

}  // namespace vitrum::scenarios
