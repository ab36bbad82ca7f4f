// Speckle of atoms in a periodic box at its own wavevectors (vitrum/core/atoms/xray_peak.hpp): bins of |q|,
// intensities. All sums run in a fixed order: the same bits for any number of threads.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "vitrum/core/atoms/wavevectors.hpp"
#include "vitrum/core/data/trajectory.hpp"

namespace vitrum::model {

// Fine bins of |q|, so that S(|q|) is smooth within one.
struct QBins {
    std::vector<std::size_t> of;  // bin of each wavevector
    std::size_t count = 0;
    std::size_t fewest = 0;  // wavevectors in the smallest bin
};

// Bins at least `width` [1/angstrom] wide with at least `fewest` wavevectors each (all in one bin if there are fewer).
// With 32 vectors and n independent times the mean of a bin is known to 1/sqrt(32 n), 4 % of S for 20 decay times.
[[nodiscard]] QBins make_bins(std::span<const Wavevector> vectors, double width = 0.02, std::size_t fewest = 32);

// Speckle: |rho|^2 divided by its mean over all frames and all wavevectors of the same bin (frames x wavevectors).
// Not by each wavevector's own time mean: that mean follows the wavevector's own fluctuations and lowers g2.
[[nodiscard]] std::vector<float> speckle_intensity(std::span<const std::complex<double>> amplitudes, std::size_t frames,
                                                   const QBins& bins);

// Moves every frame so that the centre of mass stands still. Intensities do not notice; F(q, t) would.
// Coordinates must be unwrapped. masses: of each atom.
void remove_drift(std::span<AtomFrame> frames, std::span<const double> masses);

}  // namespace vitrum::model
