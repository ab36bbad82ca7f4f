#include "vitrum/model/atoms/percus_yevick.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace vitrum::model {

double percus_yevick(double phi, double q) {
    if (!(phi >= 0 && phi < 1)) throw std::invalid_argument("a packing fraction lies between 0 and 1");
    using std::numbers::pi;
    const double void4 = std::pow(1 - phi, 4);
    // c(r) = -(a + b r + e r^3) within the sphere of diameter 1.
    const double a = (1 + 2 * phi) * (1 + 2 * phi) / void4;
    const double b = -6 * phi * (1 + phi / 2) * (1 + phi / 2) / void4;
    const double e = phi / 2 * a;
    // m_n = integral of r^n sin(q r)/q over 0 .. 1.
    double m1 = 0;
    double m2 = 0;
    double m4 = 0;
    if (q < 0.5) {  // series in q^2: the closed forms cancel
        double term = 1;
        for (int k = 0; k < 12; ++k) {
            m1 += term / (2 * k + 3);
            m2 += term / (2 * k + 4);
            m4 += term / (2 * k + 6);
            term *= -q * q / ((2.0 * k + 2) * (2.0 * k + 3));
        }
    } else {
        const double s = std::sin(q);
        const double c = std::cos(q);
        const double q2 = q * q;
        m1 = (s - q * c) / (q2 * q);
        m2 = (2 * q * s - (q2 - 2) * c - 2) / (q2 * q2);
        m4 = (4 * q * (q2 - 6) * s - (q2 * q2 - 12 * q2 + 24) * c + 24) / (q2 * q2 * q2);
    }
    const double rho_c = -6 * phi / pi * 4 * pi * (a * m1 + b * m2 + e * m4);
    return 1 / (1 - rho_c);
}

}  // namespace vitrum::model
