// What a simulation of atoms knows of the speckle that it made: the atoms, their scattering without photons, and their
// own scattering function at the same wavevectors.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/atoms/wavevectors.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/trajectory.hpp"

namespace vitrum {

// |F|^2 of the atoms, and what a paired comparison needs: |F|^2 from all wavevectors but those of one group.
struct PairedReference {
    Curve g2;                                   // 1 + mean over wavevectors of |F_q(t)|^2 against lag [s]
    std::vector<std::size_t> group;             // of each wavevector
    std::vector<std::vector<double>> left_out;  // groups x lags
};

struct AtomsBehind {
    PairedReference reference;
    std::vector<float> intensity;         // frames x wavevectors, mean near 1
    std::vector<Wavevector> wavevectors;  // of the series' pixels
    std::vector<double> weight;           // f^2 of each element at the first peak
    double mean_count = 0;                // photons of each wavevector and frame
    Trajectory trajectory;                // unwrapped, free of drift
};

}  // namespace vitrum
