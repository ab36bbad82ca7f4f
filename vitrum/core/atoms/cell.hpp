// Geometry of a periodic cell, triclinic or not: r = h s, h [angstrom] as in trajectory.hpp.
#pragma once

#include <array>

#include "vitrum/core/data/trajectory.hpp"

namespace vitrum {

using Vector3 = std::array<double, 3>;

[[nodiscard]] double volume(const CellMatrix& h);  // [angstrom^3]

// s = h^-1 r; throws std::invalid_argument for a flat cell.
[[nodiscard]] CellMatrix inverse(const CellMatrix& h);

// m v for a matrix stored row by row.
[[nodiscard]] inline Vector3 product(const CellMatrix& m, const Vector3& v) {
    return {m[0] * v[0] + m[1] * v[1] + m[2] * v[2], m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
            m[6] * v[0] + m[7] * v[1] + m[8] * v[2]};
}

// Distances between opposite faces [angstrom]. A sphere of less than half the smallest meets each atom's nearest image
// only once.
[[nodiscard]] Vector3 face_distances(const CellMatrix& h);

// Nearest image of a fractional difference, as fractional: each component in [-1/2, 1/2]. Exact for distances below
// half the smallest face distance; in a strongly tilted cell farther pairs may have a nearer image (shortest_image()).
[[nodiscard]] Vector3 nearest_image(const Vector3& ds);

// The truly shortest image of a fractional difference in any cell [angstrom], by trying the neighbouring images.
[[nodiscard]] Vector3 shortest_image(const CellMatrix& h, const Vector3& ds);

}  // namespace vitrum
