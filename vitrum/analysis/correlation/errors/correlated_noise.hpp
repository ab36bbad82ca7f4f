// Covariance of two entries of a two-time map along one diagonal, C(t, t + lag) and C(t + s, t + s + lag), for M equal
// modes of a stationary complex Gaussian field, Poisson counts of mean mu and N independent pixels, to order 1/N: the
// sum of pair_noise.hpp. At s = 0 this is the variance of vitrum/core/data/map_entry_variance.hpp.
#pragma once

#include <vector>

namespace vitrum::analysis {

struct EntryNoise {
    double pixels = 1;  // N
    double modes = 1;   // M
    double mean = 1;    // mu
    double tau = 1;     // [frames] g1 = exp(-(t/tau)^beta)
    double beta = 1;
};

// K(s), s = 0 .. values - 1.
[[nodiscard]] std::vector<double> entry_covariance(const EntryNoise& noise, std::size_t lag, std::size_t values);

// Expected variance of n values of a stationary process about their own mean (n - 1 in the denominator): K(0) less what
// the mean takes with it.
[[nodiscard]] double in_run_variance(const std::vector<double>& covariance, std::size_t n);

}  // namespace vitrum::analysis
