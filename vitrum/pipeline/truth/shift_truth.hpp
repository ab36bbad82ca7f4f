// What the shift and strain of a pattern were between the windows of frames that an estimator compared: from the path
// that the source knows, once the windows are known.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/truth/ground_truth.hpp"

namespace vitrum::pipeline {

// For each row pattern_shift_rows, pattern_shift_columns, pattern_strain of `estimates` a truth row at the same place:
// the path of the pattern at the middle of the detector, mean of a window less that of the window before; without a
// window, of the last less the first. 0 where a pattern with a grain does not move. pattern_strain only where rows and
// columns share it; nothing for independent pixels. `window` and `frames` as in the estimate.
void add_shift_truth(const std::vector<Estimate>& estimates, std::size_t window, std::size_t frames,
                     GroundTruth& truth);

}  // namespace vitrum::pipeline
