#include "vitrum/validation/plan/plan_optics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace vitrum::validation {

namespace {

constexpr double angstrom_per_um = 1e4;
const double fwhm_per_sigma = 2 * std::sqrt(2 * std::numbers::ln2);

// Simpson's weights and places on [0, 1], finer where the integrand falls fast.
struct Grid {
    std::vector<double> x, weight;

    explicit Grid(double steepness) {
        const auto n = 2 * static_cast<std::size_t>(std::clamp(60 + 8 * steepness, 60.0, 2000.0));
        const double step = 1 / static_cast<double>(n);
        for (std::size_t i = 0; i <= n; ++i) {
            x.push_back(static_cast<double>(i) * step);
            weight.push_back(step / 3 * (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2));
        }
    }
};

}  // namespace

double pair_mean(double a) {
    if (std::abs(a) < 1e-2) return 1 - a * a / 6 + a * a * a * a / 30;
    return std::sqrt(std::numbers::pi) * std::erf(a) / a + std::expm1(-a * a) / (a * a);
}

double pixel_factor(double grain_radial, double grain_transverse) {
    const double root = std::sqrt(std::numbers::pi);
    return pair_mean(root / grain_radial) * pair_mean(root / grain_transverse);
}

double exposure_factor(double exposure_over_tau, double beta) {
    // u = v^2 takes the cusp of u^beta at 0 away.
    const Grid grid(std::sqrt(exposure_over_tau) * 4);
    double sum = 0;
    for (std::size_t i = 0; i < grid.x.size(); ++i) {
        const double u = grid.x[i] * grid.x[i];
        sum += grid.weight[i] * 2 * grid.x[i] * (1 - u) * std::exp(-2 * std::pow(u * exposure_over_tau, beta));
    }
    return 2 * sum;
}

double in_plane_factor(const ScatteringVolume& v) {
    const double k_sigma = 2 * std::numbers::pi / v.wavelength * v.bandwidth / fwhm_per_sigma;
    const double across = k_sigma * v.beam_size * angstrom_per_um * std::sin(v.two_theta);
    const double along = k_sigma * v.thickness * angstrom_per_um * (1 - std::cos(v.two_theta));
    const double transverse = v.beam_size / v.coherence_length;
    const Grid x(std::hypot(std::abs(across), transverse));
    const Grid z(std::abs(along));
    double sum = 0;
    for (std::size_t i = 0; i < x.x.size(); ++i) {
        double inner = 0;
        for (std::size_t j = 0; j < z.x.size(); ++j) {
            const double plus = x.x[i] * across + z.x[j] * along;
            const double minus = x.x[i] * across - z.x[j] * along;
            inner += z.weight[j] * (1 - z.x[j]) * (std::exp(-plus * plus) + std::exp(-minus * minus));
        }
        sum += x.weight[i] * (1 - x.x[i]) * std::exp(-std::pow(x.x[i] * transverse, 2)) * inner;
    }
    return 2 * sum;
}

double out_of_plane_factor(const ScatteringVolume& v) { return pair_mean(v.beam_size / v.coherence_length); }

}  // namespace vitrum::validation
