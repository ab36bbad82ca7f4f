// Where speckle departs from the scattering function it is meant to show: g2(dt) - 1 against |F(q, dt)|^2 of the same
// atoms at the same wavevectors.
//
// A field that is Gaussian at every wavevector would give g2 - 1 = |F|^2 (Siegert). A finite box, a finite number of
// wavevectors and a finite number of photons each add something. All errors here are of the paired difference: groups
// of wavevectors are left out of both sides at once.
#pragma once

#include <cstddef>
#include <span>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/truth/atoms_behind.hpp"

namespace vitrum::model {

// Values with the paired error of a jackknife over the reference's groups of wavevectors.
struct PairedMean {
    double value = 0;
    double error = 0;
};

struct Departure {
    // g2 - 1 - |F|^2 against lag [s], g2 the mean over t of C(t, t + dt), symmetric normalisation.
    Curve curve;
    PairedMean mean;  // over the lags with |F|^2 > 0.1: where there is something to see; NaN if there are none
};

// intensity: frames x wavevectors (counts or |rho|^2), of the wavevectors that the reference was made of.
[[nodiscard]] Departure departure(const PairedReference& reference, std::span<const float> intensity,
                                  std::size_t frames);

// <I^2>/<I>^2 - 1 over all frames and wavevectors: 1 for a Gaussian field, less in a small box (1 - 1/N for an ideal
// gas of N atoms). Counts would add their own noise: for intensities without photons only.
[[nodiscard]] PairedMean intensity_variance(const PairedReference& reference, std::span<const float> intensity,
                                            std::size_t frames);

}  // namespace vitrum::model
