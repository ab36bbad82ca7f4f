// Contrast of one frame from the statistics of its counts, over the pixels of one region and all frames:
//   probabilities    2 P0 P2 / P1^2 - 1, P_k = fraction of pixels with k photons: 1/M for M equal modes at every mean,
//                    one mean for all pixels and frames; unequal modes or a drifting mean bend it
//   factorial        <k(k-1)> / <k>^2 - 1, both averages free of drift of the beam:
//                    sum_t sum_p k(k-1) / N over sum_t (S^2 - sum_p k^2) / (N (N-1)), S = sum_p k
// Both return gamma (the frozen part of the speckle included, what moves within a frame blurred): the amplitude of g2
// less its static part. A mean that differs from pixel to pixel adds its CV^2 to both. Errors: leaving out groups of
// neighbouring pixels, so that frames that share their speckle do not count twice; right if groups are larger than a
// speckle. Lost frames are left out, empty ones count as what they are.
#pragma once

#include <cstdint>
#include <vector>

#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct PhotonStatistics {
    double pixels = 0;               // N
    double mean = 0;                 // mu, counts per pixel and frame
    double contrast = not_a_number;  // factorial
    double contrast_error = not_a_number;
};
[[nodiscard]] PhotonStatistics photon_statistics(const SpeckleSeries& series, const std::vector<std::uint32_t>& pixels);

// Rows contrast_probabilities and contrast_factorial. no_data: fewer than 40 pixels, or no pair of photons in one
// pixel; not_resolved: fewer than 10 pixels with the pair (their error cannot be trusted). Throws InputError where
// intensities are no counts.
[[nodiscard]] std::vector<Estimate> contrast_from_photons(const SpeckleSeries& series, std::int32_t region = 0);

}  // namespace vitrum::analysis
