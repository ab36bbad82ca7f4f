// What vitrum and its worker vitrum-lammps say to each other.
//
// Down: one job, a JSON file in the worker's folder. Up: a stream of messages on a pipe of its own (never stdout), each
// a header of two native 64-bit words (kind, bytes of payload) and the payload. Both ends run on one machine, so
// native byte order is used. A worker of several ranks is started by mpirun, which hands no pipe on: rank 0 alone
// talks, through a named pipe in the folder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "vitrum/core/data/trajectory.hpp"

namespace vitrum::sim {

inline constexpr int protocol_version = 3;
inline constexpr int worker_pipe = 3;  // file descriptor that the worker writes to

enum class Ensemble { npt, nvt, nve };

// Of a quasistatic job, by its strain step s: the volume times 1 - s, the same backwards (times 1/(1 - s)), or simple
// shear xy by s.
enum class Deformation { compress, decompress, shear };
[[nodiscard]] std::string_view name(Deformation deformation);

// One stage of molecular dynamics. All file names are relative to the worker's folder.
struct Job {
    std::string stage;             // "melt"
    std::string start;             // restart file, or LAMMPS data file if `fresh`
    bool fresh = false;            // first stage: atoms from the data file, new velocities
    double start_temperature = 0;  // [K] of the new velocities
    int velocity_seed = 1;
    std::string potential;
    std::string pair_style = "eam/fs";              // or eam/alloy
    std::vector<std::string> elements{"Cu", "Zr"};  // of atom types 1, 2, ...
    std::string suffix;                             // LAMMPS accelerator: "opt"; empty = none
    int ranks = 1;
    std::string channel;  // named pipe to write to; empty: descriptor worker_pipe
    Ensemble ensemble = Ensemble::npt;
    std::array<double, 2> temperature{};  // [K] first, last; ramped linearly
    std::array<double, 2> pressure{};     // [GPa] first, last; npt only
    double box_length = 0;                // [angstrom] scale the cubic box to this before the run; 0 = leave it
    double total_energy = 0;              // [eV] scale velocities to this before the run, if set_energy
    bool set_energy = false;
    double time_step = 2e-15;        // [s]
    double thermostat_time = 1e-13;  // [s]
    double barostat_time = 1e-12;    // [s]
    std::int64_t steps = 0;
    std::int64_t row_every = 1;    // steps between thermodynamic rows
    std::int64_t frame_every = 0;  // steps between frames; 0 = none; a multiple of row_every
    std::string log;               // LAMMPS log
    std::string restart;           // written at the end, under another name first
    // Not empty: no dynamics. Each of these (data files if `fresh`, else restart files) is minimised at constant
    // volume, velocities zero; one row each, its step the place in the list, and a frame if frame_every > 0.
    std::vector<std::string> minimise;
    // Not 0: no dynamics. `start` is minimised, then deformed affinely and minimised again, so many times; a row each,
    // the minimised start included, its step the place in the path; a frame if frame_every > 0.
    std::int64_t strain_steps = 0;
    double strain_step = 0;
    Deformation deformation = Deformation::compress;
    bool back = false;  // and the same steps the other way
};

[[nodiscard]] nlohmann::json to_json(const Job& job);
[[nodiscard]] Job job_from(const nlohmann::json& json);

// Thermodynamic state after `step` steps of the stage.
struct Row {
    double step = 0;
    double temperature = 0;       // [K]
    double pressure = 0;          // [GPa] virial and kinetic
    double potential_energy = 0;  // [eV], whole box
    double total_energy = 0;      // [eV], whole box
    double volume = 0;            // [angstrom^3]
    double conserved_energy = 0;  // [eV] total energy plus what thermostat and barostat took
    double largest_force = 0;     // [eV/angstrom] component left after a minimisation; 0 in dynamics
    double shear_stress = 0;      // [GPa] xy, positive where it resists positive strain; quasistatic jobs only
};

// Positions after `step` steps, unwrapped; the pipe carries no time, vitrum knows the time step.
using Frame = AtomFrame;

enum class Message : std::uint64_t {
    started = 1,  // text: LAMMPS version; empty right after exec
    row,          // Row
    frame,        // step, box, fractional
    trouble,      // text: why the worker gives up
    finished,     // no payload: the restart file is in place
};

// Writes one message; false if the reader is gone.
[[nodiscard]] bool send(int descriptor, Message kind, std::span<const std::byte> payload);
[[nodiscard]] bool send(int descriptor, Message kind, const std::string& text);
[[nodiscard]] bool send(int descriptor, const Row& row);
[[nodiscard]] bool send(int descriptor, const Frame& frame);

// Frames of bytes back into messages; payloads of the wrong size throw std::runtime_error.
[[nodiscard]] Row row_from(std::span<const std::byte> payload);
[[nodiscard]] Frame frame_from(std::span<const std::byte> payload);

// Collects bytes as they come and hands out whole messages.
class MessageReader {
public:
    void append(std::span<const std::byte> bytes);
    // True and fills kind and payload (valid until the next call of append) if a whole message is there.
    [[nodiscard]] bool next(Message& kind, std::span<const std::byte>& payload);

private:
    std::vector<std::byte> buffer_;
    std::size_t read_ = 0;
};

}  // namespace vitrum::sim
