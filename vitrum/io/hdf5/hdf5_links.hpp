// One dataset under several paths: hard links where the layout is the same, virtual datasets where it differs. Nothing
// is stored twice.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

// `path` becomes another name of the object at `existing`. Groups on the way are made.
void hard_link(WriteFile& file, const std::string& existing, const std::string& path);

// Sources of one shape stacked along a new first axis (count, ...) or, for one-dimensional ones, as columns
// (offset + length, count); what no source covers is NaN. All hold doubles and stand in this file.
void virtual_stack(WriteFile& file, const std::string& path, const std::vector<std::string>& sources,
                   const Dimensions& source_dims);
void virtual_columns(WriteFile& file, const std::string& path, const std::vector<std::string>& sources, hsize_t length,
                     hsize_t offset);

// The upper triangle with the diagonal of a square source; 0 below.
void virtual_upper_triangle(WriteFile& file, const std::string& path, const std::string& source, hsize_t side);

// Copies a dataset of another file as it is stored there: chunks are not unpacked, memory stays small.
void copy_dataset(WriteFile& file, const ReadFile& from, const std::string& existing, const std::string& path);

// True if this dataset only shows others of the same file.
[[nodiscard]] bool shows_others(const ReadFile& file, const std::string& path);

}  // namespace vitrum::io
