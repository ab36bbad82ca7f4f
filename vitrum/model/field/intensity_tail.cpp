#include "vitrum/model/field/intensity_tail.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

namespace vitrum::model {

namespace {

double chernoff(const std::vector<double>& shares, double s) {
    // d/du of the exponent, s = sum_m w/(1 - u w), increases with u up to 1/max w: bisection.
    const double most = *std::max_element(shares.begin(), shares.end());
    double low = 0;
    double high = 1 / most;
    for (int i = 0; i < 100; ++i) {
        const double u = (low + high) / 2;
        double mean = 0;
        for (const double w : shares) mean += w / (1 - u * w);
        (mean < s ? low : high) = u;
    }
    double exponent = -low * s;
    for (const double w : shares) exponent -= std::log1p(-low * w);
    return std::min(1.0, std::exp(exponent));
}

}  // namespace

double intensity_tail(const std::vector<double>& shares, double s) {
    if (s <= 0) return 1;
    const bool equal = std::all_of(shares.begin(), shares.end(), [&](double w) { return w == shares.front(); });
    const auto modes = static_cast<double>(shares.size());
    if (equal) return boost::math::gamma_q(modes, modes * s);
    return s <= 1 ? 1 : chernoff(shares, s);
}

double intensity_exceeded_with(const std::vector<double>& shares, double probability) {
    double low = 1;
    double high = 2;
    while (intensity_tail(shares, high) > probability) high *= 2;
    while (high - low > 1e-6 * high) {
        const double middle = (low + high) / 2;
        (intensity_tail(shares, middle) > probability ? low : high) = middle;
    }
    return high;
}

}  // namespace vitrum::model
