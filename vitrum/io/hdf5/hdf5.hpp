// HDF5 by path, with RAII and one-line errors. Only core/io includes this header; nobody else calls HDF5.
// The library is not safe for threads: every public entry of core/io holds hdf5_lock() while it works.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <hdf5.h>

namespace vitrum::io {

[[nodiscard]] std::unique_lock<std::recursive_mutex> hdf5_lock();

// An identifier with its closer.
class Handle {
public:
    using Closer = herr_t (*)(hid_t);
    Handle() = default;
    Handle(hid_t id, Closer closer) : id_(id), closer_(closer) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    Handle(Handle&& other) noexcept : id_(other.id_), closer_(other.closer_) { other.id_ = -1; }
    Handle& operator=(Handle&& other) noexcept;
    ~Handle() { reset(); }
    void reset();
    [[nodiscard]] hid_t get() const { return id_; }
    explicit operator bool() const { return id_ >= 0; }

private:
    hid_t id_ = -1;
    Closer closer_ = nullptr;
};

// Access without file locks: files are renamed into place when complete, so locks protect nothing, and a worker that is
// being started holds a copy of them for a moment.
[[nodiscard]] Handle access_without_locks();

template <class T>
[[nodiscard]] hid_t native_type();
template <>
inline hid_t native_type<double>() {
    return H5T_NATIVE_DOUBLE;
}
template <>
inline hid_t native_type<float>() {
    return H5T_NATIVE_FLOAT;
}
template <>
inline hid_t native_type<std::int8_t>() {
    return H5T_NATIVE_INT8;
}
template <>
inline hid_t native_type<std::uint8_t>() {
    return H5T_NATIVE_UINT8;
}
template <>
inline hid_t native_type<std::int16_t>() {
    return H5T_NATIVE_INT16;
}
template <>
inline hid_t native_type<std::uint16_t>() {
    return H5T_NATIVE_UINT16;
}
template <>
inline hid_t native_type<std::int32_t>() {
    return H5T_NATIVE_INT32;
}
template <>
inline hid_t native_type<std::uint32_t>() {
    return H5T_NATIVE_UINT32;
}
template <>
inline hid_t native_type<std::int64_t>() {
    return H5T_NATIVE_INT64;
}
template <>
inline hid_t native_type<std::uint64_t>() {
    return H5T_NATIVE_UINT64;
}

using Dimensions = std::vector<hsize_t>;

struct DatasetInfo {
    Dimensions dims;
    H5T_class_t type_class = H5T_NO_CLASS;
    std::size_t size = 0;  // bytes of one element
    bool is_signed = false;
};

// Whole message of the innermost HDF5 error on the stack: "No space left on device".
[[nodiscard]] std::string last_hdf5_error();

class WriteFile {
public:
    // Creates or truncates. Throws RunError if the file cannot be made.
    explicit WriteFile(const std::filesystem::path& path);

    void group(const std::string& path, const std::string& nx_class = {});
    // Chunked and compressed where that pays. `unit` becomes @units.
    template <class T>
    void write(const std::string& path, const T* data, const Dimensions& dims, const std::string& unit = {}) {
        write_raw(path, native_type<T>(), sizeof(T), data, dims, unit);
    }
    template <class T>
    void write(const std::string& path, const std::vector<T>& data, const std::string& unit = {}) {
        write(path, data.data(), {data.size()}, unit);
    }
    template <class T>
    void scalar(const std::string& path, T value, const std::string& unit = {}) {
        write(path, &value, {}, unit);
    }
    // An empty dataset, chunked and compressed where that pays; `type` as it is stored.
    [[nodiscard]] Handle create(const std::string& path, hid_t type, std::size_t size, const Dimensions& dims);
    void text(const std::string& path, const std::string& value);
    void texts(const std::string& path, const std::vector<std::string>& values);
    void attribute(const std::string& path, const std::string& name, const std::string& value);
    void attribute(const std::string& path, const std::string& name, const std::vector<std::string>& values);
    void attribute(const std::string& path, const std::string& name, std::int64_t value);

    // Flushes to disk and closes; throws RunError if anything could not be written.
    void close();
    [[nodiscard]] hid_t id() const { return file_.get(); }

private:
    void write_raw(const std::string& path, hid_t type, std::size_t size, const void* data, const Dimensions& dims,
                   const std::string& unit);
    void must(herr_t status, const std::string& what) const;
    std::filesystem::path path_;
    Handle file_;
};

// Everything that a file declares is checked before it is used: what it leads to (hdf5_reach.hpp), how much it asks for
// (vitrum/core/limits.hpp), that the library survives it (hdf5_probe.hpp).
class ReadFile {
public:
    // Throws InputError: missing, no ordinary file, not an HDF5 file, truncated or damaged.
    explicit ReadFile(const std::filesystem::path& path);

    [[nodiscard]] bool exists(const std::string& path) const;
    [[nodiscard]] bool is_dataset(const std::string& path) const;
    [[nodiscard]] bool is_group(const std::string& path) const;
    [[nodiscard]] std::vector<std::string> children(const std::string& path) const;  // sorted by name
    [[nodiscard]] DatasetInfo info(const std::string& path) const;

    // Throws InputError naming file and dataset if it is missing or cannot be read as T.
    template <class T>
    [[nodiscard]] std::vector<T> read(const std::string& path) const {
        std::vector<T> data(elements(path, sizeof(T)));
        read_raw(path, native_type<T>(), data.data());
        return data;
    }
    // Rows [first, first + count) along the first axis.
    template <class T>
    void read_rows(const std::string& path, std::size_t first, std::size_t count, T* out) const {
        read_rows_raw(path, native_type<T>(), sizeof(T), first, count, out);
    }
    template <class T>
    [[nodiscard]] T scalar(const std::string& path) const {
        if (elements(path, sizeof(T)) != 1) fail(path, "must hold one number");
        return read<T>(path).front();
    }
    [[nodiscard]] std::string text(const std::string& path) const;
    [[nodiscard]] std::vector<std::string> texts(const std::string& path) const;
    [[nodiscard]] std::optional<std::string> text_attribute(const std::string& path, const std::string& name) const;
    // A whole number; nothing where there is none.
    [[nodiscard]] std::optional<std::int64_t> number_attribute(const std::string& path, const std::string& name) const;
    [[nodiscard]] std::vector<std::string> texts_attribute(const std::string& path, const std::string& name) const;

    [[noreturn]] void fail(const std::string& dataset, const std::string& what) const;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] hid_t id() const { return file_.get(); }

private:
    [[nodiscard]] std::size_t elements(const std::string& path, std::size_t size) const;
    void read_raw(const std::string& path, hid_t type, void* out) const;
    void read_rows_raw(const std::string& path, hid_t type, std::size_t size, std::size_t first, std::size_t count,
                       void* out) const;
    [[nodiscard]] std::vector<std::string> long_texts(hid_t set, const std::string& path) const;
    void expect_reached(const std::string& path) const;
    // Bytes of the file, and of those that a virtual dataset shows.
    [[nodiscard]] double bytes_for(hid_t layout, const std::string& path) const;
    [[nodiscard]] std::string where(const std::string& path) const { return path_.string() + "::" + path; }
    std::filesystem::path path_;
    Handle file_;
    double bytes_ = 0;
    mutable std::set<std::string> reached_;        // paths that lead to what may be read
    mutable std::map<std::string, double> shown_;  // bytes behind virtual datasets
};

}  // namespace vitrum::io
