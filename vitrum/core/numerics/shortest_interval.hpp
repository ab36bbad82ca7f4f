// Width of the shortest interval that holds a share of a set of values: Delta C of those of C(t, t + tau).
#pragma once

#include <vector>

namespace vitrum {

// Of at least ceil(share n) of the n values, in their unit; infinite if there are none. Sorts them.
[[nodiscard]] double shortest_interval(std::vector<double>& values, double share);

}  // namespace vitrum
