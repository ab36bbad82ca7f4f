#include "vitrum/sim/protocol/stages.hpp"

#include <cmath>
#include <utility>

namespace vitrum::sim {

namespace {

Stage make_stage(StageKind kind, const char* name) {
    Stage stage;
    stage.kind = kind;
    stage.name = name;
    stage.row_interval = 50e-15;
    return stage;
}

}  // namespace

Protocol protocol_of(const CuZrOptions& options) {
    Protocol protocol;
    protocol.fractions = {options.copper_fraction, 1 - options.copper_fraction};
    protocol.atoms = options.atoms;
    protocol.potential = options.potential;
    protocol.seed = options.seed;
    protocol.time_step = options.time_step;
    protocol.time_limit = options.time_limit;

    Stage melt = make_stage(StageKind::melt, "melt");
    melt.temperature = options.melt_temperature;
    melt.pressure = 0;
    melt.time = options.melt_time;
    Stage cool =
        make_stage(options.temperature > options.melt_temperature ? StageKind::heat : StageKind::quench, "cool");
    cool.temperature = options.temperature;
    cool.rate = options.cooling_rate;
    Stage compress = make_stage(StageKind::compress, "compress");
    compress.pressure = options.pressure;
    compress.rate = options.compression_rate;
    Stage hold = make_stage(StageKind::hold, "hold");
    hold.time = options.hold_time;
    Stage sample = make_stage(StageKind::sample, "sample");
    sample.equilibration_time = options.equilibration_time;
    sample.interval = options.sampling_interval;
    sample.frames = std::llround(options.sampling_time / options.sampling_interval);
    protocol.stages = {melt, cool, compress, hold, sample};
    return protocol;
}

FinishedStages run_stages(const CuZrOptions& options, const WorkerPlace& place) {
    ProtocolRun run = sim::run(protocol_of(options), place);
    FinishedStages result;
    result.species = std::move(run.species);
    result.lammps_versions = std::move(run.lammps_versions);
    for (FinishedStage& at : run.stages) {
        if (at.stage.kind == StageKind::melt) result.melt = std::move(at.output);
        if (at.stage.kind == StageKind::hold) result.hold = std::move(at.output);
        if (at.stage.kind != StageKind::sample) continue;
        result.equilibrate = std::move(at.equilibrate);
        result.sample = std::move(at.output);
    }
    return result;
}

}  // namespace vitrum::sim
