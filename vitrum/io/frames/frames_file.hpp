// Frames with their truth, as `vitrum generate` writes them. One NXentry a data set: /entry, /entry_2, ...
//
//   /entry/instrument/detector/{data (frames, rows, columns), frame_time, count_time, pixel_mask, region, q}
//   /entry/sparse_frames/{frame_ptr, index, intensity} in place of data, for events
//   /entry/truth            table with units and origin;  /entry/truth_curves
//   /entry/{title, series_name, source_kind, source_name, notes}, /entry/scenario, /entry/provenance
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/data/data_set.hpp"
#include "vitrum/core/truth/labelled.hpp"
#include "vitrum/io/frames/slab_store.hpp"

namespace vitrum::io {

using LabelledData = Labelled<DataSet>;

// Counts are stored in the smallest unsigned type whose maximum they do not reach (the maximum marks masked pixels).
// Where slabs[i] is given, the counts of set i come from there, and its series has none.
void write_frames(const std::filesystem::path& file, const std::vector<LabelledData>& sets, const std::string& scenario,
                  const std::vector<std::pair<std::string, std::string>>& provenance,
                  const std::vector<const SlabStore*>& slabs = {});

// One data set whose truth is kept elsewhere: counts, detector, title, name, place and traces of `set` are written and
// nothing else: no truth, no scenario, no kind of source, no notes, no time of writing. Counts as above.
void write_blind_frames(const std::filesystem::path& file, const DataSet& set, const SlabStore* slabs);

}  // namespace vitrum::io
