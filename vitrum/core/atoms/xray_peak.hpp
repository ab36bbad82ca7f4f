// X-ray amplitudes of atoms in a periodic cell, and the first peak of their S(q).
//
// q = 2 pi h^-T n with whole numbers n; rho_n = sum_j f_j(|q|) exp(2 pi i n.s_j), s fractional coordinates.
// All sums run in a fixed order: the same bits for any number of threads.
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/core/atoms/wavevectors.hpp"
#include "vitrum/core/data/trajectory.hpp"

namespace vitrum {

// Amplitudes [electrons] of every frame, frames x wavevectors. `species`: of each atom, an index into `factors`.
// `vectors` must be ordered by n, as wavevectors() returns them.
[[nodiscard]] std::vector<std::complex<double>> xray_amplitudes(std::span<const AtomFrame> frames,
                                                                std::span<const int> species,
                                                                std::span<const FormFactor> factors,
                                                                std::span<const Wavevector> vectors);

// Total x-ray structure factor (Faber-Ziman) from |rho|^2 / N: [I/N - (<f^2> - <f>^2)] / <f>^2. `fractions` of the
// atoms, of each of `factors`.
[[nodiscard]] double xray_structure_factor(double intensity_per_atom, std::span<const double> fractions,
                                           std::span<const FormFactor> factors, double q);

struct XrayPeak {
    double q = 0;         // [1/angstrom]
    double height = 0;    // of S(q)
    bool inside = false;  // false: S(q) rises towards an end of the range searched; q is that end's bin
};

// First peak of the x-ray S(q), binned in q and refined by a parabola. Every wavevector of at most 64 frames is used.
[[nodiscard]] XrayPeak first_xray_peak(std::span<const AtomFrame> frames, std::span<const int> species,
                                       std::span<const FormFactor> factors, double q_low = 2.0, double q_high = 3.6);

}  // namespace vitrum
