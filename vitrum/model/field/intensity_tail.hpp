// How bright speckle gets: S = sum_m w_m |E_m|^2 of independent complex normals of unit mean square, shares w of sum 1.
#pragma once

#include <vector>

namespace vitrum::model {

// P(S > s): exact for equal shares (a Gamma tail of M degrees), else the Chernoff bound
// min over u of exp(-u s) prod_m 1/(1 - u w_m), never below the probability.
[[nodiscard]] double intensity_tail(const std::vector<double>& shares, double s);

// The smallest s, to a part in a million, with intensity_tail(s) <= probability.
[[nodiscard]] double intensity_exceeded_with(const std::vector<double>& shares, double probability);

}  // namespace vitrum::model
