// Sources of landscapes whose law is exact, beside those that put tau on a clock.
#pragma once

#include <string>

#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

// Speckle with the field correlation of an ensemble of wells, or of regions that renew: g1(t) exact at every lag.
SourcePlan read_relaxation_speckle(Section& section, const std::string& name);

}  // namespace vitrum::pipeline
