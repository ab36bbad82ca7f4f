// A dataset that is written a few rows at a time: chunked and compressed, each chunk once.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

class RowWriter {
public:
    // `dims` is the complete size; `unit` becomes @units.
    RowWriter(WriteFile& file, const std::string& path, hid_t type, const Dimensions& dims,
              const std::string& unit = {});

    // The next `rows` rows of the first axis, in the type of the dataset. Throws RunError.
    void add(const void* data, std::size_t rows);
    void finish();  // after the last row

private:
    void flush(std::size_t rows);
    std::string path_;
    hid_t type_;
    Dimensions dims_;
    std::size_t row_bytes_;
    std::size_t chunk_rows_ = 1;
    Handle set_;
    std::size_t written_ = 0;
    std::vector<char> waiting_;
};

}  // namespace vitrum::io
