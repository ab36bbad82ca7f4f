// A number from a stream in (0, 1], right to 2^-53: its logarithm is finite.
#pragma once

#include "vitrum/core/stream.hpp"

namespace vitrum {

[[nodiscard]] inline double uniform(Stream& stream) { return static_cast<double>((stream() >> 11U) + 1) * 0x1p-53; }

}  // namespace vitrum
