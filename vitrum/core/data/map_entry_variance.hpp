// Variance of one entry of a two-time map, C = N sum k1 k2 / (sum k1 sum k2), to order 1/N: N independent pixels, M
// equal modes, mean count mu, no background, no finite exposure (elsewhere it does not hold). M need not be whole.
// Derived from the moments of two correlated Gamma intensities and Poisson counting; checked by simulation.
#pragma once

namespace vitrum {

struct MapEntry {
    double pixels = 1;  // N
    double modes = 1;   // M
    double mean = 1;    // mu, counts per pixel and frame

    // rho = |g1(t1,t2)|^2 = M (C - 1)
    [[nodiscard]] double variance(double rho) const;
};

// Width of the shortest interval that holds this fraction of a Gaussian of standard deviation 1: 3.2897 for 90 %.
[[nodiscard]] double gaussian_width(double fraction);

}  // namespace vitrum
