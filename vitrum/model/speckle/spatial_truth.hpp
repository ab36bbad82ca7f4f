// Truth of a pattern with grains and of what moves: see speckle_source.hpp.
#pragma once

#include "vitrum/core/stream.hpp"
#include "vitrum/core/truth/ground_truth.hpp"
#include "vitrum/model/detector/detector.hpp"
#include "vitrum/model/spatial/spatial_law.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {

// effective_pixels; how the pattern moved, as curves over the age; tau_motion and tau_apparent where the decay depends
// on the lag alone. `pattern` may be nullptr.
void add_pattern_truth(const SpeckleOptions& options, const Kernel& kernel, const PatternLaw* pattern,
                       const DrawnDetector& drawn, GroundTruth& truth);

// Variance of a map entry at |g1|^2 = rho; a pattern at rest before a perfect detector.
[[nodiscard]] double grain_entry_variance(const SpeckleOptions& options, const PatternLaw& pattern, double rho);

}  // namespace vitrum::model
