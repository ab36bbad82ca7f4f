// The atoms before melting: a body-centred cubic lattice with the species placed at random, exact in number.
// A B2 (ordered) lattice would stay crystalline for picoseconds at 2000 K; the random one collapses at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "vitrum/core/data/trajectory.hpp"

namespace vitrum::sim {

// Cells along one edge for 2 n^3 atoms, 0 if `atoms` is no such number.
[[nodiscard]] std::int64_t cells_per_edge(std::int64_t atoms);

// Copper atoms of a box: the whole number nearest to fraction * atoms.
[[nodiscard]] std::int64_t copper_atoms(double copper_fraction, std::int64_t atoms);

// Atoms of each species: fractions * atoms rounded to the nearest, the last takes the rest.
[[nodiscard]] std::vector<std::int64_t> atoms_of(const std::vector<double>& fractions, std::int64_t atoms);

// 1, 2, ... for each atom in order of ID, counts[k] times k + 1; a pure function of the seed.
[[nodiscard]] std::vector<int> random_species(const std::vector<std::int64_t>& counts, std::uint64_t seed);

inline constexpr double usual_cell = 3.35;  // [angstrom] near the density of liquid Cu-Zr: 18.8 angstrom^3 per atom

// Writes the lattice as a LAMMPS data file (units metal) beside its place and renames it. cell: [angstrom] its
// constant; masses: [g/mol] of species 1, 2, ...
void write_initial_state(const std::filesystem::path& file, const std::vector<int>& species,
                         const std::vector<double>& masses, double cell = usual_cell);

// The same for any frame of an orthogonal box. Positions keep all their digits, and atoms outside the box their image.
void write_data_file(const std::filesystem::path& file, const AtomFrame& frame, const std::vector<int>& species,
                     const std::vector<double>& masses);

}  // namespace vitrum::sim
