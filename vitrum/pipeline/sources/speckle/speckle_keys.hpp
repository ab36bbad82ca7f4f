// Keys that every source with a synthetic detector shares, and those of the dynamics of a speckle source.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/core/data/time_series.hpp"
#include "vitrum/model/relaxation/settling_pressure.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

// frames, rows, columns, frame_time, modes, mean_count, and the options of the detector; tau and beta are left to the
// source.
[[nodiscard]] model::SpeckleOptions read_detector_and_field(Section& section);

// Keys of a detector that is not perfect: absent, they leave the series as it is. (detector_keys.cpp)
[[nodiscard]] model::Detector read_detector(Section& section);

// (dynamics_keys.cpp) beta, clock and its parameters, kernel or kernel_file, rearrangements, static_fraction, sums and
// products of processes, method, scan_start. Keys of another clock are named; reads the files that the keys name.
void read_dynamics(Section& section, model::SpeckleOptions& options);

// (settling_keys.cpp) pressure_step, settling_time, decorrelation_pressure: a pressure that still settles, as one more
// process of the dynamics that were read, or as the only one. Absent without pressure_step.
[[nodiscard]] std::optional<model::SettlingPressure> read_settling(Section& section, model::SpeckleOptions& options);

// P(t) [GPa] at the start of each frame; `pressure` once it has settled.
[[nodiscard]] TimeSeries pressure_trace(const model::SettlingPressure& settling, const model::SpeckleOptions& options,
                                        double pressure);

// (geometry_keys.cpp) The table [geometry]: q, regions, masks and mean intensity of the pixels; and how tau depends on
// q. Absent, the detector has neither.
void read_geometry(Section& section, model::SpeckleOptions& options);

// (spatial_keys.cpp) [source.NAME.pattern]: grain of the speckle and motion of the pattern; absent = independent
// pixels.
[[nodiscard]] model::PatternOptions read_pattern(Section& section, std::size_t rows, std::size_t columns);

// What was simulated, one sentence each.
[[nodiscard]] std::vector<std::string> speckle_notes(const model::SpeckleOptions& options);

// Makes the data set of a realisation of `key`: name, place, truth and notes around a series, which has no counts where
// they are made in slabs.
using Dress = std::function<Labelled<DataSet>(Labelled<SpeckleSeries>, const StreamKey&)>;

// Cost, data and slabs of a unit of this speckle.
void make_speckle(Unit& unit, const model::SpeckleOptions& options, Dress dress);

inline constexpr std::array branches{"compression", "decompression"};
[[nodiscard]] inline Coordinate branch_coordinate(bool down) {
    return named("branch", down ? 1 : 0, branches[down ? 1 : 0]);
}

// Rough seconds of one core to make and correlate this series.
[[nodiscard]] double cost_of(const model::SpeckleOptions& options);

}  // namespace vitrum::pipeline
