// Internal clocks that run at random, with stationary increments:
//   gamma       over a time t the clock advances by a gamma variate of mean t/tau and variance step t/tau
//   two_state   its rate jumps between 1/tau_fast and 1/tau_slow, a Markov process with mean dwells time_fast,
//   time_slow avalanche   at Poisson times it leaps by kappa S, S the size of a Galton-Watson avalanche
// On a drawn clock g1 = exp(-|Lambda2 - Lambda1|^beta) is exact for every beta. Over the population, <exp(-s dLambda)>
// is known, and for beta = 1 with it every moment of g1: <|g1|^2> at s = 2, <|g1|^4> at s = 4.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "vitrum/core/stream.hpp"
#include "vitrum/model/avalanche/galton_watson.hpp"

namespace vitrum::model {

enum class RandomClockKind { none, gamma, two_state, avalanche };

[[nodiscard]] std::vector<std::string> random_clock_names();  // without "none"

struct RandomClock {
    RandomClockKind kind = RandomClockKind::none;
    double tau = 1;        // [s] gamma: inverse of the mean rate
    double step = 1;       // gamma: variance over mean of the advance; 0 would be the steady clock
    double tau_fast = 1;   // [s] two_state
    double tau_slow = 1;   // [s]
    double time_fast = 1;  // [s] mean time spent in the fast state at a stretch
    double time_slow = 1;  // [s]
    double rate = 1;       // [1/s] avalanche: of their Poisson process
    double kappa = 1;      // avalanche: advance of the clock by one event of an avalanche
    GaltonWatson sizes{};

    // <exp(-s (Lambda(t0 + t) - Lambda(t0)))>, s >= 0, t >= 0 [s]; the same for every t0.
    [[nodiscard]] double laplace(double s, double t) const;
    [[nodiscard]] double mean_rate() const;  // <dLambda/dt> [1/s]; infinite for critical avalanches
};

// Throws InputError: ranges of the parameters of its kind.
void check(const RandomClock& clock);

// A drawn clock, or one from a catalogue: knots (times, values), in between linear, or constant (steps).
struct ClockPath {
    bool steps = false;
    std::vector<double> times{};   // [s] age, increasing
    std::vector<double> values{};  // after the step, non-decreasing
    std::vector<double> sizes{};   // of the avalanche at each step; else empty

    [[nodiscard]] bool empty() const { return times.empty(); }
    [[nodiscard]] double at(double t) const;  // constant outside the knots; 0 before the first step
};

// The clock over ages `from` .. `until` [s]. The gamma clock is drawn at the instants alone (increasing ages [s]).
[[nodiscard]] ClockPath draw(const RandomClock& clock, std::span<const double> instants, double from, double until,
                             Stream& stream);

// Leaps by kappa times `sizes` at `times`. Throws InputError: lengths, order, negative or infinite sizes.
[[nodiscard]] ClockPath catalogue_path(std::vector<double> times, std::vector<double> sizes, double kappa);

}  // namespace vitrum::model
