// What the reader and the writer of H5MD share: how a file keeps the bits of fractional coordinates.
//
// H5MD holds Cartesian positions, a Trajectory fractional ones; h^-1 (h s) is not s in its last bits. Beside the
// positions the writer stores, for each coordinate, how many doubles lie between what the reader computes and s.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <string>

#include "vitrum/core/atoms/cell.hpp"

namespace vitrum::io {

inline const std::string h5md_group = "/particles/trajectory";
inline const std::string h5md_exact_fractional = "/parameters/vitrum/exact_fractional";
inline const std::string h5md_exact_time = "/parameters/vitrum/time";

// Doubles in order, counted: neighbours differ by 1, -0 stands before 0. Its own inverse on the bits.
[[nodiscard]] inline std::int64_t in_order(std::int64_t bits) {
    return bits ^ ((bits >> 63) & std::numeric_limits<std::int64_t>::max());
}

// How many doubles lie between a and b, and the double that lies so far from a (modulo 2^64).
[[nodiscard]] inline std::int64_t doubles_between(double a, double b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(in_order(std::bit_cast<std::int64_t>(b))) -
                                     static_cast<std::uint64_t>(in_order(std::bit_cast<std::int64_t>(a))));
}
[[nodiscard]] inline double double_beyond(double a, std::int64_t between) {
    const auto place =
        static_cast<std::uint64_t>(in_order(std::bit_cast<std::int64_t>(a))) + static_cast<std::uint64_t>(between);
    return std::bit_cast<double>(in_order(static_cast<std::int64_t>(place)));
}

// The fractional coordinates of a position with its image: one way to compute them, for both sides.
[[nodiscard]] inline Vector3 fractional_of(const CellMatrix& inverse_cell, const double* r, const std::int32_t* image) {
    Vector3 s = product(inverse_cell, {r[0], r[1], r[2]});
    for (std::size_t k = 0; image && k < 3; ++k) s[k] += image[k];
    return s;
}

}  // namespace vitrum::io
