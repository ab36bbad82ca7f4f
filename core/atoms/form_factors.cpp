#include "core/atoms/form_factors.hpp"

#include <cmath>
#include <numbers>

namespace vitrum {

double FormFactor::operator()(double q) const {
    const double s = q / (4 * std::numbers::pi);
    double f = c;
    for (std::size_t i = 0; i < a.size(); ++i) f += a[i] * std::exp(-b[i] * s * s);
    return f;
}

double copper_copper_weight(double copper_fraction, double q) {
    const double cu = copper_fraction * copper(q);
    const double mean = cu + (1 - copper_fraction) * zirconium(q);
    return cu * cu / (mean * mean);
}

}  // namespace vitrum
