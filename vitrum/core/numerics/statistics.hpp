// Means, variances and their errors, once for the whole program. Sums run in the order of the values.
#pragma once

#include <cstddef>
#include <limits>
#include <span>

namespace vitrum {

// NaN for no values.
[[nodiscard]] double mean(std::span<const double> values);

// Squares about the mean over n - 1; NaN for fewer than 2 values.
[[nodiscard]] double sample_variance(std::span<const double> values);

struct Spread {
    double mean = std::numeric_limits<double>::quiet_NaN();
    double sd = std::numeric_limits<double>::quiet_NaN();  // of one value
    std::size_t n = 0;
    [[nodiscard]] double error() const;  // of the mean
};
// NaN for fewer than 2 values.
[[nodiscard]] Spread spread_of(std::span<const double> values);

struct BlockedMean {
    double mean = 0;
    double error = 0;
};

// Mean of a correlated series. Flyvbjerg and Petersen (J. Chem. Phys. 91, 461 (1989)): the error from block means,
// block length doubled again and again; the largest of these errors with at least 6 blocks is taken, so that short
// series err on the safe side. Zero error for fewer than 2 values.
[[nodiscard]] BlockedMean blocked_mean(std::span<const double> values);

// Standard error from the values of a delete-one-group jackknife; NaN for fewer than 2.
[[nodiscard]] double jackknife_error(std::span<const double> left_out);

}  // namespace vitrum
