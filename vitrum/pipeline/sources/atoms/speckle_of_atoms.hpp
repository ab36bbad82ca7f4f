// The speckle of simulated atoms as a data set for the correlation chain.
#pragma once

#include <string>

#include "vitrum/core/data/data_set.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/core/truth/labelled.hpp"
#include "vitrum/sim/protocol/cuzr.hpp"

namespace vitrum::pipeline {

// One "pixel" per wavevector, counted by the same detector as synthetic fields; beside it what the atoms say themselves
// (atoms_beside_speckle.hpp), and as reference truth g2 straight from their amplitudes. Name, title and place are the
// caller's. `what` begins the first note ("1024 atoms at 1500 K"); the run's warnings become notes.
[[nodiscard]] Labelled<DataSet> speckle_of_atoms(const sim::CuZrRun& run, const std::string& what, double half_width,
                                                 double mean_count, const StreamKey& key);

}  // namespace vitrum::pipeline
