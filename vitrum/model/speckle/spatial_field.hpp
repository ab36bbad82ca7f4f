// Speckle with grains: the field is a sum of plane waves over the detector, each with a temporal path of its own,
//   E(x,t) = sum_jk sqrt(S_j S_k) a_jk(t) exp(i k_j x'_rows(t)) exp(i k_k x'_columns(t)),
// read where the pattern stands at time t. At each instant that is two small matrix products; <E(x1,t1) E*(x2,t2)> =
// g1(t1,t2) mu(x1'(t1) - x2'(t2)) holds exactly for the waves in use. The whole series is held in memory: frames x
// pixels floats, and the paths of one coherent mode.
#pragma once

#include <cstddef>
#include <memory>

#include "vitrum/core/stream.hpp"
#include "vitrum/model/spatial/spatial_law.hpp"
#include "vitrum/model/speckle/speckle_field.hpp"

namespace vitrum::model {

[[nodiscard]] std::unique_ptr<SpeckleField> spatial_speckle(const SpeckleOptions& options, const StreamKey& key);

// The law that goes with it; nullptr for independent pixels. `gain` of each pixel, 0 where it counts nothing.
[[nodiscard]] std::shared_ptr<const PatternLaw> pattern_law(const SpeckleOptions& options, const StreamKey& key,
                                                            const std::vector<double>& gain);

// Rough operations per coherent mode, for the expected cost.
[[nodiscard]] double pattern_work(const SpeckleOptions& options);

// Throws InputError where the motion goes so far, or the grain is so fine, that the paths need more than 2 GiB.
void check_pattern_memory(const SpeckleOptions& options, const StreamKey& key);

}  // namespace vitrum::model
