// The speckle of simulated atoms as a data set: photons counted at the wavevectors of their box, and the atoms behind
// it as its truth.
#pragma once

#include <string>
#include <vector>

#include "vitrum/core/data/data_set.hpp"
#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/core/truth/labelled.hpp"

namespace vitrum::pipeline {

struct SpeckleOfAtoms {
    std::string what;       // "1024 atoms at 1500 K"
    double half_width = 0;  // [1/angstrom] of the shell of wavevectors around the first peak
    double mean_count = 0;  // photons of each wavevector and frame
    std::string lammps_version;
    int ranks = 1;
    std::vector<std::string> warnings;
};

// Throws as model::atom_speckle.
[[nodiscard]] Labelled<DataSet> speckle_of_atoms(Trajectory trajectory, const SpeckleOfAtoms& how,
                                                 const StreamKey& key);

}  // namespace vitrum::pipeline
