// Histogram of pair distances of one configuration, exact counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vitrum/core/data/trajectory.hpp"

namespace vitrum::analysis {

// Pairs (each once) with r < r_max in `bins` equal bins, by ordered species: counts[(a * kinds + b) * bins + k] for
// a pair of an atom of species a and one of b; for a != b both orders have to be added. Any cell and any r_max: every
// image counts. Parallel within the frame; counts are whole numbers, so threads do not matter.
[[nodiscard]] std::vector<std::uint64_t> pair_counts(const AtomFrame& frame, std::span<const int> species,
                                                     std::size_t kinds, double r_max, std::size_t bins);

}  // namespace vitrum::analysis
