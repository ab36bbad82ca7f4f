// Molecular dynamics as a list of stages: from random atoms through melt, quench, compression, annealing to samples.
//
// Every stage is one or two worker processes (vitrum/sim/worker/worker_process.hpp), each started from the restart file
// that the one before left, whether or not the run was ever interrupted: so a killed run goes on at its last stage with
// the same bits. Ranks, suffix and everything else in Protocol belong to what is run; the same protocol gives the same
// bits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "vitrum/sim/worker/worker_place.hpp"
#include "vitrum/sim/worker/worker_process.hpp"

namespace vitrum::sim {

enum class StageKind {
    melt,        // first: new velocities, constant temperature and pressure
    quench,      // cools at a constant rate and pressure
    heat,        // heats at a constant rate and pressure
    hold,        // constant temperature and pressure
    anneal,      // as hold
    compress,    // raises the pressure at a constant rate and temperature
    decompress,  // lowers it
    minimise,    // inherent structure of a copy: the trajectory goes on from the state before
    sample,      // rescaled to the mean volume of the hold before, equilibrated, then constant volume and energy
    quasistatic  // a copy is minimised and deformed step by step, minimised again at each: athermal
};
[[nodiscard]] std::string_view name(StageKind kind);
// False of stages that work on a copy: the trajectory goes on from the state before.
[[nodiscard]] constexpr bool moves(StageKind kind) {
    return kind != StageKind::minimise && kind != StageKind::quasistatic;
}

inline constexpr double as_before = std::numeric_limits<double>::quiet_NaN();

struct Stage {
    StageKind kind = StageKind::hold;
    std::string name;                // of files and results, unique: letters, digits, _
    double temperature = as_before;  // [K] at its end
    double pressure = as_before;     // [GPa] at its end
    double time = 0;                 // [s] melt, hold, anneal
    double rate = 0;                 // [K/s] quench, heat; [GPa/s] compress, decompress
    double inherent_every = 0;       // ramps: an inherent structure every so many K or GPa; 0 = none
    double equilibration_time = 0;   // [s] sample
    double interval = 0;             // [s] sample: between frames
    std::int64_t frames = 0;         // sample
    // [s] between rows of thermodynamics; 0 = 50 fs, and at least 40 rows in a stage
    double row_interval = 0;
    // quasistatic: of the volume, or shear xy
    Deformation deformation = Deformation::compress;
    double strain_step = 0;
    std::int64_t strain_steps = 0;
    bool back = false;            // the same steps the other way, too
    bool configurations = false;  // keep the atoms of each step
};

struct Protocol {
    std::vector<std::string> elements{"Cu", "Zr"};
    std::vector<double> fractions{0.5, 0.5};   // of the atoms, adding to 1
    std::int64_t atoms = 1024;                 // 2 n^3
    std::string potential = "CuZr_mm.eam.fs";  // a path, or a name searched in the usual folders
    std::uint64_t seed = 1;                    // of the arrangement and the first velocities
    double time_step = 2e-15;                  // [s]
    double thermostat_time = 1e-13;            // [s]
    double barostat_time = 1e-12;              // [s]
    std::string suffix;                        // LAMMPS accelerator: opt, omp, intel, gpu; empty = none
    int ranks = 1;                             // of each worker, started by mpirun if more than one
    double time_limit = 3600;                  // [s] without a sign of life from the worker: it hangs
    std::vector<Stage> stages;
};

// Minima of a quasistatic stage after its first.
[[nodiscard]] constexpr std::int64_t minima_of(const Stage& stage) { return (stage.back ? 2 : 1) * stage.strain_steps; }

// What a stage begins and ends with.
struct StageSpan {
    double begin_temperature = 0, end_temperature = 0;  // [K]
    double begin_pressure = 0, end_pressure = 0;        // [GPa]
    double time = 0;                                    // [s] of its dynamics
    [[nodiscard]] bool ramp() const { return begin_temperature != end_temperature || begin_pressure != end_pressure; }
};

// Of every stage. Throws InputError: a stage that jumps, has the wrong direction or no time.
[[nodiscard]] std::vector<StageSpan> spans(const Protocol& protocol);

// Everything that can be known before anything runs. Throws InputError.
void check(const Protocol& protocol);

// Molecular-dynamics steps of all stages: for estimates of the time left.
[[nodiscard]] double steps(const Protocol& protocol);

// What fixes the trajectory: all but patience; the potential by its content.
[[nodiscard]] nlohmann::json identity(const Protocol& protocol, const std::filesystem::path& potential);

// A stage that has run. Ramps of zero length are left out of a run: no rows.
struct FinishedStage {
    Stage stage;
    StageSpan span;
    StageOutput equilibrate;  // sample only
    StageOutput output;       // rows, and frames of melt and sample; of minimise one row and frame; of quasistatic one
                              // row (and frame) for each minimum, the first undeformed
    StageOutput inherent;     // along a ramp: one row and frame each, in order of time
    std::vector<double> place;  // [s] of the inherent structures after the ramp's begin
};

struct ProtocolRun {
    std::vector<int> species;  // 1, 2, ... of each atom
    std::vector<std::string> elements;
    std::vector<double> masses;                // [g/mol] of species 1, 2, ...
    std::vector<FinishedStage> stages;         // as in the protocol
    std::vector<std::string> lammps_versions;  // of all stages, without repetition
    int ranks = 1;
};

// Runs what is not yet finished in place.scratch. Throws InputError as check() does, RunError with the end of the
// LAMMPS log if a worker dies, hangs or explodes, Interrupted if cancelled() says so.
[[nodiscard]] ProtocolRun run(const Protocol& protocol, const WorkerPlace& place);

}  // namespace vitrum::sim
