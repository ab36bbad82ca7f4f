// Internal clock of a relaxation: Lambda(t) = integral_0^t dt'/tau(t') plus jumps, dimensionless and non-decreasing, so
// that exp(-|Lambda2 - Lambda1|^beta) is positive definite for every 0 < beta <= 2 (a monotone change of time keeps
// positive definiteness; Schoenberg 1938). t is the age of the sample [s].
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vitrum::model {

enum class ClockKind {
    stationary,    // tau = tau0
    ageing,        // tau = tau0 exp(t/tau_star), constant from plateau_time on
    accelerating,  // tau = tau0 exp(-t/tau_star), constant from plateau_time on
    piecewise,     // tau = taus[i] from times[i] on; taus[0] before times[0] too
    table,         // ln tau linear between (times[i], taus[i]), constant outside
    beam_damage,   // tau = tau0 / (1 + t/damage_time) from age 0, when the beam opens; tau0 before
};

[[nodiscard]] std::string_view name(ClockKind kind);
[[nodiscard]] std::vector<std::string> clock_names();
[[nodiscard]] ClockKind clock_from(std::string_view name);  // throws InputError

struct InternalClock {
    ClockKind kind = ClockKind::stationary;
    double tau0 = 1;                   // [s] at age 0: all but piecewise and table
    double tau_star = 1;               // [s] ageing, accelerating
    double plateau_time = -1;          // [s] ageing, accelerating; negative = none
    double damage_time = 1;            // [s] beam_damage: time in the beam after which tau is halved
    std::vector<double> times{};       // [s] increasing: piecewise, table
    std::vector<double> taus{};        // [s] one for each time
    std::vector<double> jump_times{};  // [s] increasing: the clock leaps by jump_sizes[i] >= 0 at jump_times[i]
    std::vector<double> jump_sizes{};

    [[nodiscard]] double at(double t) const;   // Lambda(t) - Lambda(0)
    [[nodiscard]] double tau(double t) const;  // [s] 1/(dLambda/dt), jumps apart
    // g1 depends on the lag alone.
    [[nodiscard]] bool stationary() const { return kind == ClockKind::stationary && jump_times.empty(); }
};

// Throws InputError: times must be finite and positive, tables increasing and of equal length, jumps not negative.
void check(const InternalClock& clock);

}  // namespace vitrum::model
