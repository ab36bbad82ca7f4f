// The detector: Poisson photons from intensities. One code path for synthetic fields and for atoms.
#pragma once

#include <cstddef>

#include "vitrum/core/stream.hpp"

namespace vitrum::model {

// Draws counts[i] ~ Poisson(mean * intensity[i]) for i = 0 .. count; intensity has mean 1. In place is allowed.
void count_photons(const float* intensity, std::size_t count, double mean, Stream stream, float* counts);

}  // namespace vitrum::model
