// Scans of one sample in several files, put where they belong beside each other.
#pragma once

#include <string>
#include <vector>

#include "vitrum/core/truth/result.hpp"

namespace vitrum::pipeline {

// The share of the value by which two readings of one setting may differ: pressure 1 %, temperature 0.2 %, else none.
[[nodiscard]] double setting_share(const std::string& coordinate);

// Values that lie together within the share of the largest of them are readings of one setting: its value is their
// mean, its index its rank. NaN, one that is not known, has index -1.
[[nodiscard]] std::vector<Coordinate> settings_of(const std::string& name, const std::string& unit,
                                                  const std::vector<double>& values);

// Measured data sets (kind "file") that know their pressure or temperature become one source, "scans": from then on
// they are repetitions where their settings agree and points of one figure where they do not. Those that do not know
// what the others know keep their own name. Fewer than two: nothing changes.
void place_scans(Result& result);

}  // namespace vitrum::pipeline
