// One LAMMPS instance on all ranks: every call is made by each of them. The only place that knows LAMMPS; linked into
// vitrum-lammps alone.
//
// Debian's LAMMPS is built without exceptions: a wrong command ends the process after writing to the log.
#pragma once

#include <cstdint>
#include <string>

#include "vitrum/sim/worker/worker_protocol.hpp"

namespace vitrum::sim {

// Whether LAMMPS was built with the package, as OPENMP.
[[nodiscard]] bool has_package(const std::string& name);

class LammpsSession {
public:
    explicit LammpsSession(const std::string& log_file);
    ~LammpsSession();
    LammpsSession(const LammpsSession&) = delete;
    LammpsSession& operator=(const LammpsSession&) = delete;

    void command(const std::string& text);
    [[nodiscard]] std::string version() const;
    [[nodiscard]] std::int64_t atoms() const;
    [[nodiscard]] bool first_rank() const;
    [[nodiscard]] double kinetic_energy() const;  // [eV]
    [[nodiscard]] double largest_force() const;   // [eV/angstrom] component, over all atoms
    [[nodiscard]] double shear_stress() const;    // [GPa] xy; "pxy" must be a column of the thermodynamic output
    [[nodiscard]] Row row(std::int64_t step) const;
    [[nodiscard]] Frame frame(std::int64_t step) const;

private:
    void* lammps_;
};

}  // namespace vitrum::sim
