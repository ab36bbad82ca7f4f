// Configurations of atoms whose structure is known exactly: crystals, crystals with independent displacements, the
// ideal gas, and clusters.
//
// All structure factors are exact at the wavevectors of the box for any number of atoms, as means over configurations.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::model {

enum class Lattice { simple_cubic, bcc, fcc, hcp, b2, a15, c15 };

// "fcc"; throws std::invalid_argument for a name that is none of these.
[[nodiscard]] Lattice lattice_from(std::string_view name);

// One frame of repeats[0] x repeats[1] x repeats[2] conventional cells with lattice constant a [angstrom].
// hcp: orthogonal cell a, sqrt(3) a, sqrt(8/3) a. b2: species 0 at the corner, 1 in the centre. a15 (Cr3Si): species 0
// on the 2 icosahedral sites, 1 on the 6 others. c15 (MgCu2): species 0 = Cu on the 16 icosahedral sites, 1 on the 8
// others. Elements are named "A", "B".
[[nodiscard]] Trajectory lattice(Lattice kind, double a, const std::array<int, 3>& repeats);

// Independent Gaussian displacements of standard deviation sigma [angstrom] per axis from the first frame of `base`,
// drawn anew in each frame: S(q) = 1 - exp(-q^2 sigma^2) + exp(-q^2 sigma^2) S_lattice(q).
[[nodiscard]] Trajectory perturbed(const Trajectory& base, double sigma, std::size_t frames, const StreamKey& key);

// Independent uniform positions: S = 1, |rho_q|^2/N exponential, g = 1 (N - 1 normalisation).
[[nodiscard]] Trajectory ideal_gas(const CellMatrix& box, std::size_t atoms, std::size_t frames, const StreamKey& key);

// Thomas clusters: each atom at a Gaussian distance (sigma [angstrom] per axis) from one of `parents` uniform points,
// chosen at random. S(q) = 1 + mu exp(-q^2 sigma^2) with mu = (atoms - 1)/parents, and
// g(r) = 1 - 1/parents + exp(-r^2/(4 sigma^2))/(rho_p (4 pi sigma^2)^(3/2)), rho_p the density of parents.
// Source: Thomas, Biometrika 36 (1949) 18; Neyman and Scott, J. R. Stat. Soc. B 20 (1958) 1; numbers of atoms and
// parents fixed.
[[nodiscard]] Trajectory thomas_clusters(const CellMatrix& box, std::size_t parents, std::size_t atoms, double sigma,
                                         std::size_t frames, const StreamKey& key);

}  // namespace vitrum::model
