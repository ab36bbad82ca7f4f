// Reads the head of an embedded-atom potential (setfl layout, Finnis-Sinclair form: LAMMPS's eam/fs).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vitrum::sim {

struct PotentialFile {
    std::vector<std::string> elements;
    double cutoff = 0;  // [angstrom]
};

// Throws InputError if the file cannot be read, is not eam/fs, or has no such element.
[[nodiscard]] PotentialFile inspect_potential(const std::filesystem::path& file,
                                              const std::vector<std::string>& needed_elements);

}  // namespace vitrum::sim
