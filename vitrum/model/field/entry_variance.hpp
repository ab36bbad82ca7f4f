// Variance of one entry of a two-time map, C = N sum k1 k2 / (sum k1 sum k2), to order 1/N, for N independent pixels
// and any detector whose light is linear in the speckle: unequal modes, exposures, backgrounds, static parts, dark
// counts, gains. Nothing is simulated: the speckle's joint cumulants are traces of the field's correlation over the
// instants of both exposures (quadratic forms of a complex Gaussian vector), its moments follow from them, the counts'
// from Poisson. For equal modes and nothing else it is core/map_entry_variance.
#pragma once

#include <array>
#include <vector>

#include <Eigen/Core>

namespace vitrum::model {

// Pixels that count, with dark counts in common.
struct PixelClass {
    double dark = 0;                             // [counts]
    std::array<double, 5> gains{1, 1, 1, 1, 1};  // [k]: sum of G^k of the class over all pixels in use, over N
};

// A pixel of gain G receives level_i G U_i + dark, U = moving S + still S' + flat of mean 1: S the speckle averaged
// over the exposure, S' a static speckle of its own.
struct TwoFrames {
    Eigen::MatrixXd g1;                      // of the instants of the first exposure, then of the second
    std::array<double, 5> shares{};          // [r]: sum over modes of share^r; shares sum to 1
    double moving = 1, still = 0, flat = 0;  // sum to 1
    double level1 = 1, level2 = 1;           // [counts]
    std::vector<PixelClass> classes{{}};
    double pixels = 1;  // N in use
};

[[nodiscard]] double entry_variance(const TwoFrames& frames);

}  // namespace vitrum::model
