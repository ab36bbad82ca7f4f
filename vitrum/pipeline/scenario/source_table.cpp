#include <array>

#include "vitrum/pipeline/sources/sources.hpp"
#include "vitrum/pipeline/sources/speckle/landscape_sources.hpp"

namespace vitrum::pipeline {

namespace {

constexpr std::array kinds{
    SourceKind{{"speckle", "Speckle with a known g₂",
                "Photon frames drawn from a field whose correlation is put in, so that the truth is known exactly."},
               "synthetic XPCS series: partially coherent Gaussian speckle with KWW dynamics, photon counted",
               LawKind::plain_speckle,
               read_speckle},
    SourceKind{{"landscape_speckle", "Two-level landscape",
                "Photon frames whose relaxation time is imposed: it is the population time of two-level systems under "
                "pressure. What is tested is how well the estimators find τ and its change with pressure, not the "
                "mechanism."},
               "two-level landscape under pressure: its exact tau(P), imposed on the clock of one speckle series each",
               LawKind::none,
               read_landscape_speckle},
    SourceKind{{"landscape_loop", "Landscape under a loop of pressure",
                "Double wells taken up and down in pressure: those slower than the stay at a pressure remember the one "
                "before. The τ of each scan follows from the whole way there and is imposed on synthetic speckle."},
               "many double wells taken up and down in pressure, with memory: tau of each scan, imposed on its speckle",
               LawKind::none,
               read_landscape_loop},
    SourceKind{
        {"relaxation_speckle", "Speckle of a spectrum of wells",
         "Photon frames whose field correlation is the exact relaxation function of an ensemble: of double wells "
         "with a known spectrum, or of regions that renew."},
        "speckle with the exact g1 of a spectrum of wells (box, gaussian, ...) or of renewal events",
        LawKind::none,
        read_relaxation_speckle},
    SourceKind{
        {"cuzr", "Molecular dynamics of Cu–Zr",
         "Atoms moved by LAMMPS. The intensity that they scatter near the first diffraction peak goes through the "
         "same correlation analysis as photon frames. The reference is computed from the same atoms another way.",
         "wavevectors"},
        "Cu-Zr liquid under pressure by LAMMPS; its atoms' scattering becomes a speckle series",
        LawKind::none,
        read_cuzr},
    SourceKind{{"cuzr_protocol", "Molecular dynamics of Cu–Zr, stage by stage",
                "Atoms moved by LAMMPS through a protocol of temperature and pressure. Every stage reports its own "
                "thermodynamics; structure and dynamics come from the stages that sample.",
                "wavevectors"},
               "Cu-Zr or another alloy by LAMMPS, any list of stages, independent quenches: energy, volume, structure",
               LawKind::none,
               read_cuzr_protocol},
    SourceKind{
        {"power_law", "Sizes of a power law", "Independent sizes drawn from a power law whose exponent is put in."},
        "independent sizes of a power law, and its exponent by maximum likelihood",
        LawKind::plain_power_law,
        read_power_law},
    SourceKind{
        {"samples", "Two groups of samples",
         "Samples that differ among themselves, each measured with an error; the difference of the groups' means "
         "is put in."},
        "two groups of samples that differ among themselves, and the difference of their means",
        LawKind::none,
        read_samples},
    SourceKind{{"law_points", "Points of a law", "Points of an exact law with independent errors."},
               "points of a law with independent errors: tau(P), tau(age), tau(q), P(V), V(T), S(q), ...",
               LawKind::none,
               read_law_points},
    SourceKind{{"atom_paths", "Atoms that move by an exact law",
                "Paths of atoms drawn from laws of motion whose averages are known in closed form."},
               "atoms that diffuse, jump, rattle in cages or move in clusters: exact laws of their motion",
               LawKind::none,
               read_atom_paths},
    SourceKind{{"lattice", "Atoms of a crystal",
                "Sites of a lattice with independent displacements: neighbours and distances are known exactly."},
               "atoms of a crystal with independent displacements: exact structure",
               LawKind::none,
               read_lattice},
};

constexpr SourceText measured{
    "file", "Measured data",
    "Data read from a file. No truth is known: what the estimators say of themselves is all there is."};

}  // namespace

std::span<const SourceKind> source_kinds() { return kinds; }

SourceTexts source_texts() {
    SourceTexts texts{measured};
    for (const SourceKind& kind : kinds) texts.push_back(kind.text);
    return texts;
}

Abscissa at_pressure(std::size_t index, double pressure) {
    return {{"pressure", static_cast<std::int64_t>(index), pressure, "GPa"}};
}

}  // namespace vitrum::pipeline
