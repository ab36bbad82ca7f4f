// vitrum-lammps: runs one stage of molecular dynamics in LAMMPS and streams rows and frames to vitrum.
// Started by vitrum only, in the stage's folder: vitrum-lammps JOB.json
// vitrum-lammps --has-package NAME: status 0 if LAMMPS was built with it.
#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>

#include "vitrum/sim/worker/lammps_session.hpp"

namespace vitrum::sim {
namespace {

// Where messages go; rank 0 alone has one. A dead pipe means that vitrum is gone: nobody wants the rest.
class Reporter {
public:
    explicit Reporter(const Job& job) {
        if (job.channel.empty()) {
            descriptor_ = worker_pipe;
            return;
        }
        const char* rank = std::getenv("OMPI_COMM_WORLD_RANK");
        if (rank == nullptr) rank = std::getenv("PMI_RANK");
        if (rank == nullptr || std::string(rank) != "0") return;
        descriptor_ = ::open(job.channel.c_str(), O_WRONLY | O_CLOEXEC);
        if (descriptor_ < 0) throw std::runtime_error("the channel to vitrum cannot be opened");
    }
    template <class... Arguments>
    void operator()(const Arguments&... arguments) const {
        if (descriptor_ >= 0 && !send(descriptor_, arguments...)) throw std::runtime_error("vitrum no longer listens");
    }

private:
    int descriptor_ = -1;
};

void load(LammpsSession& lammps, const Job& job, const std::string& start) {
    lammps.command("units metal");
    lammps.command("atom_style atomic");
    lammps.command("atom_modify map array");
    lammps.command("boundary p p p");
    // Accelerators of one thread or device; LAMMPS itself falls back silently where a style is missing.
    if (job.suffix == "omp") lammps.command("package omp 1");
    if (job.suffix == "intel") lammps.command("package intel 0");
    if (job.suffix == "gpu") lammps.command("package gpu 1");
    if (!job.suffix.empty()) lammps.command("suffix " + job.suffix);
    lammps.command((job.fresh ? "read_data " : "read_restart ") + start);
    if (!job.fresh) lammps.command("reset_timestep 0");
    lammps.command("pair_style " + job.pair_style);
    lammps.command(fmt::format("pair_coeff * * {} {}", job.potential, fmt::join(job.elements, " ")));
    // The default delay misses rebuilds in a hot liquid.
    lammps.command("neighbor 1.0 bin");
    lammps.command("neigh_modify delay 0 every 1 check yes");
    lammps.command(fmt::format("timestep {}", job.time_step * 1e12));
    // A column more is current where it is asked for; dynamics keep the columns they had.
    lammps.command(std::string("thermo_style custom step temp press pe ke etotal vol") +
                   (job.strain_steps > 0 ? " pxy" : ""));
    lammps.command("thermo_modify norm no lost error flush yes");
    lammps.command(fmt::format("thermo {}", job.row_every));
}

void change(LammpsSession& lammps, const Job& job) {
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
    const std::string heat =
        fmt::format("temp {} {} {}", job.temperature[0], job.temperature[1], job.thermostat_time * 1e12);
    if (job.ensemble == Ensemble::nve) lammps.command(fix + "nve");
    if (job.ensemble == Ensemble::nvt) lammps.command(fix + "nvt " + heat);
    if (job.ensemble == Ensemble::npt)
        lammps.command(
            fix + "npt " + heat +
            fmt::format(" iso {} {} {}", job.pressure[0] * 1e4, job.pressure[1] * 1e4, job.barostat_time * 1e12));
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

void integrate(LammpsSession& lammps, const Job& job, const Reporter& report) {
    load(lammps, job, job.start);
    change(lammps, job);
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
        report(row);
        if (job.frame_every > 0 && step % job.frame_every == 0) report(lammps.frame(step));
    }
    lammps.command("write_restart " + job.restart + ".part");
    if (lammps.first_rank()) std::filesystem::rename(job.restart + ".part", job.restart);
}

// To the nearest minimum of the potential energy in the cell as it is. `force`: norm of the force per root of the
// number of atoms [eV/angstrom]; the energy error is about its square over twice the stiffness.
Row minimum(LammpsSession& lammps, std::int64_t place, double force) {
    constexpr int most = 20000;  // iterations
    const double norm = force * std::sqrt(static_cast<double>(lammps.atoms()));
    lammps.command(fmt::format("minimize 0 {} {} {}", norm, most, 10 * most));
    Row row = lammps.row(place);
    row.largest_force = lammps.largest_force();
    if (!std::isfinite(row.potential_energy) || !std::isfinite(row.pressure))
        throw std::runtime_error("the minimisation came to no finite energy");
    return row;
}

void stand_still(LammpsSession& lammps) {
    // Otherwise the pressure keeps a kinetic part.
    lammps.command("velocity all set 0 0 0");
    lammps.command("min_style cg");
}

// Inherent structures: the nearest minimum at the volume of each start, to better than 1e-8 eV per atom.
void minimise(LammpsSession& lammps, const Job& job, const Reporter& report) {
    for (std::size_t k = 0; k < job.minimise.size(); ++k) {
        if (k > 0) lammps.command("clear");
        load(lammps, job, job.minimise[k]);
        stand_still(lammps);
        report(minimum(lammps, static_cast<std::int64_t>(k), 1e-4));
        if (job.frame_every > 0) report(lammps.frame(static_cast<std::int64_t>(k)));
    }
}

// One affine step of the cell and of all atoms in it.
void deform(LammpsSession& lammps, const Job& job, bool back) {
    if (job.deformation == Deformation::shear) {
        const double length = lammps.frame(0).box[4];
        lammps.command(
            fmt::format("change_box all xy delta {:.17g} remap units box", (back ? -1 : 1) * job.strain_step * length));
        return;
    }
    const bool smaller = (job.deformation == Deformation::compress) != back;
    const double factor = std::cbrt(smaller ? 1 - job.strain_step : 1 / (1 - job.strain_step));
    lammps.command(fmt::format("change_box all x scale {0:.17g} y scale {0:.17g} z scale {0:.17g} remap", factor));
}

// Athermal quasistatic deformation: every state is a minimum, reached from the one before. The minima are sharper than
// inherent structures, since drops are differences of their energies.
void quasistatic(LammpsSession& lammps, const Job& job, const Reporter& report) {
    constexpr double force = 1e-5;
    load(lammps, job, job.start);
    stand_still(lammps);
    if (job.deformation == Deformation::shear) lammps.command("change_box all triclinic");
    const std::int64_t all = job.back ? 2 * job.strain_steps : job.strain_steps;
    for (std::int64_t k = 0; k <= all; ++k) {
        if (k > 0) deform(lammps, job, k > job.strain_steps);
        Row row = minimum(lammps, k, force);
        row.shear_stress = lammps.shear_stress();
        report(row);
        if (job.frame_every > 0) report(lammps.frame(k));
    }
}

void run_stage(const Job& job, const Reporter& report) {
    LammpsSession lammps(job.log);
    report(Message::started, lammps.version());
    if (job.strain_steps > 0)
        quasistatic(lammps, job, report);
    else if (job.minimise.empty())
        integrate(lammps, job, report);
    else
        minimise(lammps, job, report);
    report(Message::finished, std::string());
}

}  // namespace
}  // namespace vitrum::sim

int main(int count, char** arguments) {
    using namespace vitrum::sim;
    if (count == 3 && std::string(arguments[1]) == "--has-package") return has_package(arguments[2]) ? 0 : 1;
    if (count != 2) {
        std::fputs("vitrum-lammps is started by vitrum\n", stderr);
        return 2;
    }
    // mpirun leaves no rank behind, however it ends.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::optional<Reporter> report;
    try {
        std::ifstream file(arguments[1]);
        const Job job = job_from(nlohmann::json::parse(file));
        report.emplace(job);
        (*report)(Message::started, std::string());
        run_stage(job, *report);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "vitrum-lammps: %s\n", error.what());
        try {
            if (report) (*report)(Message::trouble, std::string(error.what()));
        } catch (const std::exception&) {
            return 4;
        }
        return 3;
    }
}
