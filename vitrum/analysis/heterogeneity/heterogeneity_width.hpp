// Heterogeneity width Delta C (Cornet et al. 2023): the smallest interval that holds 90 % (80, 70, 60 %) of the values
// C(t, t + tau) of one map. Noise is included: a homogeneous sample has Delta C = 3.29 standard deviations of one map
// entry. It scales with the contrast, so Delta C / contrast is given too.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "vitrum/core/data/two_time_map.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct HeterogeneityOptions {
    double tau = not_a_number;       // [unit of the map] the lag at which values are taken
    double contrast = not_a_number;  // for Delta C / contrast
    double contrast_error = not_a_number;
};

// Five rows: 90 %, 80 %, 70 %, 60 %, and 90 % over contrast. Errors by moving-block bootstrap over t with blocks of
// two tau; none, with a note, if the run is shorter than eight tau.
[[nodiscard]] std::vector<Estimate> heterogeneity_width(const TwoTimeMap& map, const HeterogeneityOptions& options);

// The same of a map that is not held: along(lag) gives C(t, t + lag), t = 0 .. frames - lag - 1.
[[nodiscard]] std::vector<Estimate> heterogeneity_width(
    std::size_t frames, double frame_time, const HeterogeneityOptions& options,
    const std::function<std::vector<double>(std::size_t lag)>& along);

}  // namespace vitrum::analysis
