// Mean of a correlated series with a blocked standard error; errors of a jackknife.
#pragma once

#include <span>

namespace vitrum::sim {

struct BlockedMean {
    double mean = 0;
    double error = 0;
};

// Flyvbjerg and Petersen (J. Chem. Phys. 91, 461 (1989)): the error from block means, block length doubled again and
// again; the largest of these errors with at least 6 blocks is taken, so that short series err on the safe side.
// Zero error for fewer than 2 values.
[[nodiscard]] BlockedMean blocked_mean(std::span<const double> values);

// Standard error from the values of a delete-one-group jackknife.
[[nodiscard]] double jackknife_error(std::span<const double> left_out);

}  // namespace vitrum::sim
