// A data set of frames with its results as NeXus application definition NXxpcs, and the tree /xpcs that APS viewers
// open. The maps and their g2 are those of the series' groups, shown again by links and virtual datasets.
//
//   ENTRY/{definition, entry_identifier, scan_number, start_time, series_name, region_numbers}
//   ENTRY/data        NXdata: g2 (delays, regions), g2_derr, delay_difference [frames]; multi-tau
//   ENTRY/twotime     NXdata: two_time_corr_func (regions, frames, frames), g2_from_two_time_corr_func
//   ENTRY/instrument/{incident_beam, detector_1, masks}
//   ENTRY/{frame_mean, image}   NXdata: mean of each frame against time, mean image
//   ENTRY/segments    frames of each segment, static_mean, g2 and map_g2 by segment
//   /xpcs/{qmap, spatial_mean, temporal_mean, multitau, twotime}
#pragma once

#include <string>
#include <vector>

#include "vitrum/core/data/frames_summary.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

// `entry` exists. `maps` = groups of the series of region 1, 2, ... (with two_time and g2); `written` = time of the
// analysis, which stands in for a start time that is not known.
void write_nexus_xpcs(WriteFile& file, const std::string& entry, const FramesSummary& summary,
                      const std::vector<std::string>& maps, std::int64_t number, const std::string& written);
[[nodiscard]] FramesSummary read_nexus_xpcs(const ReadFile& file, const std::string& entry);

// /xpcs of the data set in `entry`, which write_nexus_xpcs has written.
void write_viewer_tree(WriteFile& file, const std::string& entry, const FramesSummary& summary,
                       const std::vector<std::string>& maps);

}  // namespace vitrum::io
