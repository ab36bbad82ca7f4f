#include "vitrum/sim/worker/lammps_session.hpp"

#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <lammps/library.h>

namespace vitrum::sim {

namespace {
constexpr double gpa_per_bar = 1e-4;
}

bool has_package(const std::string& name) { return lammps_config_has_package(name.c_str()) != 0; }

LammpsSession::LammpsSession(const std::string& log_file) : lammps_(nullptr) {
    std::array<std::string, 6> words{"vitrum-lammps", "-screen", "none", "-nocite", "-log", log_file};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    lammps_ = lammps_open_no_mpi(static_cast<int>(arguments.size()), arguments.data(), nullptr);
    if (lammps_ == nullptr) throw std::runtime_error("LAMMPS could not be started");
}

LammpsSession::~LammpsSession() {
    lammps_close(lammps_);
    lammps_mpi_finalize();
}

void LammpsSession::command(const std::string& text) { lammps_command(lammps_, text.c_str()); }

std::string LammpsSession::version() const { return std::to_string(lammps_version(lammps_)); }

std::int64_t LammpsSession::atoms() const { return std::llround(lammps_get_natoms(lammps_)); }

bool LammpsSession::first_rank() const { return lammps_extract_setting(lammps_, "world_rank") == 0; }

double LammpsSession::shear_stress() const { return -lammps_get_thermo(lammps_, "pxy") * gpa_per_bar; }

double LammpsSession::largest_force() const { return lammps_get_thermo(lammps_, "fmax"); }

double LammpsSession::kinetic_energy() const { return lammps_get_thermo(lammps_, "ke"); }

Row LammpsSession::row(std::int64_t step) const {
    Row row;
    row.step = static_cast<double>(step);
    row.temperature = lammps_get_thermo(lammps_, "temp");
    row.pressure = lammps_get_thermo(lammps_, "press") * gpa_per_bar;
    row.potential_energy = lammps_get_thermo(lammps_, "pe");
    row.total_energy = lammps_get_thermo(lammps_, "etotal");
    row.volume = lammps_get_thermo(lammps_, "vol");
    row.conserved_energy = lammps_get_thermo(lammps_, "econserve");
    return row;
}

Frame LammpsSession::frame(std::int64_t step) const {
    std::array<double, 3> low{};
    std::array<double, 3> high{};
    double xy = 0, yz = 0, xz = 0;
    lammps_extract_box(lammps_, low.data(), high.data(), &xy, &yz, &xz, nullptr, nullptr);
    const auto n = static_cast<std::size_t>(atoms());
    Frame frame;
    frame.step = static_cast<double>(step);
    frame.fractional.resize(3 * n);
    std::vector<int> image(3 * n);
    std::string position = "x";  // the C interface wants writable text
    std::string images = "image";
    lammps_gather_atoms(lammps_, position.data(), 1, 3, frame.fractional.data());
    lammps_gather_atoms(lammps_, images.data(), 0, 3, image.data());
    for (std::size_t k = 0; k < 3; ++k) frame.box[4 * k] = high[k] - low[k];
    frame.box[1] = xy;
    frame.box[2] = xz;
    frame.box[5] = yz;
    for (std::size_t i = 0; i < n; ++i) {
        double* s = &frame.fractional[3 * i];
        s[2] = (s[2] - low[2]) / frame.box[8];
        s[1] = (s[1] - low[1] - yz * s[2]) / frame.box[4];
        s[0] = (s[0] - low[0] - xy * s[1] - xz * s[2]) / frame.box[0];
        for (std::size_t k = 0; k < 3; ++k) s[k] += image[3 * i + k];
    }
    return frame;
}

}  // namespace vitrum::sim
