// Shells of neighbours: the minima of g(r) that bound them.
#pragma once

#include "vitrum/core/data/curve.hpp"

namespace vitrum::analysis {

struct Shells {
    double first_peak = 0;      // [angstrom] top of the first peak of at least half the highest point
    double first_minimum = 0;   // [angstrom] end of the first shell; NaN if it is not in the data
    double second_minimum = 0;  // [angstrom] end of the second shell; NaN likewise
};

// Lowest point of g, averaged over +-smoothing [angstrom], between 1.15 and 1.75 times the first peak, and between 1.75
// and 2.5 times it: where the minima of dense liquids, glasses and close-packed crystals lie. A minimum at an end of
// its range is none.
[[nodiscard]] Shells shells(const Curve& pair_distribution, double smoothing = 0.1);

}  // namespace vitrum::analysis
