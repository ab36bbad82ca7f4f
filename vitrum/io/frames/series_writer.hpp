// One series of frames in an entry, as all our files of frames hold it.
#pragma once

#include <string>

#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/io/frames/slab_store.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

// ENTRY/instrument/detector/{data, frame_time, count_time, pixel_mask, region, q} or ENTRY/sparse_frames, and the
// NXdata ENTRY/data of dense ones. Counts come from `stored` where it is given.
void write_series(WriteFile& file, const std::string& entry, const SpeckleSeries& series, const SlabStore* stored);

}  // namespace vitrum::io
