// What the atoms of a molecular-dynamics run say themselves, beside what their speckle says: the departure of g2 - 1
// from |F|^2, and heterogeneity both ways.
#pragma once

#include "vitrum/core/data/data_set.hpp"
#include "vitrum/sim/protocol/cuzr.hpp"

namespace vitrum::pipeline {

// Adds curves, recorded estimates and notes to `set`, whose series holds the counts of the run's wavevectors.
void add_atoms_beside_speckle(const sim::CuZrRun& run, double mean_count, DataSet& set);

}  // namespace vitrum::pipeline
