#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

std::unique_lock<std::recursive_mutex> hdf5_lock() {
    static std::recursive_mutex mutex;
    // Files are closed by hand. At exit the library would try again to flush what a full disk refused, and crash.
    static const herr_t no_exit_handler = H5dont_atexit();
    static_cast<void>(no_exit_handler);
    std::unique_lock lock(mutex);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return lock;
}

Handle& Handle::operator=(Handle&& other) noexcept {
    if (this != &other) {
        reset();
        id_ = other.id_;
        closer_ = other.closer_;
        other.id_ = -1;
    }
    return *this;
}

void Handle::reset() {
    if (id_ >= 0 && closer_) closer_(id_);
    id_ = -1;
}

Handle access_without_locks() {
    Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_file_locking(access.get(), false, true);
    return access;
}

std::string last_hdf5_error() {
    std::string text;
    H5Ewalk2(
        H5E_DEFAULT, H5E_WALK_UPWARD,
        [](unsigned n, const H5E_error2_t* error, void* out) -> herr_t {
            if (n == 0 && error->desc) *static_cast<std::string*>(out) = error->desc;
            return 0;
        },
        &text);
    // HDF5 writes "... errno = 28, error message = 'No space left on device', buf = ..."; keep the reason.
    if (const auto at = text.find("error message = '"); at != std::string::npos) {
        const auto begin = at + std::strlen("error message = '");
        text = text.substr(begin, text.find('\'', begin) - begin);
    }
    return text.empty() ? "unknown HDF5 error" : text;
}

namespace {

Handle make_text_type() {
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.get(), H5T_VARIABLE);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    return type;
}

Handle make_space(const Dimensions& dims) {
    if (dims.empty()) return {H5Screate(H5S_SCALAR), H5Sclose};
    return {H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose};
}

// Datasets below this size are stored whole: chunks would only cost.
constexpr std::size_t chunk_from_bytes = 65536;

Handle make_layout(const Dimensions& dims, std::size_t element_size) {
    Handle layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_obj_track_times(layout.get(), false);
    std::size_t bytes = element_size;
    for (const auto d : dims) bytes *= d;
    if (dims.empty() || bytes < chunk_from_bytes) return layout;
    // One chunk holds whole trailing axes, and as many rows of the first as fit in about a megabyte.
    Dimensions chunk = dims;
    const std::size_t row = bytes / static_cast<std::size_t>(dims[0]);
    constexpr std::size_t target = std::size_t{1} << 20;
    chunk[0] = std::clamp<hsize_t>(target / std::max<std::size_t>(row, 1), 1, dims[0]);
    H5Pset_chunk(layout.get(), static_cast<int>(chunk.size()), chunk.data());
    H5Pset_shuffle(layout.get());
    H5Pset_deflate(layout.get(), 2);
    return layout;
}

Handle links_with_parents() {
    Handle list(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
    H5Pset_create_intermediate_group(list.get(), 1);
    return list;
}

}  // namespace

WriteFile::WriteFile(const std::filesystem::path& path) : path_(path) {
    errno = 0;
    file_ = Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access_without_locks().get()), H5Fclose);
    if (!file_) throw RunError(fmt::format("cannot write '{}': {}", path.string(), last_hdf5_error()));
}

void WriteFile::must(herr_t status, const std::string& what) const {
    if (status < 0) throw RunError(fmt::format("cannot write '{}' ({}): {}", path_.string(), what, last_hdf5_error()));
}

void WriteFile::group(const std::string& path, const std::string& nx_class) {
    const Handle parents = links_with_parents();
    const Handle group(H5Gcreate2(id(), path.c_str(), parents.get(), H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
    must(static_cast<herr_t>(group.get() < 0 ? -1 : 0), path);
    if (!nx_class.empty()) attribute(path, "NX_class", nx_class);
}

Handle WriteFile::create(const std::string& path, hid_t type, std::size_t size, const Dimensions& dims) {
    const Handle space = make_space(dims);
    const Handle parents = links_with_parents();
    const Handle layout = make_layout(dims, size);
    Handle set(H5Dcreate2(id(), path.c_str(), type, space.get(), parents.get(), layout.get(), H5P_DEFAULT), H5Dclose);
    must(static_cast<herr_t>(set.get() < 0 ? -1 : 0), path);
    return set;
}

void WriteFile::write_raw(const std::string& path, hid_t type, std::size_t size, const void* data,
                          const Dimensions& dims, const std::string& unit) {
    const Handle set = create(path, type, size, dims);
    const bool empty = std::any_of(dims.begin(), dims.end(), [](hsize_t d) { return d == 0; });
    if (!empty) must(H5Dwrite(set.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), path);
    if (!unit.empty()) attribute(path, "units", unit);
}

void WriteFile::text(const std::string& path, const std::string& value) {
    const Handle type = make_text_type();
    const char* pointer = value.c_str();
    write_raw(path, type.get(), sizeof(char*), &pointer, {}, {});
}

void WriteFile::texts(const std::string& path, const std::vector<std::string>& values) {
    const Handle type = make_text_type();
    std::vector<const char*> pointers;
    pointers.reserve(values.size());
    for (const auto& value : values) pointers.push_back(value.c_str());
    // Variable-length text gains nothing from chunks.
    const Dimensions dims{values.size()};
    const Handle space = make_space(dims);
    const Handle parents = links_with_parents();
    const Handle layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_obj_track_times(layout.get(), false);
    const Handle set(H5Dcreate2(id(), path.c_str(), type.get(), space.get(), parents.get(), layout.get(), H5P_DEFAULT),
                     H5Dclose);
    must(static_cast<herr_t>(set.get() < 0 ? -1 : 0), path);
    if (!values.empty()) must(H5Dwrite(set.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), path);
}

void WriteFile::attribute(const std::string& path, const std::string& name, const std::string& value) {
    const Handle type = make_text_type();
    const Handle space = make_space({});
    const Handle attribute(H5Acreate_by_name(id(), path.c_str(), name.c_str(), type.get(), space.get(), H5P_DEFAULT,
                                             H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    must(static_cast<herr_t>(attribute.get() < 0 ? -1 : 0), path + "@" + name);
    const char* pointer = value.c_str();
    must(H5Awrite(attribute.get(), type.get(), &pointer), path + "@" + name);
}

void WriteFile::attribute(const std::string& path, const std::string& name, const std::vector<std::string>& values) {
    const Handle type = make_text_type();
    const Handle space = make_space({values.size()});
    const Handle attribute(H5Acreate_by_name(id(), path.c_str(), name.c_str(), type.get(), space.get(), H5P_DEFAULT,
                                             H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    must(static_cast<herr_t>(attribute.get() < 0 ? -1 : 0), path + "@" + name);
    std::vector<const char*> pointers;
    for (const auto& value : values) pointers.push_back(value.c_str());
    must(H5Awrite(attribute.get(), type.get(), pointers.data()), path + "@" + name);
}

void WriteFile::attribute(const std::string& path, const std::string& name, std::int64_t value) {
    const Handle space = make_space({});
    const Handle attribute(H5Acreate_by_name(id(), path.c_str(), name.c_str(), H5T_NATIVE_INT64, space.get(),
                                             H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    must(static_cast<herr_t>(attribute.get() < 0 ? -1 : 0), path + "@" + name);
    must(H5Awrite(attribute.get(), H5T_NATIVE_INT64, &value), path + "@" + name);
}

void WriteFile::close() {
    must(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL), "flush");
    const hid_t id = file_.get();
    must(H5Fclose(id), "close");
    file_ = Handle(-1, nullptr);
}

}  // namespace vitrum::io
