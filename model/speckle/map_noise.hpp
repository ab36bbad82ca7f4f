// Exact variance of one entry of a two-time map, C = <k1 k2>_p / (<k1>_p <k2>_p), to order 1/N: N independent pixels,
// M equal modes, mean count mu, no background and no finite exposure (elsewhere it does not hold).
#pragma once

namespace vitrum::model {

struct MapNoise {
    double pixels = 1;  // N
    double modes = 1;   // M
    double mean = 1;    // mu, counts per pixel and frame

    // g1_squared = |g1(t1,t2)|^2
    [[nodiscard]] double variance(double g1_squared) const;
};

// Width of the shortest interval that holds this fraction of a Gaussian of standard deviation 1: 3.2897 for 90 %.
[[nodiscard]] double gaussian_width(double fraction);

}  // namespace vitrum::model
