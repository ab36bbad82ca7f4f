#include "vitrum/core/data/map_entry_variance.hpp"

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum {

double MapEntry::variance(double rho) const {
    const double m = modes;
    const double mu = mean;
    // Moments of two intensities of mean 1: <I1 I2>, <I1^2 I2>, <I1^2 I2^2>.
    const double c = 1 + rho / m;
    const double i21 = (1 + 1 / m) * (1 + 2 * rho / m);
    const double i22 =
        (m + 1) / (m * m * m) *
        (m * (m + 1) * (1 - rho) * (1 - rho) + 2 * rho * (1 - rho) * (m + 1) * (m + 2) + rho * rho * (m + 2) * (m + 3));
    // Variance of k1 k2, and how it and the two means move together, in units of mu.
    const double product = i22 + 2 * i21 / mu + c / (mu * mu) - c * c;
    const double single = 1 / mu + 1 / m;
    const double cross = c - 1;
    const double with_product = i21 + c / mu - c;
    return (product + 2 * c * c * single + 2 * c * c * cross - 4 * c * with_product) / pixels;
}

double gaussian_width(double fraction) { return 2 * normal_factor(fraction); }

}  // namespace vitrum
