// From a protocol that has run to the series that a result holds.
#pragma once

#include <string>
#include <vector>

#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/truth/result.hpp"
#include "vitrum/sim/protocol/protocol.hpp"

namespace vitrum::pipeline {

// Where a stage stands: its number and name, the pressure and temperature at its end.
[[nodiscard]] Abscissa place_of_stage(const sim::ProtocolRun& run, std::size_t stage);

// Estimates of every stage with constant conditions, curves along ramps, thermodynamic traces, notes and warnings.
void add_stages(const sim::Protocol& protocol, const sim::ProtocolRun& run, SeriesResult& series);

// The frames of a sample.
[[nodiscard]] Trajectory trajectory_of(const sim::ProtocolRun& run, std::size_t stage, const std::string& name);

}  // namespace vitrum::pipeline
