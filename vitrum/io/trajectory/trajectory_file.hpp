// Trajectories of atoms in files. Read: H5MD 1.1, LAMMPS dump (text), LAMMPS data, extended XYZ; the format is told
// from the content. Written: H5MD 1.1 and extended XYZ.
//
// What cannot be known from a file is asked for, never guessed: times of a file that has steps alone, elements of atom
// types that have no masses, the unit of lengths that an H5MD file leaves out. LAMMPS files are in units metal or real,
// whose lengths are angstrom; positions are taken relative to the corner of the box. Sources: H5MD 1.1 (de Buyl,
// Colberg and Hoefling, Comput. Phys. Commun. 185, 1546 (2014), nongnu.org/h5md); LAMMPS manual, commands dump and
// read_data; extended XYZ as written by ASE and OVITO.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/io/text/frame_choice.hpp"

namespace vitrum::io {

struct TrajectoryOptions {
    std::vector<std::string> elements;    // of the atom types 1, 2, ...: wins over what the file says of its types
    std::optional<double> time_step{};    // [s] time = step * time_step: wins over the file's times
    FrameChoice frames{};                 // first, last, stride
    std::string group;                    // H5MD: which group of /particles; "" = the only one
    std::optional<double> length_unit{};  // [angstrom] of H5MD positions and edges without a unit
    std::optional<double> frame_time{};   // [s] time = number of the frame in the file * frame_time: wins over the file
    std::optional<double> time_unit{};    // [s] of times without a unit (H5MD, extended XYZ)
};

// Atoms in order of id (of the file where there is none), frames in order of time. Throws InputError, one line with the
// line number or the path of the dataset: anything missing, malformed, not finite, not periodic, or changing along the
// run (number, id or species of the atoms); another number of atoms than is announced; a file that ends early.
[[nodiscard]] Trajectory read_trajectory(const std::filesystem::path& file, const TrajectoryOptions& options = {});

// True if the file begins like one of the formats above; false for other files of Vitrum and for no file.
[[nodiscard]] bool is_trajectory(const std::filesystem::path& file);

struct H5mdAuthor {
    std::string name;
    std::string creator = "vitrum";
    std::string creator_version;
};

// H5MD 1.1 that MDAnalysis opens: /particles/trajectory with wrapped positions and image [frames][atoms][3], edges
// [frames][3][3] (rows = cell vectors), species (an enumeration of the elements), id, mass. Compressed without loss.
// `parameters` become texts of /parameters. Beside them stands what read_trajectory() needs to return the same bits.
// Throws RunError if the file cannot be written, InputError for steps that are no whole numbers.
void write_h5md(const std::filesystem::path& file, const Trajectory& trajectory, const H5mdAuthor& author,
                const std::vector<std::pair<std::string, std::string>>& parameters);

// The same without a name, an author or parameters, for whoever must not learn where it comes from. The same trajectory
// gives the same bytes.
void write_plain_h5md(const std::filesystem::path& file, const Trajectory& trajectory);

// Extended XYZ, as OVITO and ASE read it: Lattice (rows = cell vectors), wrapped positions, id and, where paths are
// known, image; Step and Time with its unit (ps). Numbers have all their digits. Throws RunError.
void write_extended_xyz(const std::filesystem::path& file, const Trajectory& trajectory);

}  // namespace vitrum::io
