// What any estimator could reach in a cell of a study, where its model gives a bound.
#pragma once

#include <string>
#include <vector>

#include "vitrum/validation/bounds/bound.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::validation {

// Of the data set `series`: rows for the quantities that have a bound. Of speckle whose pixels rarely see three photons
// within a correlation time that of pairs of photons (kind limit), else that of all measurements of the light (loose);
// more than 1000 frames: none.
[[nodiscard]] std::vector<Bound> bounds_of(const Cell& cell, const std::string& series);

}  // namespace vitrum::validation
