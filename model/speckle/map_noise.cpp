#include "model/speckle/map_noise.hpp"

#include <boost/math/distributions/normal.hpp>

namespace vitrum::model {

double MapNoise::variance(double rho) const {
    const double m = modes;
    const double mu = mean;
    const double c = 1 + rho / m;
    const double m11 = mu * mu * c;
    const double m21 = mu * mu * mu * (1 + 1 / m) * (1 + 2 * rho / m);
    const double m22 =
        mu * mu * mu * mu * (m + 1) / (m * m * m) *
        (m * (m + 1) * (1 - rho) * (1 - rho) + 2 * rho * (1 - rho) * (m + 1) * (m + 2) + rho * rho * (m + 2) * (m + 3));
    const double v11 = m22 + 2 * m21 + m11 - m11 * m11;
    const double v1 = mu + mu * mu / m;
    const double c12 = m11 - mu * mu;
    const double c1 = m21 + m11 - m11 * mu;
    return (v11 / (mu * mu * mu * mu) + 2 * c * c * v1 / (mu * mu) + 2 * c * c * c12 / (mu * mu) -
            4 * c * c1 / (mu * mu * mu)) /
           pixels;
}

double gaussian_width(double fraction) { return 2 * boost::math::quantile(boost::math::normal(), 0.5 + fraction / 2); }

}  // namespace vitrum::model
