// Density modes rho_a(n) = sum over the atoms j of species a of exp(2 pi i n.s_j), s the fractional coordinates of the
// frame's own cell. Everything that scatters is made of them: S(q), F(q, t), speckle.
//
// Sums run in a fixed order, over tiles of atoms whose phases stay in cache: the same bits for any number of threads.
// Powers of exp(2 pi i s) come by recursion; the product of two axes is shared by all wavevectors that differ in n_z
// alone, and n_z and -n_z share their four real products: at most the cost of one complex multiply-add per atom and
// wavevector, half of it where both signs are asked for (benchmarks/density_modes_benchmark.cpp).
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "vitrum/core/atoms/wavevectors.hpp"
#include "vitrum/core/data/trajectory.hpp"

namespace vitrum {

// frames x species x wavevectors. `species`: of each atom, 0 .. count - 1. `vectors` must be ordered by n, as
// wavevectors() returns them. Parallel over frames.
[[nodiscard]] std::vector<std::complex<double>> density_modes(std::span<const AtomFrame> frames,
                                                              std::span<const int> species, std::size_t count,
                                                              std::span<const Wavevector> vectors);

}  // namespace vitrum
