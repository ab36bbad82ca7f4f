// Where the speckle of atoms departs from what the atoms themselves say: g2 - 1 against |F|^2 of the same atoms, and
// heterogeneity both ways. Both sides share the atoms' noise, so the comparison is paired: it needs the data and the
// truth together.
#pragma once

#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/truth/atoms_behind.hpp"

namespace vitrum::pipeline {

// Estimates, curves and notes; `series` holds the counts of the atoms' wavevectors.
[[nodiscard]] Findings atoms_beside_speckle(const AtomsBehind& atoms, const SpeckleSeries& series);

}  // namespace vitrum::pipeline
