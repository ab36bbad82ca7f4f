// The atoms before melting: a body-centred cubic lattice with the species placed at random, exact in number.
// A B2 (ordered) lattice would stay crystalline for picoseconds at 2000 K; the random one collapses at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace vitrum::sim {

// Cells along one edge for 2 n^3 atoms, 0 if `atoms` is no such number.
[[nodiscard]] std::int64_t cells_per_edge(std::int64_t atoms);

// Copper atoms of a box: the whole number nearest to fraction * atoms.
[[nodiscard]] std::int64_t copper_atoms(double copper_fraction, std::int64_t atoms);

// 1 = Cu, 2 = Zr for each atom in order of ID; a pure function of the seed.
[[nodiscard]] std::vector<int> random_species(std::int64_t atoms, std::int64_t copper_count, std::uint64_t seed);

// Writes a LAMMPS data file (units metal) beside its place and renames it.
void write_initial_state(const std::filesystem::path& file, const std::vector<int>& species);

}  // namespace vitrum::sim
