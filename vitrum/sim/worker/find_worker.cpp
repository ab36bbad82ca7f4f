#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/process/child.hpp"
#include "vitrum/process/find_program.hpp"
#include "vitrum/sim/worker/worker_process.hpp"

namespace vitrum::sim {

namespace {

namespace fs = std::filesystem;

// Debian's packages, since the program exists only where LAMMPS was present at build time.
constexpr std::string_view remedy = "install liblammps-dev and lammps-data, then configure and build again";

}  // namespace

fs::path find_worker() {
    if (const char* given = std::getenv("VITRUM_LAMMPS"); given != nullptr && *given != '\0') {
        if (process::executable(given)) return fs::absolute(given);
        throw InputError(fmt::format("$VITRUM_LAMMPS names no program that can be run: {}", given));
    }
    std::error_code failed;
    const fs::path self = fs::read_symlink("/proc/self/exe", failed);
    const fs::path folder = self.parent_path();
    if (!failed)
        for (const fs::path& place :
             {folder / "vitrum-lammps", folder.parent_path() / "libexec" / "vitrum" / "vitrum-lammps"})
            if (process::executable(place)) return place;
    if (!VITRUM_WITH_LAMMPS)
        throw InputError(
            fmt::format("molecular dynamics needs the program vitrum-lammps, and this Vitrum was built "
                        "without LAMMPS: {}",
                        remedy));
    throw InputError(
        fmt::format("the program vitrum-lammps is missing: it is neither in {0} nor in {1}, and "
                    "$VITRUM_LAMMPS is not set; {2}",
                    folder.string(), (folder.parent_path() / "libexec" / "vitrum").string(), remedy));
}

fs::path find_launcher() {
    for (const char* name : {"mpirun.openmpi", "mpirun"})
        if (const auto found = process::find_program(name)) return *found;
    throw InputError("ranks: more than one needs mpirun, which is not in $PATH; install openmpi-bin, or use ranks = 1");
}

std::vector<std::string> worker_environment(int ranks) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        bool kept = !text.starts_with("OMP_NUM_THREADS=");
        for (const std::string_view prefix : {"OMPI_", "PMIX_", "PMI_", "SLURM_", "LAMMPS_"})
            kept = kept && !text.starts_with(prefix);
        if (kept) result.emplace_back(text);
    }
    // No network, and root allowed (containers).
    for (const char* entry :
         {"OMP_NUM_THREADS=1", "OMPI_MCA_pml=ob1", "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"})
        result.emplace_back(entry);
    if (ranks == 1) {  // alone: no daemon either
        result.emplace_back("OMPI_MCA_ess_singleton_isolated=1");
        result.emplace_back("OMPI_MCA_btl=self");
    } else {
        result.emplace_back("OMPI_MCA_plm=isolated");
        result.emplace_back("OMPI_MCA_btl=self,vader");
        result.emplace_back("OMPI_MCA_mpi_yield_when_idle=1");  // a pool of workers may be wider than the machine
    }
    return result;
}

bool worker_has_package(const std::string& name) {
    process::StartOptions options;
    options.program = find_worker();
    options.arguments = {options.program.string(), "--has-package", name};
    options.environment = worker_environment();
    process::Child worker(options);
    if (!worker.start_error().empty()) throw InputError(fmt::format("{} cannot be run", options.program.string()));
    worker.wait(std::chrono::minutes(10));
    return WIFEXITED(worker.status()) && WEXITSTATUS(worker.status()) == 0;
}

}  // namespace vitrum::sim
