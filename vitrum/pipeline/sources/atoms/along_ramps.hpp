// What the ramps of a protocol show: glass transition, icosahedra along a cooling, rearrangements under compression.
#pragma once

#include "vitrum/core/truth/result.hpp"
#include "vitrum/sim/protocol/protocol.hpp"

namespace vitrum::pipeline {

// glass_transition_temperature and glass_transition_spread from H(T) and V(T) of every ramp of at least 500 K, at
// {stage, pressure, temperature, curve}; icosahedra_fraction of the inherent structures along a ramp as a curve, of all
// atoms and of those of the first element; energy drops of the inherent structures of all ramps of pressure, in their
// order.
void add_along_ramps(const sim::ProtocolRun& run, SeriesResult& series);

}  // namespace vitrum::pipeline
