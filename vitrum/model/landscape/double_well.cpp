#include "vitrum/model/landscape/double_well.hpp"

#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::model {

namespace {

void need(bool holds, const std::string& message) {
    if (!holds) throw InputError(message);
}

void need_attempt(const char* key, double value) {
    need(value > 0 && std::isfinite(value), fmt::format("{} = {} 1/s: an attempt rate is positive", key, value));
}

// 1 - (1 - e^-x)/x, which is 1 for an endless window.
double settled(double x) {
    if (x < 1e-4) return x / 2 - x * x / 6;
    return 1 + std::expm1(-x) / x;
}

}  // namespace

double Rates::one_way() const { return to_right * (to_left / sum()); }

double Rates::right_after(double right, double t) const {
    const double x = -sum() * t;
    return right * std::exp(x) - this->right() * std::expm1(x);
}

double Rates::flux(double right) const { return (1 - right) * to_right + right * to_left; }

double Rates::spin_correlation(double t) const {
    const double p = right();
    return 4 * p * (1 - p) * std::exp(-sum() * t);
}

double Rates::fano_one_way(double window) const {
    return 1 - 2 * (to_right / sum()) * (to_left / sum()) * settled(sum() * window);
}

double Rates::fano_all(double window) const {
    const double difference = (to_right - to_left) / sum();
    return 1 + difference * difference * settled(sum() * window);
}

Rates DoubleWell::rates(double temperature) const {
    const double kt = boltzmann_ev * temperature;
    return {attempt_left * std::exp(-(saddle + asymmetry / 2) / kt),
            attempt_right * std::exp(-(saddle - asymmetry / 2) / kt)};
}

double DoubleWell::effective_asymmetry(double temperature) const {
    return asymmetry - boltzmann_ev * temperature * std::log(attempt_left / attempt_right);
}

double LowWell::rate_up(double temperature) const {
    return attempt_low * std::exp(-barrier / (boltzmann_ev * temperature));
}

double LowWell::rate_down(double temperature) const {
    return attempt_high * std::exp(-(barrier - asymmetry) / (boltzmann_ev * temperature));
}

LowWell seen_from_low(const DoubleWell& w) {
    const bool left = w.asymmetry >= 0;
    return {w.saddle + std::abs(w.asymmetry) / 2, std::abs(w.asymmetry), left, left ? w.attempt_left : w.attempt_right,
            left ? w.attempt_right : w.attempt_left};
}

DoubleWell symmetric(const LowWell& w) {
    return {w.barrier - w.asymmetry / 2, w.low_is_left ? w.asymmetry : -w.asymmetry,
            w.low_is_left ? w.attempt_low : w.attempt_high, w.low_is_left ? w.attempt_high : w.attempt_low};
}

double transition_state_attempt(double omega_well) { return omega_well / (2 * std::numbers::pi); }

double kramers_attempt(double omega_well, double omega_barrier, double friction) {
    // sqrt(g^2/4 + w^2) - g/2 without its cancellation at high friction.
    const double root = std::hypot(friction / 2, omega_barrier) + friction / 2;
    return transition_state_attempt(omega_well) * omega_barrier / root;
}

double overdamped_attempt(double omega_well, double omega_barrier, double friction) {
    return transition_state_attempt(omega_well) * omega_barrier / friction;
}

void check_temperature(double temperature) {
    need(temperature > 0 && std::isfinite(temperature),
         fmt::format("temperature = {} K: a temperature is positive", temperature));
}

void check(const DoubleWell& w) {
    need_attempt("attempt_left", w.attempt_left);
    need_attempt("attempt_right", w.attempt_right);
    need(std::isfinite(w.saddle) && std::isfinite(w.asymmetry), "saddle and asymmetry must be finite");
    need(w.saddle > std::abs(w.asymmetry) / 2,
         fmt::format("the barrier ({:.4g} eV) is below half the asymmetry ({:.4g} eV): there is no second well left; "
                     "raise the barrier or lower the asymmetry",
                     w.saddle, std::abs(w.asymmetry) / 2));
}

void check(const LowWell& w) {
    need(w.asymmetry >= 0, fmt::format("asymmetry = {} eV: seen from the lower well it is not negative", w.asymmetry));
    check(symmetric(w));
}

}  // namespace vitrum::model
