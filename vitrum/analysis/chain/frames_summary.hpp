// What viewers show of a series of frames beside its two-time maps: regions, means over pixels and over frames, and
// multi-tau g2 (multi_tau.hpp) of the run and of its segments (segments.hpp).
#pragma once

#include <cstddef>

#include "vitrum/analysis/chain/segments.hpp"
#include "vitrum/core/data/frames_summary.hpp"
#include "vitrum/core/data/speckle_series.hpp"

namespace vitrum::analysis {

struct SummaryOptions {
    std::size_t segments = 5;
    int channels = 16;  // of multi-tau
};

// Everything but name, title, beamline and what comes from the maps. Regions without an unmasked pixel are left out and
// the others numbered from 1; static regions are the dynamic ones if the series has none of its own.
[[nodiscard]] FramesSummary summarise(const SpeckleSeries& series, const SummaryOptions& options = {});

// Adds g2 by segments of the map of dynamic region `place` (counted from 0), as g2_by_segment gives it for the
// summary's segments.
void add_map(FramesSummary& summary, std::size_t place, const std::vector<Curve>& g2_of_segments);

}  // namespace vitrum::analysis
