// What a scenario would take, sized up before it begins.
#pragma once

#include <string>

#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::pipeline {

// Seconds of one core to make and correlate all its data sets, and bytes of the largest of them, roughly.
[[nodiscard]] double core_seconds(const Scenario& scenario);
[[nodiscard]] double bytes_of(const Scenario& scenario);

// Throws InputError if that is more than is begun without a word of consent (vitrum/core/limits.hpp). `in_slabs`:
// frames and maps are never in memory as a whole.
void expect_affordable(const Scenario& scenario, bool in_slabs);

}  // namespace vitrum::pipeline
