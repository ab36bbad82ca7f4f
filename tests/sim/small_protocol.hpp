// A protocol with every kind of step, small enough for a second.
#pragma once

#include "vitrum/sim/protocol/protocol.hpp"

namespace vitrum::sim::testing {

inline Stage stage_of(StageKind kind) {
    Stage stage;
    stage.kind = kind;
    stage.name = name(kind);
    return stage;
}

// melt, quench, compress, hold, minimise, sample
inline Protocol small_protocol() {
    Protocol p;
    p.atoms = 128;
    Stage melt = stage_of(StageKind::melt);
    melt.temperature = 2000;
    melt.time = 0.4e-12;
    Stage quench = stage_of(StageKind::quench);
    quench.temperature = 1000;
    quench.rate = 5e15;
    Stage compress = stage_of(StageKind::compress);
    compress.pressure = 3;
    compress.rate = 2e13;
    Stage hold = stage_of(StageKind::hold);
    hold.time = 0.2e-12;
    const Stage minimise = stage_of(StageKind::minimise);
    Stage sample = stage_of(StageKind::sample);
    sample.equilibration_time = 0.1e-12;
    sample.interval = 0.02e-12;
    sample.frames = 16;
    p.stages = {melt, quench, compress, hold, minimise, sample};
    return p;
}

}  // namespace vitrum::sim::testing
