// How a dataset is stored: chunks, filters, links to other files; and why it cannot be read.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

// Rows of the first axis in one chunk; 1 if it is not chunked.
[[nodiscard]] std::size_t chunk_rows(const ReadFile& file, const std::string& path);

// Bytes that hold the values of a dataset, wherever they stand.
[[nodiscard]] double stored_bytes(const ReadFile& file, const std::string& path);

// A filter that is not installed: "is compressed with bitshuffle (filter 32008), ..."; "" if there is none.
[[nodiscard]] std::string missing_filter(hid_t dataset);

// What a virtual dataset shows, in the order of its mappings; none if it is not virtual.
struct VirtualSource {
    std::string file;  // "." = the same; with % = as many numbered ones as are there
    std::string dataset;
};
[[nodiscard]] std::vector<VirtualSource> virtual_sources(hid_t dataset);
// Neither beside `file` nor as it is named. Numbered ones are never missing.
[[nodiscard]] bool is_missing(const VirtualSource& source, const std::string& file);

// A file that a virtual dataset shows and that is not there (HDF5 would show fill values instead); "" if all are.
[[nodiscard]] std::string missing_source(hid_t dataset, const std::string& file);

// Where an external or soft link on the way to `path` leads that leads nowhere; "" if there is none.
[[nodiscard]] std::string broken_link(const ReadFile& file, const std::string& path);

}  // namespace vitrum::io
