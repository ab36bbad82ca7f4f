#include "vitrum/io/hdf5/row_writer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::io {

namespace {

[[noreturn]] void refuse(const std::string& path) {
    throw RunError(fmt::format("cannot write '{}': {}", path, last_hdf5_error()));
}

}  // namespace

RowWriter::RowWriter(WriteFile& file, const std::string& path, hid_t type, const Dimensions& dims,
                     const std::string& unit)
    : path_(path), type_(type), dims_(dims), row_bytes_(H5Tget_size(type)) {
    for (std::size_t i = 1; i < dims.size(); ++i) row_bytes_ *= dims[i];
    set_ = file.create(path, type, H5Tget_size(type), dims);
    const Handle layout(H5Dget_create_plist(set_.get()), H5Pclose);
    if (H5Pget_layout(layout.get()) == H5D_CHUNKED) {
        Dimensions chunk(dims.size());
        H5Pget_chunk(layout.get(), static_cast<int>(chunk.size()), chunk.data());
        chunk_rows_ = chunk[0];
    }
    if (!unit.empty()) file.attribute(path, "units", unit);
}

void RowWriter::add(const void* data, std::size_t rows) {
    const auto* bytes = static_cast<const char*>(data);
    waiting_.insert(waiting_.end(), bytes, bytes + rows * row_bytes_);
    const std::size_t whole = waiting_.size() / row_bytes_ / chunk_rows_ * chunk_rows_;
    if (whole > 0) flush(whole);
}

void RowWriter::finish() {
    if (!waiting_.empty()) flush(waiting_.size() / row_bytes_);
    set_.reset();
}

void RowWriter::flush(std::size_t rows) {
    Dimensions first(dims_.size(), 0);
    Dimensions count = dims_;
    first[0] = written_;
    count[0] = rows;
    const Handle memory(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose);
    const Handle space(H5Dget_space(set_.get()), H5Sclose);
    if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr) < 0 ||
        H5Dwrite(set_.get(), type_, memory.get(), space.get(), H5P_DEFAULT, waiting_.data()) < 0)
        refuse(path_);
    written_ += rows;
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(rows * row_bytes_));
}

}  // namespace vitrum::io
