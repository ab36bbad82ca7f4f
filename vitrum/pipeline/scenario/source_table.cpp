#include <array>

#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

namespace {
constexpr std::array kinds{
    SourceKind{"speckle",
               "synthetic XPCS series: partially coherent Gaussian speckle with KWW dynamics, photon counted",
               read_speckle},
    SourceKind{"landscape_speckle",
               "two-level landscape under pressure: its exact tau(P), imposed on the clock of one speckle series each",
               read_landscape_speckle},
    SourceKind{"landscape_loop",
               "many double wells taken up and down in pressure, with memory: tau of each scan, imposed on its speckle",
               read_landscape_loop},
    SourceKind{"cuzr", "Cu-Zr liquid under pressure by LAMMPS; its atoms' scattering becomes a speckle series",
               read_cuzr},
    SourceKind{"cuzr_protocol",
               "Cu-Zr or another alloy by LAMMPS, any list of stages, independent quenches: energy, volume, structure",
               read_cuzr_protocol},
    SourceKind{"power_law", "independent sizes of a power law, and its exponent by maximum likelihood", read_power_law},
    SourceKind{"samples", "two groups of samples that differ among themselves, and the difference of their means",
               read_samples},
    SourceKind{"law_points", "points of a law with independent errors: tau(P), tau(age), tau(q), P(V), V(T), S(q), ...",
               read_law_points},
    SourceKind{"atom_paths",
               "atoms that diffuse, jump, rattle in cages or move in clusters: exact laws of their motion",
               read_atom_paths},
    SourceKind{"lattice", "atoms of a crystal with independent displacements: exact structure", read_lattice},
};
}  // namespace

std::span<const SourceKind> source_kinds() { return kinds; }

Abscissa at_pressure(std::size_t index, double pressure) {
    return {{"pressure", static_cast<std::int64_t>(index), pressure, "GPa"}};
}

}  // namespace vitrum::pipeline
