// vitrum-lammps: runs one stage of molecular dynamics in LAMMPS and streams rows and frames to vitrum.
// Started by vitrum only, in the stage's folder: vitrum-lammps JOB.json
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/lammps_session.hpp"

namespace vitrum::sim {
namespace {

// A dead pipe means that vitrum is gone: nobody wants the rest.
void expect_reader(bool sent) {
    if (!sent) throw std::runtime_error("vitrum no longer listens");
}

void load(LammpsSession& lammps, const Job& job) {
    lammps.command("units metal");
    lammps.command("atom_style atomic");
    lammps.command("atom_modify map array");
    lammps.command("boundary p p p");
    lammps.command((job.fresh ? "read_data " : "read_restart ") + job.start);
    if (!job.fresh) lammps.command("reset_timestep 0");
    lammps.command("pair_style eam/fs");
    lammps.command(fmt::format("pair_coeff * * {} {} {}", job.potential, job.elements[0], job.elements[1]));
    // The default delay misses rebuilds in a hot liquid.
    lammps.command("neighbor 1.0 bin");
    lammps.command("neigh_modify delay 0 every 1 check yes");
    lammps.command(fmt::format("timestep {}", job.time_step * 1e12));
    lammps.command("thermo_style custom step temp press pe ke etotal vol");
    lammps.command("thermo_modify norm no lost error flush yes");
    lammps.command(fmt::format("thermo {}", job.row_every));
    if (job.fresh)
        lammps.command(fmt::format("velocity all create {} {} mom yes rot no dist gaussian loop all",
                                   job.start_temperature, job.velocity_seed));
    if (job.box_length > 0)
        lammps.command(
            fmt::format("change_box all x final 0 {0} y final 0 {0} z final 0 {0} remap units box", job.box_length));
}

void integrate_with(LammpsSession& lammps, const Job& job) {
    // Fix names carry the stage, so that no thermostat state of an earlier stage is taken from the restart file.
    const std::string fix = "fix " + job.stage + " all ";
    const std::string heat = fmt::format("temp {} {} 0.1", job.temperature[0], job.temperature[1]);
    if (job.ensemble == Ensemble::nve) lammps.command(fix + "nve");
    if (job.ensemble == Ensemble::nvt) lammps.command(fix + "nvt " + heat);
    if (job.ensemble == Ensemble::npt)
        lammps.command(fix + "npt " + heat +
                       fmt::format(" iso {} {} 1.0", job.pressure[0] * 1e4, job.pressure[1] * 1e4));
}

// Gives the box the total energy asked for by scaling all velocities.
void set_energy(LammpsSession& lammps, const Job& job) {
    lammps.command("run 0 post no");
    const Row now = lammps.row(0);
    const double kinetic = lammps.kinetic_energy();
    const double factor = 1 + (job.total_energy - now.total_energy) / kinetic;
    if (!(factor > 0.5 && factor < 2))
        throw std::runtime_error(
            fmt::format("the wanted total energy {} eV is too far from {} eV", job.total_energy, now.total_energy));
    lammps.command(fmt::format("velocity all scale {}", now.temperature * factor));
}

// Throws if the run has exploded: LAMMPS itself goes on with such numbers.
void expect_sane(const Row& row, const Job& job, double atoms, double first_volume) {
    const double hottest = std::max({job.temperature[0], job.temperature[1], job.start_temperature});
    const bool finite = std::isfinite(row.temperature) && std::isfinite(row.pressure) &&
                        std::isfinite(row.total_energy) && std::isfinite(row.volume);
    if (finite && row.temperature < 5 * hottest + 1000 && std::abs(row.potential_energy) < 100 * atoms &&
        row.volume > first_volume / 4 && row.volume < 4 * first_volume)
        return;
    throw std::runtime_error(
        fmt::format("the simulation exploded at step {}: temperature {:.4g} K, pressure {:.4g} GPa, energy {:.4g} eV "
                    "per atom, volume {:.4g} angstrom^3; a shorter time step may help",
                    row.step, row.temperature, row.pressure, row.potential_energy / atoms, row.volume));
}

void run_stage(const Job& job) {
    LammpsSession lammps(job.log);
    expect_reader(send(worker_pipe, Message::started, lammps.version()));
    load(lammps, job);
    integrate_with(lammps, job);
    if (job.set_energy) set_energy(lammps, job);

    const auto atoms = static_cast<double>(lammps.atoms());
    double first_volume = 0;
    for (std::int64_t step = 0; step < job.steps;) {
        const std::int64_t chunk = std::min(job.row_every, job.steps - step);
        lammps.command(
            fmt::format("run {} pre {} post no start 0 stop {}", chunk, step == 0 ? "yes" : "no", job.steps));
        step += chunk;
        const Row row = lammps.row(step);
        if (first_volume == 0) first_volume = row.volume;
        expect_sane(row, job, atoms, first_volume);
        expect_reader(send(worker_pipe, row));
        if (job.frame_every > 0 && step % job.frame_every == 0) expect_reader(send(worker_pipe, lammps.frame(step)));
    }
    lammps.command("write_restart " + job.restart + ".part");
    std::filesystem::rename(job.restart + ".part", job.restart);
    expect_reader(send(worker_pipe, Message::finished, std::string()));
}

}  // namespace
}  // namespace vitrum::sim

int main(int count, char** arguments) {
    using namespace vitrum::sim;
    if (count != 2) {
        std::fputs("vitrum-lammps is started by vitrum\n", stderr);
        return 2;
    }
    try {
        expect_reader(send(worker_pipe, Message::started, std::string()));
        std::ifstream file(arguments[1]);
        run_stage(job_from(nlohmann::json::parse(file)));
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "vitrum-lammps: %s\n", error.what());
        return send(worker_pipe, Message::trouble, std::string(error.what())) ? 3 : 4;
    }
}
