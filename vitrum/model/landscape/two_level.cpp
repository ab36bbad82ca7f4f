#include "vitrum/model/landscape/two_level.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::model {

double TwoLevelSystem::asymmetry(double pressure) const {
    return formation_volume * (pressure - crossing_pressure) * ev_per_gpa_a3;
}

double TwoLevelSystem::saddle(double pressure) const { return barrier + pressure * activation_volume * ev_per_gpa_a3; }

double TwoLevelSystem::rate_left_to_right(double pressure) const {
    const double kt = boltzmann_ev * temperature;
    return attempt_rate * std::exp(-(saddle(pressure) + asymmetry(pressure) / 2) / kt);
}

double TwoLevelSystem::rate_right_to_left(double pressure) const {
    const double kt = boltzmann_ev * temperature;
    return attempt_rate * std::exp(-(saddle(pressure) - asymmetry(pressure) / 2) / kt);
}

double TwoLevelSystem::tau(double pressure) const {
    const double kt = boltzmann_ev * temperature;
    return std::exp(saddle(pressure) / kt) / (2 * attempt_rate * std::cosh(asymmetry(pressure) / (2 * kt)));
}

double TwoLevelSystem::right_occupation(double pressure) const {
    return 1 / (1 + std::exp(asymmetry(pressure) / (boltzmann_ev * temperature)));
}

double TwoLevelSystem::apparent_activation_volume(double pressure) const {
    const double kt = boltzmann_ev * temperature;
    return activation_volume - formation_volume / 2 * std::tanh(asymmetry(pressure) / (2 * kt));
}

double TwoLevelSystem::mean_activation_volume(double pressure1, double pressure2) const {
    return boltzmann_gpa_a3 * temperature * std::log(tau(pressure2) / tau(pressure1)) / (pressure2 - pressure1);
}

double TwoLevelSystem::pressure_of_longest_tau() const {
    const double ratio = 2 * activation_volume / formation_volume;
    if (!(std::abs(ratio) < 1)) return std::numeric_limits<double>::quiet_NaN();
    return crossing_pressure + 2 * boltzmann_gpa_a3 * temperature / formation_volume * std::atanh(ratio);
}

double TwoLevelSystem::visible_amplitude(double pressure, double q, double jump) const {
    const double right = right_occupation(pressure);
    const double x = q * jump;
    const double sinc = x == 0 ? 1 : std::sin(x) / x;
    return 2 * right * (1 - right) * (1 - sinc);
}

void check(const TwoLevelSystem& s, double pressure) {
    const auto need = [](bool holds, const std::string& message) {
        if (!holds) throw InputError(message);
    };
    need(s.temperature > 0 && std::isfinite(s.temperature),
         fmt::format("temperature = {} K: a temperature is positive", s.temperature));
    need(s.attempt_rate > 0 && std::isfinite(s.attempt_rate),
         fmt::format("attempt_rate = {} 1/s: an attempt rate is positive", s.attempt_rate));
    need(std::isfinite(pressure) && std::isfinite(s.formation_volume) && std::isfinite(s.activation_volume),
         "pressures and volumes must be finite");
    need(s.saddle(pressure) > std::abs(s.asymmetry(pressure)) / 2,
         fmt::format(
             "at {} GPa the barrier ({:.4g} eV) is below half the asymmetry ({:.4g} eV): there is no second well "
             "left; raise barrier or lower formation_volume",
             pressure, s.saddle(pressure), std::abs(s.asymmetry(pressure)) / 2));
}

}  // namespace vitrum::model
