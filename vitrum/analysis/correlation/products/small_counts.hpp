// Photon counts in floats, told from other values by integer operations that compilers turn into vectors.
#pragma once

#include <bit>
#include <cstdint>

namespace vitrum::analysis {

// The count in v, if v is a whole number of 0 .. 2^22; else some number that is_count() refuses. Adding 2^23 leaves the
// whole part in the lowest bits of a float.
inline std::int32_t count_in(float v) { return std::bit_cast<std::int32_t>(v + 0x1p23F) - 0x4B000000; }

inline bool is_count(float v, std::int32_t count, std::uint32_t most) {
    return (static_cast<float>(count) == v) & (static_cast<std::uint32_t>(count) <= most);
}

}  // namespace vitrum::analysis
