// Liquid or glassy Cu-Zr under pressure, run by LAMMPS in the worker program vitrum-lammps.
//
// Stages: melt, cool, compress, hold (constant pressure), equilibrate (mean volume), sample (constant volume and
// energy).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/sim/worker/worker_place.hpp"
#include "vitrum/sim/worker/worker_protocol.hpp"

namespace vitrum::sim {

struct CuZrOptions {
    double copper_fraction = 0.5;
    std::int64_t atoms = 1024;                 // 2 n^3; another number is refused, not rounded silently
    std::string potential = "CuZr_mm.eam.fs";  // a path, or a name searched in the usual folders
    double melt_temperature = 2000;            // [K]
    double temperature = 1500;                 // [K] of the compressed liquid
    double pressure = 0;                       // [GPa]
    double melt_time = 4e-12;                  // [s] NPT at melt_temperature, zero pressure
    double cooling_rate = 1e14;                // [K/s] NPT, zero pressure
    double compression_rate = 2e12;            // [GPa/s]
    double hold_time = 10e-12;                 // [s] NPT at pressure; its second half gives the mean volume
    double equilibration_time = 3e-12;         // [s] at the mean volume
    double sampling_time = 36e-12;             // [s] constant volume and energy
    double sampling_interval = 0.05e-12;       // [s] between frames
    double time_step = 2e-15;                  // [s]
    double wavevector_half_width = 0.06;  // [1/angstrom] of the speckle around the first peak: is the box large enough?
    std::uint64_t seed = 1;               // of the velocities and of the atoms' arrangement
    double time_limit = 3600;             // [s] without a sign of life from the worker: it hangs
};

struct CuZrRun {
    double frame_time = 0;  // [s] while sampling
    Trajectory trajectory;  // the atoms while sampling, unwrapped
    std::vector<Row> hold;  // thermodynamics of the second half of the hold stage, whose mean volume is sampled
    std::vector<Row> sample;
    std::vector<std::string> warnings;  // a stage outside its expected fluctuation, a sample that did not melt
    std::string lammps_version;
    int ranks = 1;
};

// Everything that can be known before anything runs: worker program present, potential readable and of the right
// kind, elements in it, atoms and times sensible. Throws InputError.
void check(const CuZrOptions& options);

// Runs all stages. Throws InputError as check() does, RunError with the end of the LAMMPS log if the worker dies, hangs
// or explodes, and Interrupted if cancelled() says so. progress and cancelled are called from the calling thread only.
// One rank: the same options give the same bits, interrupted and resumed or not, for any number of threads.
[[nodiscard]] CuZrRun run(const CuZrOptions& options, const WorkerPlace& place);

// Number of MD steps in all stages: for estimates of the time left.
[[nodiscard]] double steps(const CuZrOptions& options);

// Full path of a potential: as given, in the folders of $LAMMPS_POTENTIALS, in LAMMPS's own data folders.
// Throws InputError naming where it looked.
[[nodiscard]] std::filesystem::path find_potential(const std::string& name);

}  // namespace vitrum::sim
