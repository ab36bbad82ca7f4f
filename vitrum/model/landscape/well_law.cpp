#include "vitrum/model/landscape/well_law.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::model {

namespace {

double excess_right(const Rates& r) { return (r.to_right - r.to_left) / r.sum(); }

// Where (Omega/2)(p_R - p_L) = -slope: zero of the derivative of ln tau (slope = dV) or ln A (slope = -dV).
Maximum where(const WellLaw& law, double temperature, double slope, const char* what) {
    const double ratio = 2 * slope / law.formation_volume;
    if (!(std::abs(ratio) < 1))
        return {false, std::numeric_limits<double>::quiet_NaN(),
                fmt::format("{} has no maximum over pressure: that needs |activation_volume| < |formation_volume|/2, "
                            "not {} against {} angstrom^3",
                            what, std::abs(law.activation_volume), std::abs(law.formation_volume) / 2)};
    const double kt = boltzmann_gpa_a3 * temperature;
    return {true, law.crossing_pressure(temperature) + 2 * kt / law.formation_volume * std::atanh(ratio), {}};
}

}  // namespace

DoubleWell WellLaw::at(double pressure) const {
    return {barrier + pressure * activation_volume * ev_per_gpa_a3,
            asymmetry + pressure * formation_volume * ev_per_gpa_a3, attempt_left, attempt_right};
}

double WellLaw::apparent_activation_volume(const Conditions& c) const {
    return activation_volume + formation_volume / 2 * excess_right(rates(c));
}

double WellLaw::activity_volume(const Conditions& c) const {
    return -activation_volume + formation_volume / 2 * excess_right(rates(c));
}

double WellLaw::apparent_activation_energy(const Conditions& c) const {
    const DoubleWell well = at(c.pressure);
    return well.saddle + well.asymmetry / 2 * excess_right(well.rates(c.temperature));
}

double WellLaw::crossing_pressure(double temperature) const {
    if (formation_volume == 0) return std::numeric_limits<double>::quiet_NaN();
    return -at(0).effective_asymmetry(temperature) / (formation_volume * ev_per_gpa_a3);
}

WellLaw well_law(const TwoLevelSystem& s) {
    return {s.barrier, s.asymmetry(0), s.activation_volume, s.formation_volume, s.attempt_rate, s.attempt_rate};
}

Maximum longest_tau(const WellLaw& law, double temperature) {
    return where(law, temperature, law.activation_volume, "tau");
}

Maximum highest_activity(const WellLaw& law, double temperature) {
    return where(law, temperature, -law.activation_volume, "the activity");
}

void check(const WellLaw& law, const Conditions& c) {
    check_temperature(c.temperature);
    if (!std::isfinite(c.pressure) || !std::isfinite(law.activation_volume) || !std::isfinite(law.formation_volume))
        throw InputError("pressures and volumes must be finite");
    try {
        check(law.at(c.pressure));
    } catch (const InputError& e) {
        throw InputError(fmt::format("at {} GPa: {}", c.pressure, e.what()));
    }
}

}  // namespace vitrum::model
