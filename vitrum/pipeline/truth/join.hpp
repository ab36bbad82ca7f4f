// The one place where what was found meets what is true: after the estimator has ended, by quantity and abscissa.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/truth/ground_truth.hpp"
#include "vitrum/pipeline/estimators/estimator.hpp"

namespace vitrum::pipeline {

// The truth of one part of a data set, completed by what follows from it for these findings: parameters of a reference
// curve, fitted by `run` as the data were; motion between windows of `shift_window` frames (0: not asked for); events
// found are numbered as the true ones are.
[[nodiscard]] GroundTruth join_truth(Findings& found, const GroundTruth& whole, const Estimator& run,
                                     std::size_t shift_window);

// Numbers the events found as the truth numbers its own: each true event, in order of time, takes the nearest one found
// within `tolerance` and four standard errors. Those that match none follow behind the last true one.
void match_events(std::vector<Estimate>& estimates, const GroundTruth& truth, double tolerance);

}  // namespace vitrum::pipeline
