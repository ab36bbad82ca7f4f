// Where the energy of a liquid is smallest along an isotherm, found twice. Exact thermodynamics:
//   (dU/dP)_T = (dV/dP)_T [T (dP/dT)_V - P],
// so U(P) at fixed T has its minimum where P = T (dP/dT)_V. One estimate fits U(P) of each isotherm by a polynomial and
// takes its minimum; the other fits ln V(T, P) by a polynomial in both and solves P = T (dP/dT)_V =
// -T (dV/dT)_P/(dV/dP)_T. They use different data and must agree: a check of energies, volumes and pressures at once.
//
// U may be the potential energy: a classical kinetic energy is the same at all pressures of an isotherm.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct LiquidState {
    double temperature = 0;  // [K]
    double pressure = 0;     // [GPa]
    double energy = not_a_number;
    double volume = not_a_number;
    double energy_error = not_a_number;  // standard errors; NaN where unknown: the scatter about the fit is used then
    double volume_error = not_a_number;
};

struct LiquidEnergyOptions {
    // Of the polynomials in P; fewer where there are fewer pressures. That of U rises, to 8 at most, as long as the
    // next two powers together improve the fit (p < 0.1): what the form misses is then within the noise.
    std::size_t pressure_degree = 3;
    std::size_t temperature_degree = 2;                // of ln V in T; fewer where there are fewer temperatures
    double rejection_level = vitrum::rejection_level;  // of the laws' p
};

// At abscissa temperature: energy_minimum_pressure [GPa], thermal_pressure_equality [GPa] and their difference,
// energy_minimum_difference (0 if all is right; errors of both taken as independent), energy_minimum_p of the
// polynomial through U. Curves "thermal_pressure_NNNNK": T (dP/dT)_V against P at the pressures of each isotherm.
// Isotherms are states of the same temperature (to 1e-6). not_resolved: no minimum, or no equality, between the lowest
// and the highest pressure; no_data: fewer than 4 pressures on the isotherm (3 with errors), or one temperature only
// for the second estimate; law_rejected: chi^2 about the polynomial has p below the level. Throws InputError: T or V
// not positive.
[[nodiscard]] Findings liquid_energy_minimum(const std::vector<LiquidState>& states,
                                             const LiquidEnergyOptions& options = {});

}  // namespace vitrum::analysis
