// What the thermodynamic log of one stage of a simulation says: time averages and drift at constant conditions, curves
// along a ramp. Errors of time averages are blocked (Flyvbjerg and Petersen 1989, doi:10.1063/1.457480).
#pragma once

#include <optional>
#include <vector>

#include "vitrum/core/data/findings.hpp"

namespace vitrum::analysis {

// Rows of equal length; a quantity that the log does not have is empty. Energies and volumes per atom.
struct ThermoLog {
    std::vector<double> temperature;         // [K]
    std::vector<double> pressure;            // [GPa] virial and kinetic
    std::vector<double> potential_energy;    // [eV]
    std::vector<double> total_energy;        // [eV] kinetic and potential
    std::vector<double> conserved_energy;    // [eV] with what thermostat and barostat took: its drift is asked for
    std::vector<double> volume;              // [angstrom^3]
    std::vector<double> mass;                // [g/mol] per atom, the same in each row
    std::vector<double> target_temperature;  // [K] of the thermostat: the stage is controlled
    std::vector<double> target_pressure;     // [GPa] of the barostat
    // Of minimised configurations, one a row.
    std::vector<double> inherent_energy;    // [eV]
    std::vector<double> inherent_pressure;  // [GPa] virial
    std::vector<double> inherent_volume;    // [angstrom^3]

    [[nodiscard]] std::size_t rows() const;
};

struct ThermoLogOptions {
    // Share of the rows that is left out of averages, from the beginning. Absent: half of a controlled stage, whose
    // beginning is the way there; none of one without targets, which begins in equilibrium or not at all.
    std::optional<double> discard;
    double long_ramp = 500;  // [K] a ramp of temperature from which on a glass transition is looked for
};

// Estimates, at constant conditions: temperature, pressure, potential_energy, enthalpy (kinetic + potential + P V with
// the target pressure, or the mean one without a target), atomic_volume, density; energy_drift [eV] over the stage:
// last quarter less first quarter, times 4/3, of all rows. One minimised row: inherent_energy, inherent_pressure,
// without error. Along a ramp of temperature over long_ramp or more: glass_transition_temperature, ..._spread, ..._p of
// H(T) and V(T) (coordinate "curve"). Curves, along a ramp: potential_energy_of_temperature, enthalpy_...,
// atomic_volume_... (or ..._of_pressure), and inherent_energy_of_..., inherent_pressure_of_..., inherent_volume_of_...
// of minimised rows. x is the target, increasing; y the mean over an equal part of the ramp (at most 64 parts, 20 rows
// at least), its error blocked about the part's own straight line. Minimised rows are single: no error. Throws
// InputError: no rows, rows of unequal number, a discard outside [0, 1).
[[nodiscard]] Findings thermo_log(const ThermoLog& log, const ThermoLogOptions& options = {});

}  // namespace vitrum::analysis
