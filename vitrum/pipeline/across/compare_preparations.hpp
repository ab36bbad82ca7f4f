// Quantities over several preparations of molecular dynamics: differences between two sources, and where the liquid's
// energy is least in pressure.
#pragma once

#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

// Of `source` and the one that it is compared with: group_difference (this source less the other) of every quantity
// that both have at a stage of the same name, pressure and temperature; error from the spread between quenches, Welch.
// Points of the sweep go together by their number; a source of one point is compared with all.
void add_differences(const std::vector<SourcePlan>& sources, const std::string& source, const std::string& other,
                     Result& result);

// At each of `isotherms` [K]: energy_minimum_pressure, thermal_pressure_equality and energy_minimum_difference
// (vitrum/analysis/thermo/liquid_energy_minimum.hpp) from potential_energy_of_temperature and
// atomic_volume_of_temperature of its quenches within 250 K of the isotherm: their mean, errors from their spread; of
// one quench its own errors.
void add_energy_minima(const std::vector<SourcePlan>& sources, const std::string& source,
                       const std::vector<double>& isotherms, Result& result);

// tg_pressure_slope of every source with glass_transition_temperature at several pressures, from H(T) and from V(T):
// the straight line through all quenches, errors from their scatter about it. no_data with fewer than 3 of them.
void add_tg_slopes(const std::vector<SourcePlan>& sources, Result& result);

}  // namespace vitrum::pipeline
