// The wavevectors of a periodic cell: q = 2 pi h^-T n with whole numbers n. Only they are free of the box's edges.
#pragma once

#include <array>
#include <vector>

#include "vitrum/core/data/trajectory.hpp"

namespace vitrum {

struct Wavevector {
    std::array<int, 3> n{};
    double q = 0;  // [1/angstrom] modulus in the cell it was listed for
};

// All wavevectors with q_low <= |q| <= q_high (q_low > 0), ordered by n. Half space: of q and -q, whose intensities are
// the same number, the one with the first non-zero n positive.
[[nodiscard]] std::vector<Wavevector> wavevectors(const CellMatrix& box, double q_low, double q_high);

// |2 pi h^-T n| in another cell [1/angstrom].
[[nodiscard]] double modulus(const CellMatrix& box, const std::array<int, 3>& n);

}  // namespace vitrum
