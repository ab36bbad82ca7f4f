// The distribution f of x from values y = x + e, e Gaussian of known standard deviation: the nonparametric maximum of
// likelihood over all distributions on a grid (Kiefer and Wolfowitz 1956; computed by the constrained Newton method of
// Wang 2007). It has few atoms; of a sample without any spread beyond the noise it is one atom, so that its width is
// exactly zero. Values need not be independent: correlation makes the result more uncertain, not biased.
#pragma once

#include <vector>

namespace vitrum::analysis {

struct Distribution {
    std::vector<double> at;    // increasing
    std::vector<double> mass;  // sums to 1
    double step = 0;           // of the grid: nothing finer is resolved

    // Width of the smallest interval that holds at least this mass; 0 of one atom.
    [[nodiscard]] double shortest_interval(double fraction) const;
};

// At least one value, all finite; sigma >= 0. With sigma = 0 it is the histogram.
[[nodiscard]] Distribution deconvolve(const std::vector<double>& values, double sigma);

// Mean of several distributions: that of histograms averaged over scans.
[[nodiscard]] Distribution mean_of(const std::vector<Distribution>& parts);

}  // namespace vitrum::analysis
