// Renewal events with Gamma(k) waiting times: each event takes the share a of the correlation, g1 = (1-a)^N, N the
// events of a time t of the stationary process. Not Markov for k != 1, so beta > 1 comes out of instantaneous events:
// with S the survival of the waiting times, m their mean, x = k t/m,
//   P(N = 0) = (1/m) integral_t^inf S(u) du = Q(k+1, x) - (t/m) Q(k, x)
// k = 1: exp(-t/m); k -> infinity, regular events: 1 - t/m. And with G_a(t) = t P(a, x) - (a m/k) P(a+1, x), the
// integral of the distribution of a Gamma(a) time, P(N >= n) = (G_{(n-1)k} - G_{nk})/m, G_0 = t (Cox, Renewal Theory,
// 1962). P, Q: incomplete gamma functions, normalised. Units: s.
#pragma once

#include <cstddef>

#include "vitrum/core/stream.hpp"
#include "vitrum/model/relaxation/random_clock.hpp"

namespace vitrum::model {

struct Renewal {
    double shape = 4;      // k
    double mean_wait = 1;  // m [s]

    [[nodiscard]] double unbroken(double time) const;                 // P(N = 0)
    [[nodiscard]] double at_least(std::size_t n, double time) const;  // P(N >= n)
    // <exp(-s advance N)>: |g1|^2 of a clock that leaps by `advance` is at s = 2, its square at s = 4 (beta = 1). With
    // e^-advance = 1 - a this is <(1-a)^(s N)>.
    [[nodiscard]] double laplace(double s, double advance, double time) const;
    [[nodiscard]] double mean_events(double time) const { return time / mean_wait; }
    [[nodiscard]] double variance_of_events(double time) const;
    // d ln(-ln P(N = 0))/d ln t, time > 0: the exponent beta that a fit sees there. From 1 at short times it grows for
    // k > 1 and falls for k < 1.
    [[nodiscard]] double local_exponent(double time) const;
    // Steps of a clock at the events in [from, until), stationary from the start.
    [[nodiscard]] ClockPath draw(double advance, double from, double until, Stream& stream) const;
};

// Throws InputError: positive shape and mean.
void check(const Renewal& renewal);

}  // namespace vitrum::model
