// Starts vitrum-lammps for one stage, reads its stream and turns its death into one clear error.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "vitrum/sim/worker/worker_protocol.hpp"

namespace vitrum::sim {

// Full path of the worker program: $VITRUM_LAMMPS, beside the running program, or in ../libexec/vitrum.
// Throws InputError saying what is missing and how to get it.
[[nodiscard]] std::filesystem::path find_worker();

// The environment for the worker: ours without launcher variables (an MPI library would think that it was started by
// a launcher), one thread, and Open MPI told to run alone or, with several ranks, on this machine.
[[nodiscard]] std::vector<std::string> worker_environment(int ranks = 1);

// Full path of mpirun, for workers of several ranks. Throws InputError.
[[nodiscard]] std::filesystem::path find_launcher();

// Whether the worker's LAMMPS was built with the package, as OPENMP. Throws InputError if the worker cannot be run.
[[nodiscard]] bool worker_has_package(const std::string& name);

struct StageOutput {
    std::vector<Row> rows;
    std::vector<Frame> frames;
    std::string lammps_version;
};

struct WorkerControl {
    double silence_limit = 3600;           // [s] without a message: the worker hangs
    std::function<void(double)> progress;  // fraction of the stage; may be empty
    std::function<bool()> cancelled;       // may be empty
};

// Runs `job` in `folder`. Throws RunError (worker died, hung, exploded; carries the end of the log) or Interrupted.
// The worker and all it started are gone when this returns or throws.
[[nodiscard]] StageOutput run_worker(const Job& job, const std::filesystem::path& folder, const WorkerControl& control);

}  // namespace vitrum::sim
