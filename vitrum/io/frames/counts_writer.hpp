// The counts of one entry: dense frames or sparse events, from memory or from slabs on disk, in the smallest unsigned
// type whose maximum they do not reach (the maximum marks masked pixels).
#pragma once

#include <string>

#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/io/frames/slab_store.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

// ENTRY/instrument/detector/data (frames, rows, columns), or ENTRY/sparse_frames/{frame_ptr, index, intensity}.
void write_counts(WriteFile& file, const std::string& entry, const SpeckleSeries& series);
void write_counts(WriteFile& file, const std::string& entry, const SpeckleSeries& frame, const SlabStore& slabs);

}  // namespace vitrum::io
