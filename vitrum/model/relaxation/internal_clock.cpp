#include "vitrum/model/relaxation/internal_clock.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::model {

namespace {

constexpr std::array names{"stationary", "ageing", "accelerating", "piecewise", "table", "beam_damage"};

// Integral of dt/tau over the first `t` of a stretch where ln tau is linear with this slope.
double stretch(double tau, double slope, double t) {
    return slope == 0 ? t / tau : -std::expm1(-slope * t) / (slope * tau);
}

double exponential(const InternalClock& c, double t) {
    const double slope = (c.kind == ClockKind::ageing ? 1 : -1) / c.tau_star;
    if (c.plateau_time < 0 || t <= c.plateau_time) return stretch(c.tau0, slope, t);
    return stretch(c.tau0, slope, c.plateau_time) + (t - c.plateau_time) / c.tau(c.plateau_time);
}

// From times[0]; negative before.
double tabled(const InternalClock& c, double t) {
    const auto n = c.times.size();
    if (t <= c.times.front()) return (t - c.times.front()) / c.taus.front();
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const bool last = i + 1 == n;
        const double until = last ? t : std::min(t, c.times[i + 1]);
        const double slope = last || c.kind == ClockKind::piecewise
                                 ? 0
                                 : std::log(c.taus[i + 1] / c.taus[i]) / (c.times[i + 1] - c.times[i]);
        sum += stretch(c.taus[i], slope, until - c.times[i]);
        if (last || t <= c.times[i + 1]) break;
    }
    return sum;
}

double continuous(const InternalClock& c, double t) {
    switch (c.kind) {
        case ClockKind::stationary: return t / c.tau0;
        case ClockKind::ageing:
        case ClockKind::accelerating: return exponential(c, t);
        case ClockKind::piecewise:
        case ClockKind::table: return tabled(c, t) - tabled(c, 0);
        case ClockKind::beam_damage: return t * (1 + std::max(t, 0.0) / (2 * c.damage_time)) / c.tau0;
    }
    return 0;
}

void need(bool holds, const std::string& message) {
    if (!holds) throw InputError(message);
}

bool time_like(double value) { return value > 0 && std::isfinite(value); }

void check_table(const InternalClock& c) {
    need(!c.times.empty(), "tau_times is empty: this clock needs a list of times, and tau_values one tau for each");
    need(c.times.size() == c.taus.size(),
         fmt::format("tau_values has {} entries, tau_times {}: one tau for each time", c.taus.size(), c.times.size()));
    for (std::size_t i = 0; i < c.times.size(); ++i) {
        need(std::isfinite(c.times[i]) && (i == 0 || c.times[i] > c.times[i - 1]),
             fmt::format("tau_times: {} s at place {} does not increase", c.times[i], i + 1));
        need(time_like(c.taus[i]),
             fmt::format("tau_values: {} s at place {}; a relaxation time is positive", c.taus[i], i + 1));
    }
}

}  // namespace

std::string_view name(ClockKind kind) { return names.at(static_cast<std::size_t>(kind)); }

std::vector<std::string> clock_names() { return {names.begin(), names.end()}; }

ClockKind clock_from(std::string_view text) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names.at(i) == text) return static_cast<ClockKind>(i);
    throw InputError(fmt::format("clock = \"{}\" is unknown{}", text, suggestion(text, clock_names())));
}

double InternalClock::at(double t) const {
    double lambda = continuous(*this, t);
    for (std::size_t i = 0; i < jump_times.size(); ++i) {
        if (jump_times[i] <= t) lambda += jump_sizes[i];
        if (jump_times[i] <= 0) lambda -= jump_sizes[i];
    }
    return lambda;
}

double InternalClock::tau(double t) const {
    switch (kind) {
        case ClockKind::stationary: return tau0;
        case ClockKind::ageing:
        case ClockKind::accelerating: {
            const double until = plateau_time < 0 ? t : std::min(t, plateau_time);
            return tau0 * std::exp((kind == ClockKind::ageing ? until : -until) / tau_star);
        }
        case ClockKind::beam_damage: return tau0 / (1 + std::max(t, 0.0) / damage_time);
        case ClockKind::piecewise:
        case ClockKind::table: break;
    }
    const auto next = static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), t) - times.begin());
    if (next == 0) return taus.front();
    if (next == times.size() || kind == ClockKind::piecewise) return taus[next - 1];
    const double along = (t - times[next - 1]) / (times[next] - times[next - 1]);
    return taus[next - 1] * std::pow(taus[next] / taus[next - 1], along);
}

void check(const InternalClock& c) {
    const bool exponential = c.kind == ClockKind::ageing || c.kind == ClockKind::accelerating;
    if (c.kind == ClockKind::piecewise || c.kind == ClockKind::table)
        check_table(c);
    else
        need(time_like(c.tau0), fmt::format("{} = {} s: a relaxation time is positive",
                                            c.kind == ClockKind::stationary ? "tau" : "tau0", c.tau0));
    if (c.kind == ClockKind::beam_damage)
        need(time_like(c.damage_time),
             fmt::format("damage_time = {} s: damage_dose/dose_rate, a positive time", c.damage_time));
    if (exponential) {
        need(time_like(c.tau_star),
             fmt::format("tau_star = {} s: the time that changes tau by e is positive", c.tau_star));
        need(std::isfinite(c.plateau_time), fmt::format("plateau_time = {} s: it must be finite", c.plateau_time));
    }
    need(c.jump_times.size() == c.jump_sizes.size(),
         fmt::format("jump_sizes has {} entries, jump_times {}: one size for each time", c.jump_sizes.size(),
                     c.jump_times.size()));
    for (std::size_t i = 0; i < c.jump_times.size(); ++i) {
        need(std::isfinite(c.jump_times[i]) && (i == 0 || c.jump_times[i] > c.jump_times[i - 1]),
             fmt::format("jump_times: {} s at place {} does not increase", c.jump_times[i], i + 1));
        need(c.jump_sizes[i] >= 0 && std::isfinite(c.jump_sizes[i]),
             fmt::format("jump_sizes: {} at place {}; the clock only goes forward", c.jump_sizes[i], i + 1));
    }
}

}  // namespace vitrum::model
