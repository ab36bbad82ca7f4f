// Atoms that move by laws whose statistics are known exactly, in a cubic periodic cell, placed at random.
//   frozen          no motion of their own
//   brownian        diffusion D: <r^2> = 6 D t
//   cage            Ornstein-Uhlenbeck about a fixed site, sigma per component, correlation exp(-t/cage_time)
//   jumps           Poisson jumps of fixed length in random directions
//   two_mobilities  a share of the atoms diffuses with fast_diffusion, the others with D
//   clusters        Thomas clusters: parents at random diffuse with D, each with Poisson(offspring) atoms that hold to
//                   it by independent cages; atoms of one cluster move together, so self and collective F differ
//   two_level       each atom jumps to and fro between two sites a jump apart: rates jump_rate and back_rate, both
//   times
//                   exp(barrier_spread x) with x standard normal for each atom: barriers spread by barrier_spread kT
//   rigid_blocks    blocks of `block` atoms share one-way Poisson jumps along their own line: nobody returns
// On top of it every atom drifts, and the cell deforms evenly in time with the atoms in it (`strain` at the last
// frame).
//
// With rho = exp(-t/cage_time), n = jump_rate t, p1 p2 from the rates, all of displacements without drift, co-moving:
//   clusters   F_s = exp(-q^2 D t - q^2 sigma^2 (1 - rho))
//              F/S = exp(-q^2 D t) [exp(-q^2 sigma^2 (1 - rho)) + m e] / (1 + m e), m offspring, e = exp(-q^2 sigma^2)
//   jumps      alpha2 = 3/(5n), F_s = exp(-n (1 - sin(ql)/(ql)))
//   two_level  F_s = 1 - 2 p1 p2 (1 - sin(ql)/(ql)) (1 - <exp(-(k12 + k21) t)>), mean over the barriers
// Independent atoms have F/S = F_s. Sources: van Hove 1954; Chudley and Elliott 1961; Neyman and Scott 1958, Thomas
// 1949.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "vitrum/core/data/trajectory.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::model {

enum class Motion { frozen, brownian, cage, jumps, two_mobilities, clusters, two_level, rigid_blocks };

struct AtomPaths {
    Motion motion = Motion::brownian;
    std::size_t atoms = 1000;  // expected number for clusters, a multiple of `block` for rigid_blocks
    std::size_t frames = 101;
    double interval = 1e-12;                  // [s] between frames
    double edge = 26;                         // [angstrom] of the cell in the first frame
    double diffusion = 1e10;                  // [angstrom^2/s] D
    double fast_diffusion = 1e11;             // [angstrom^2/s]
    double fast_share = 0.1;                  // of the atoms, in expectation
    double cage_width = 0.3;                  // [angstrom] sigma of each component
    double cage_time = 5e-12;                 // [s]
    double jump = 2.5;                        // [angstrom]
    double jump_rate = 2e10;                  // [1/s]
    double back_rate = 2e10;                  // [1/s]
    double barrier_spread = 0;                // of ln(rate) of two-level atoms
    double offspring = 8;                     // atoms of a cluster, in expectation
    std::size_t block = 10;                   // atoms of a rigid block
    std::array<double, 3> drift{};            // [angstrom/s]
    std::array<double, 3> strain{};           // relative growth of each edge at the last frame
    bool wrapped = false;                     // positions are folded into the cell, as many files are
    std::vector<std::string> elements{"Cu"};  // dealt out in turn

    // Truths at lag t [s]; without drift.
    [[nodiscard]] double msd(double t) const;                              // [angstrom^2]
    [[nodiscard]] double non_gaussian(double t) const;                     // alpha2
    [[nodiscard]] double self_scattering(double q, double t) const;        // F_s at q [1/angstrom]
    [[nodiscard]] double collective_scattering(double q, double t) const;  // F(q,t)/S(q)
    // Share of atoms that have not left their place, and chi4 of the overlap: rigid_blocks, for a below the jump.
    [[nodiscard]] double overlap(double t) const;
    [[nodiscard]] double susceptibility(double t) const;
};

// Atoms 1, 2, ... in order of time; parallel over atoms, same bits for any threads. Throws InputError on options that
// mean nothing.
[[nodiscard]] Trajectory generate(const AtomPaths& paths, const StreamKey& key);

}  // namespace vitrum::model
