// The beam that a synthetic series saw, as beamlines record it beside their frames.
#pragma once

#include <vector>

#include "vitrum/core/data/time_series.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::pipeline {

// "incident_intensity" [relative, mean near 1] of each frame at its start; none where the beam is constant.
[[nodiscard]] std::vector<TimeSeries> beam_trace(const model::SpeckleOptions& options, const StreamKey& key);

}  // namespace vitrum::pipeline
