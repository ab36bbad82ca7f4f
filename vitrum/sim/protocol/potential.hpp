// Reads the head of an embedded-atom potential in setfl layout: LAMMPS's eam/fs (Finnis-Sinclair) or eam/alloy.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace vitrum::sim {

struct PotentialFile {
    std::string style;  // "eam/fs" or "eam/alloy", told by the length of the tables; of one element both are the same
    std::vector<std::string> elements;
    std::vector<double> mass;    // [g/mol] of each element: what LAMMPS uses
    std::vector<double> volume;  // [angstrom^3] per atom of the lattice that the file names; 0 if it gives none
    double cutoff = 0;           // [angstrom]

    [[nodiscard]] std::size_t index(const std::string& element) const;  // of an element that is there
};

// Throws InputError if the file cannot be read, is neither of the two, or has no such element.
[[nodiscard]] PotentialFile inspect_potential(const std::filesystem::path& file,
                                              const std::vector<std::string>& needed_elements);

}  // namespace vitrum::sim
