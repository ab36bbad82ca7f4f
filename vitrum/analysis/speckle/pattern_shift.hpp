// Motion of the speckle pattern as a whole: the shift of the peak of the two-dimensional cross-correlation between
// frames, summed in windows, split into a uniform shift u (sample or detector moves) and a radial one (strain: a pixel
// at r from the beam moves by e r, e = dq/q). Where there is a peak away from zero, what looks like decorrelation at
// fixed pixels is motion; where there is no peak at all, the dynamics took it.
//
//   c(d) = sum_r (A(r) - <A>) (B(r+d) - <B>)       by Fourier transform, for each of n x n tiles and for their sum
//
// The peak of the sum must stand out of the other displacements (robust standard deviation; 1 % chance for all of
// them together), each tile's peak near it likewise. Sub-pixel by a Gaussian through three points along each axis
// (exact for Gaussian speckle). Then least squares of u + e (r - r0) over the tiles; errors from their scatter.
//
// Neighbouring pixels must share speckles: below about 1.5 pixels a speckle the fraction of a pixel is lost. Gains and
// static scattering have a peak of their own at zero and pull towards it. Displacements up to a quarter of a tile.
#pragma once

#include <vector>

#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct ShiftOptions {
    std::size_t window = 0;            // [frames] summed; 0 = a twentieth of the run
    std::size_t tiles = 4;             // n x n, fewer where tiles would be below 16 pixels
    double centre_row = not_a_number;  // [pixels] of the beam; the middle of the detector if not given
    double centre_column = not_a_number;
};

// For each pair of neighbouring windows, at abscissa window: pattern_shift_rows, pattern_shift_columns [pixels] at the
// beam centre, pattern_strain, aligned_correlation (C - 1 at the peak). Then the sums over the run, without abscissa.
// no_data where there is no peak above the noise; pattern_strain also with fewer than 4 clear tiles. Throws InputError:
// fewer than 32 x 32 pixels, or fewer than 2 windows.
[[nodiscard]] std::vector<Estimate> pattern_shift(const SpeckleSeries& series, const ShiftOptions& options = {});

// What pattern_shift throws of these frames, without the work. Returns the window in use.
std::size_t check_shift(const SpeckleSeries& series, const ShiftOptions& options);

}  // namespace vitrum::analysis
