// Covariance of g2 = mean of normalised diagonals from the law of the data: N independent pixels, M equal modes of a
// stationary Gaussian field with real g1, Poisson counts of mean mu. Two parts (vitrum/core/data/map_entry_variance.hpp
// is their sum for one pair of frames):
//   counting   exact: independent between frames given the intensities; what two lags share through a common frame is
//   in speckle    from the joint cumulants of M Gaussian modes, kappa(I1..Ik) = M^(1-k) times the sum over cycles of
//   g1:
//              pairs of frames within about tau of each other see the same speckle and do not count twice
// To order 1/N. Not in it: correlated neighbours, background and static parts, unequal modes, finite exposure,
// intermittent or ageing dynamics. Derived from the moments; checked by simulation and by the map entry's variance.
#pragma once

#include <functional>

#include <Eigen/Core>

#include "vitrum/core/data/curve.hpp"

namespace vitrum::analysis {

struct SpeckleNoise {
    double pixels = 1;                            // N
    double modes = 1;                             // M = 1/contrast
    double mean = 1;                              // mu, counts per pixel and frame
    std::function<double(std::size_t lag)> g1{};  // of a lag in frames, 1 at 0, decreasing
};

inline constexpr std::size_t most_formula_lags = 1500;

// Covariance of g2 at lags 1 .. lags of a run of `frames` frames, all pairs used.
[[nodiscard]] Eigen::MatrixXd g2_covariance(std::size_t frames, std::size_t lags, const SpeckleNoise& noise);

// Sets covariance factor, errors and method of the first `lags` points of g2 (lag = 1, 2, ... frames); the others get
// none. With |g1|^2 from a fit the error is that of the fitted law. Throws InputError beyond most_formula_lags.
void add_formula_errors(Curve& g2, std::size_t frames, std::size_t lags, const SpeckleNoise& noise);

}  // namespace vitrum::analysis
