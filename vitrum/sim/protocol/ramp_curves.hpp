// Curves along a ramp of temperature or pressure: energy, enthalpy, volume and inherent energy per atom.
#pragma once

#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/sim/protocol/protocol.hpp"

namespace vitrum::sim {

// potential_energy_of_temperature, enthalpy_..., atomic_volume_... and, where inherent structures were asked for,
// inherent_energy_of_temperature and inherent_pressure_of_temperature (or ..._of_pressure). Empty for other stages.
//
// x is the target of thermostat or barostat, increasing; y the mean over an equal part of the ramp (at most 64 parts,
// 20 rows at least), its error blocked about the part's own straight line. Enthalpy: kinetic + potential + P V with the
// target pressure. Inherent structures are single ones: no error.
[[nodiscard]] std::vector<Curve> ramp_curves(const ProtocolRun& run, std::size_t stage);

}  // namespace vitrum::sim
