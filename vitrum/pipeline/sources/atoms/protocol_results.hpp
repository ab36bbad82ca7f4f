// From a protocol that has run to its data: the log of each stage, inherent structures along ramps, samples.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vitrum/core/data/data_set.hpp"
#include "vitrum/core/data/time_series.hpp"
#include "vitrum/sim/protocol/protocol.hpp"

namespace vitrum::pipeline {

// Where a stage stands: its number and name, the pressure and temperature at its end.
[[nodiscard]] Abscissa place_of_stage(const sim::ProtocolRun& run, std::size_t stage);

// Thermodynamics of one stage per atom, in the columns of the estimator thermo_log; of a minimise its one
// configuration.
[[nodiscard]] Columns log_of_stage(const sim::Protocol& protocol, const sim::ProtocolRun& run, std::size_t stage);

// Minimised configurations along a ramp: their energies, in the columns of thermo_log, and their atoms; without rows
// where none were asked for.
[[nodiscard]] Columns minima_of_ramp(const sim::ProtocolRun& run, std::size_t stage);
[[nodiscard]] Trajectory inherent_trajectory(const sim::ProtocolRun& run, std::size_t stage, const std::string& name);

// Of all ramps of pressure one after the other, of the whole sample: pressure, energy, volume, for energy_drops.
[[nodiscard]] Columns minima_under_pressure(const sim::ProtocolRun& run);

// Minima of a quasistatic stage, of the whole sample: pressure, energy, volume, shear stress and strain, for
// energy_drops; and their atoms along the strain (of a volume: 1 - V/V0), where they were kept.
[[nodiscard]] Columns path_of_quasistatic(const sim::ProtocolRun& run, std::size_t stage);
[[nodiscard]] Trajectory quasistatic_trajectory(const sim::ProtocolRun& run, std::size_t stage,
                                                const std::string& name);

// The frames of a sample.
[[nodiscard]] Trajectory trajectory_of(const sim::ProtocolRun& run, std::size_t stage, const std::string& name);

// One trace each over the whole protocol, thinned to a few thousand values: temperature, pressure, potential energy,
// volume.
[[nodiscard]] std::vector<TimeSeries> traces_of(const sim::Protocol& protocol, const sim::ProtocolRun& run);

// What was run, by which LAMMPS, and what did not go as asked.
[[nodiscard]] std::vector<std::string> notes_of(const sim::Protocol& protocol, const sim::ProtocolRun& run);

}  // namespace vitrum::pipeline
