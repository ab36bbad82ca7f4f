// Variance of a map entry against the same moments written in counts, and the widths of a Gaussian.
#include "vitrum/core/data/map_entry_variance.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace vitrum {
namespace {

// The delta method on <k1 k2>, <k1>, <k2> with factorial moments of two correlated negative binomials.
double in_counts(const MapEntry& e, double rho) {
    const double m = e.modes;
    const double mu = e.mean;
    const double c = 1 + rho / m;
    const double m11 = mu * mu * c;
    const double m21 = std::pow(mu, 3) * (1 + 1 / m) * (1 + 2 * rho / m);
    const double m22 =
        std::pow(mu, 4) * (m + 1) / std::pow(m, 3) *
        (m * (m + 1) * std::pow(1 - rho, 2) + 2 * rho * (1 - rho) * (m + 1) * (m + 2) + rho * rho * (m + 2) * (m + 3));
    const double v11 = m22 + 2 * m21 + m11 - m11 * m11;
    const double v1 = mu + mu * mu / m;
    const double c12 = m11 - mu * mu;
    const double c1 = m21 + m11 - m11 * mu;
    return (v11 / std::pow(mu, 4) + 2 * c * c * v1 / (mu * mu) + 2 * c * c * c12 / (mu * mu) -
            4 * c * c1 / std::pow(mu, 3)) /
           e.pixels;
}

TEST(MapEntry, EqualsTheMomentsOfCounts) {
    for (const double modes : {1.0, 4.0, 7.3, 30.0})
        for (const double mean : {1e-3, 0.5, 10.0})
            for (const double rho : {0.0, 0.3, 1.0}) {
                const MapEntry e{1000, modes, mean};
                EXPECT_NEAR(e.variance(rho) / in_counts(e, rho), 1, 1e-9) << modes << " " << mean << " " << rho;
            }
}

// Few counts: every pair of photons is a chance, C/(N mu^2).
TEST(MapEntry, LimitOfFewCounts) {
    const MapEntry e{500, 8, 1e-7};
    EXPECT_NEAR(e.variance(0.5) * 500 * 1e-14, 1 + 0.5 / 8, 1e-6);
}

TEST(MapEntry, GaussianWidths) {
    EXPECT_NEAR(gaussian_width(0.9), 3.289707, 1e-6);
    EXPECT_NEAR(gaussian_width(0.8), 2.563103, 1e-6);
    EXPECT_NEAR(gaussian_width(0.7), 2.072867, 1e-6);
    EXPECT_NEAR(gaussian_width(0.6), 1.683242, 1e-6);
}

}  // namespace
}  // namespace vitrum
