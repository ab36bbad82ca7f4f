// The speckle of atoms near their first diffraction peak, before photons are counted, and their own scattering function
// at the same wavevectors.
#pragma once

#include "vitrum/core/truth/atoms_behind.hpp"

namespace vitrum::model {

struct AtomSpeckle {
    double frame_time = 0;  // [s]
    double peak = 0;        // [1/angstrom] position of the first peak of the x-ray S(q)
    bool clear_peak = true;
    AtomsBehind behind;  // without mean_count
};

// Of an unwrapped trajectory with a constant interval, of elements whose form factors are known. Its wavevectors are
// those within half_width [1/angstrom] of the peak. Throws InputError: an element without form factor, fewer than two
// frames; RunError: fewer than 16 wavevectors; Interrupted.
[[nodiscard]] AtomSpeckle atom_speckle(Trajectory trajectory, double half_width);

}  // namespace vitrum::model
