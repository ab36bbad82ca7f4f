// The intermediate scattering function straight from the complex amplitudes: what speckle g2 should show.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/truth/atoms_behind.hpp"
#include "vitrum/model/scattering/scattering.hpp"

namespace vitrum::model {

// Curve "g2": x = lag [s], lags of 1 .. frames/2 frames; y = 1 + mean over wavevectors of |F_q(t)|^2.
//
// F of a set of wavevectors is sum_q <rho_q(t0) rho_q*(t0+t)> / sum_q <|rho_q|^2>, averaged over all origins t0, the
// denominator over the same frames as the numerator. Within a fine bin of |q| all wavevectors of a liquid share F, so
// |F|^2 is the product of F from two disjoint halves of the bin, free of the bias that squaring one noisy F has; mean
// over 8 ways to halve; bins weighted by their number of wavevectors. The amplitudes must be free of drift.
//
// y_error: delete-one-group jackknife over 16 groups of wavevectors (different wavevectors of a liquid fluctuate
// independently); it holds the noise of these atoms in this run, not the spread from run to run. Errors of
// neighbouring lags are strongly correlated.
[[nodiscard]] Curve reference_g2(std::span<const std::complex<double>> amplitudes, std::size_t frames,
                                 const QBins& bins, double frame_time);

// The same with what a paired comparison needs.
[[nodiscard]] PairedReference reference(std::span<const std::complex<double>> amplitudes, std::size_t frames,
                                        const QBins& bins, double frame_time);

}  // namespace vitrum::model
