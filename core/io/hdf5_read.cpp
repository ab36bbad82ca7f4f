#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/io/hdf5.hpp"
#include "core/io/hdf5_layout.hpp"

namespace vitrum::io {

namespace {

Handle open_dataset(hid_t file, const std::string& path) {
    return {H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose};
}

Dimensions dimensions_of(hid_t space) {
    const int rank = H5Sget_simple_extent_ndims(space);
    Dimensions dims(static_cast<std::size_t>(std::max(rank, 0)));
    if (rank > 0) H5Sget_simple_extent_dims(space, dims.data(), nullptr);
    return dims;
}

// Reads fixed or variable-length text through `read(type, buffer)`.
template <class Read>
std::vector<std::string> read_texts(hid_t type, hid_t space, Read&& read) {
    const auto count = static_cast<std::size_t>(std::max<hssize_t>(H5Sget_simple_extent_npoints(space), 0));
    std::vector<std::string> values(count);
    if (count == 0) return values;
    if (H5Tis_variable_str(type) > 0) {
        Handle memory(H5Tcopy(H5T_C_S1), H5Tclose);
        H5Tset_size(memory.get(), H5T_VARIABLE);
        H5Tset_cset(memory.get(), H5Tget_cset(type));
        std::vector<char*> pointers(count, nullptr);
        if (read(memory.get(), pointers.data()) < 0) return {};
        for (std::size_t i = 0; i < count; ++i)
            if (pointers[i]) values[i] = pointers[i];
        H5Dvlen_reclaim(memory.get(), space, H5P_DEFAULT, pointers.data());
    } else {
        const std::size_t size = H5Tget_size(type);
        std::vector<char> buffer(count * size);
        if (read(type, buffer.data()) < 0) return {};
        for (std::size_t i = 0; i < count; ++i) {
            const char* begin = buffer.data() + i * size;
            values[i] = std::string(begin, std::find(begin, begin + size, '\0'));
        }
    }
    return values;
}

std::string why_unreadable(hid_t dataset) {
    const std::string error = last_hdf5_error();
    const std::string filter = missing_filter(dataset);
    return filter.empty() ? fmt::format("cannot be read ({})", error) : filter;
}

}  // namespace

ReadFile::ReadFile(const std::filesystem::path& path) : path_(path) {
    if (!std::filesystem::exists(path)) throw InputError(fmt::format("no such file: '{}'", path.string()));
    if (std::filesystem::is_directory(path))
        throw InputError(fmt::format("'{}' is a folder; an HDF5 file is wanted", path.string()));
    if (H5Fis_hdf5(path.c_str()) <= 0) throw InputError(fmt::format("'{}' is not an HDF5 file", path.string()));
    file_ = Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access_without_locks().get()), H5Fclose);
    if (!file_)
        throw InputError(
            fmt::format("'{}' is truncated or damaged ({}); copy it again", path.string(), last_hdf5_error()));
}

void ReadFile::fail(const std::string& dataset, const std::string& what) const {
    throw InputError(fmt::format("{}::{}: {}", path_.string(), dataset, what));
}

bool ReadFile::exists(const std::string& path) const {
    if (path == "/" || path.empty()) return true;
    // H5Lexists wants every intermediate link to exist.
    for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
        const std::string part = path.substr(0, at);
        if (H5Lexists(id(), part.c_str(), H5P_DEFAULT) <= 0) return false;
        if (at == std::string::npos) break;
    }
    return H5Oexists_by_name(id(), path.c_str(), H5P_DEFAULT) > 0;
}

bool ReadFile::is_dataset(const std::string& path) const {
    if (!exists(path)) return false;
    const Handle object(H5Oopen(id(), path.c_str(), H5P_DEFAULT), H5Oclose);
    return object && H5Iget_type(object.get()) == H5I_DATASET;
}

bool ReadFile::is_group(const std::string& path) const {
    if (!exists(path)) return false;
    const Handle object(H5Oopen(id(), path.empty() ? "/" : path.c_str(), H5P_DEFAULT), H5Oclose);
    return object && H5Iget_type(object.get()) == H5I_GROUP;
}

