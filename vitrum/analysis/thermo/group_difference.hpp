// Difference of the means of two groups of samples, as of ln tau of two preparations of a glass. A fit's error bar says
// how well one sample was measured, not how much samples differ.
#pragma once

#include <vector>

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct MeasuredSample {
    double value = not_a_number;
    double error = not_a_number;  // of its measurement
};

enum class GroupErrors {
    measurement,  // those of the measurements alone: right only if samples do not differ
    samples,      // the spread between samples of a group, with Welch's degrees of freedom: wants two in each
};

// One row, group_difference = mean of b - mean of a. samples: a group of one gives no_data.
[[nodiscard]] std::vector<Estimate> group_difference(const std::vector<MeasuredSample>& a,
                                                     const std::vector<MeasuredSample>& b, GroupErrors errors);

}  // namespace vitrum::analysis
