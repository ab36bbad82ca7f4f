// Keys that sources of double wells share.
#pragma once

#include "vitrum/model/landscape/spectrum.hpp"
#include "vitrum/pipeline/config/section.hpp"

namespace vitrum::pipeline {

// barrier_low, barrier_high of a box; barrier, barrier_sd of a Gaussian; barrier_scale, barrier_low, barrier_high of an
// exponential spectrum: "box", "gaussian", "exponential".
[[nodiscard]] model::Barriers read_barriers(Section& section, const std::string& shape);

}  // namespace vitrum::pipeline