std::vector<std::string> ReadFile::children(const std::string& path) const {
    std::vector<std::string> names;
    const Handle group(H5Gopen2(id(), path.empty() ? "/" : path.c_str(), H5P_DEFAULT), H5Gclose);
    if (!group) return names;
    H5Literate(
        group.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr,
        [](hid_t, const char* name, const H5L_info_t*, void* out) -> herr_t {
            static_cast<std::vector<std::string>*>(out)->emplace_back(name);
            return 0;
        },
        &names);
    return names;
}

DatasetInfo ReadFile::info(const std::string& path) const {
    if (!is_dataset(path)) {
        const std::string link = broken_link(*this, path);
        fail(path, exists(path) ? "is not a dataset" : link.empty() ? "no such dataset" : link);
    }
    const Handle set = open_dataset(id(), path);
    const Handle space(H5Dget_space(set.get()), H5Sclose);
    const Handle type(H5Dget_type(set.get()), H5Tclose);
    DatasetInfo result;
    result.dims = dimensions_of(space.get());
    result.type_class = H5Tget_class(type.get());
    result.size = H5Tget_size(type.get());
    result.is_signed = result.type_class == H5T_INTEGER && H5Tget_sign(type.get()) == H5T_SGN_2;
    return result;
}

std::size_t ReadFile::elements(const std::string& path) const {
    std::size_t count = 1;
    for (const auto d : info(path).dims) count *= static_cast<std::size_t>(d);
    return count;
}

void ReadFile::read_raw(const std::string& path, hid_t type, void* out) const {
    if (elements(path) == 0) return;
    const Handle set = open_dataset(id(), path);
    if (H5Dread(set.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) < 0) fail(path, why_unreadable(set.get()));
}

void ReadFile::read_rows_raw(const std::string& path, hid_t type, std::size_t first, std::size_t count,
                             void* out) const {
    if (count == 0) return;
    const Handle set = open_dataset(id(), path);
    const Handle space(H5Dget_space(set.get()), H5Sclose);
    Dimensions dims = dimensions_of(space.get());
    Dimensions start(dims.size(), 0);
    start[0] = first;
    dims[0] = count;
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, dims.data(), nullptr);
    const Handle memory(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose);
    if (H5Dread(set.get(), type, memory.get(), space.get(), H5P_DEFAULT, out) < 0)
        fail(path, why_unreadable(set.get()));
}

std::vector<std::string> ReadFile::texts(const std::string& path) const {
    if (info(path).type_class != H5T_STRING) fail(path, "must hold text");
    const Handle set = open_dataset(id(), path);
    const Handle type(H5Dget_type(set.get()), H5Tclose);
    const Handle space(H5Dget_space(set.get()), H5Sclose);
    return read_texts(type.get(), space.get(), [&](hid_t memory, void* out) {
        return H5Dread(set.get(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, out);
    });
}

std::string ReadFile::text(const std::string& path) const {
    const auto all = texts(path);
    if (all.size() != 1) fail(path, "must hold one text");
    return all.front();
}

std::vector<std::string> ReadFile::texts_attribute(const std::string& path, const std::string& name) const {
    const char* where = path.empty() ? "/" : path.c_str();
    if (!exists(path) || H5Aexists_by_name(id(), where, name.c_str(), H5P_DEFAULT) <= 0) return {};
    const Handle attribute(H5Aopen_by_name(id(), where, name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    const Handle type(H5Aget_type(attribute.get()), H5Tclose);
    if (H5Tget_class(type.get()) != H5T_STRING) return {};
    const Handle space(H5Aget_space(attribute.get()), H5Sclose);
    return read_texts(type.get(), space.get(),
                      [&](hid_t memory, void* out) { return H5Aread(attribute.get(), memory, out); });
}

std::optional<std::string> ReadFile::text_attribute(const std::string& path, const std::string& name) const {
    const auto all = texts_attribute(path, name);
    if (all.empty()) return std::nullopt;
    return all.front();
}

}  // namespace vitrum::io
