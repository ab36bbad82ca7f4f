#include "vitrum/model/relaxation/renewal.hpp"

#include <cmath>
#include <string>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/uniform.hpp"

namespace vitrum::model {

namespace {

// Less than this of the probability is left out of a sum over the number of events.
constexpr double nothing = 1e-16;

// Integral over [0, t] of the distribution of the sum of n waiting times.
double integral(const Renewal& r, std::size_t n, double t) {
    if (n == 0) return t;
    const double a = static_cast<double>(n) * r.shape;
    const double x = r.shape * t / r.mean_wait;
    return t * boost::math::gamma_p(a, x) - a * r.mean_wait / r.shape * boost::math::gamma_p(a + 1, x);
}

}  // namespace

double Renewal::unbroken(double time) const {
    if (time <= 0) return 1;
    const double x = shape * time / mean_wait;
    return boost::math::gamma_q(shape + 1, x) - time / mean_wait * boost::math::gamma_q(shape, x);
}

double Renewal::at_least(std::size_t n, double time) const {
    if (n == 0) return 1;
    if (time <= 0) return 0;
    return (integral(*this, n - 1, time) - integral(*this, n, time)) / mean_wait;
}

double Renewal::laplace(double s, double advance, double time) const {
    if (time <= 0) return 1;
    const double z = std::exp(-s * advance);
    double sum = unbroken(time);
    double weight = z;
    double before = at_least(1, time);
    for (std::size_t n = 1; before > nothing && weight > nothing; ++n) {
        const double after = at_least(n + 1, time);
        sum += weight * (before - after);
        before = after;
        weight *= z;
    }
    return sum;
}

double Renewal::variance_of_events(double time) const {
    if (time <= 0) return 0;
    const double mean = mean_events(time);
    double square = 0;  // <N^2> = sum (2n - 1) P(N >= n)
    for (std::size_t n = 1;; ++n) {
        const double p = at_least(n, time);
        square += (2 * static_cast<double>(n) - 1) * p;
        if (static_cast<double>(n) > mean && p < nothing * (1 + square)) return square - mean * mean;
    }
}

double Renewal::local_exponent(double time) const {
    const double p = unbroken(time);
    const double survival = boost::math::gamma_q(shape, shape * time / mean_wait);
    return -time * survival / (mean_wait * p * std::log(p));
}

ClockPath Renewal::draw(double advance, double from, double until, Stream& stream) const {
    ClockPath path{.steps = true};
    // The interval that holds the start is met in proportion to its length: Gamma(k + 1), cut anywhere.
    const double scale = mean_wait / shape;
    double t = from + uniform(stream) * boost::random::gamma_distribution<double>(shape + 1, scale)(stream);
    boost::random::gamma_distribution<double> wait(shape, scale);
    double value = 0;
    for (; t < until; t += wait(stream)) {
        path.times.push_back(t);
        path.values.push_back(value += advance);
        path.sizes.push_back(1);
    }
    return path;
}

void check(const Renewal& r) {
    const auto need = [](bool holds, const std::string& message) {
        if (!holds) throw InputError(message);
    };
    need(r.shape > 0 && std::isfinite(r.shape),
         fmt::format("shape = {}: the shape of a gamma law is positive", r.shape));
    need(r.mean_wait > 0 && std::isfinite(r.mean_wait),
         fmt::format("mean_wait = {} s: the mean time between events is positive", r.mean_wait));
}

}  // namespace vitrum::model
