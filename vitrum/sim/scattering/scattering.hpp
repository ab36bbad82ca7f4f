// Scattered amplitudes of a periodic box at its own wavevectors, the first x-ray peak, and speckle intensities.
//
// q = 2 pi h^-T n with whole numbers n; rho_n = sum_j f_j(|q|) exp(2 pi i n.s_j), s fractional coordinates.
// Only one of q and -q is kept (half space): their intensities are the same number.
// All sums run in a fixed order: the same bits for any number of threads.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "vitrum/core/atoms/wavevectors.hpp"
#include "vitrum/sim/worker/worker_protocol.hpp"

namespace vitrum::sim {

using Box = CellMatrix;

// x-ray amplitudes [electrons] of every frame, frames x wavevectors. species: 1 = Cu, 2 = Zr for each atom.
// `vectors` must be ordered by n, as wavevectors() returns them.
[[nodiscard]] std::vector<std::complex<double>> xray_amplitudes(std::span<const Frame> frames,
                                                                std::span<const int> species,
                                                                std::span<const Wavevector> vectors);

// Total x-ray structure factor (Faber-Ziman) from |rho|^2 / N: [I/N - (<f^2> - <f>^2)] / <f>^2.
[[nodiscard]] double structure_factor(double intensity_per_atom, double copper_fraction, double q);

struct Peak {
    double q = 0;         // [1/angstrom]
    double height = 0;    // of S(q)
    bool inside = false;  // false: S(q) rises towards an end of the range searched; q is that end's bin
};

// First peak of the x-ray S(q), binned in q and refined by a parabola. Every wavevector of at most 64 frames is used.
[[nodiscard]] Peak first_peak(std::span<const Frame> frames, std::span<const int> species, double q_low = 2.0,
                              double q_high = 3.6);

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
void remove_drift(std::span<Frame> frames, std::span<const double> masses);

}  // namespace vitrum::sim
