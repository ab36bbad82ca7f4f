#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/hdf5/hdf5_layout.hpp"
#include "vitrum/io/hdf5/hdf5_probe.hpp"
#include "vitrum/io/hdf5/hdf5_reach.hpp"
#include "vitrum/io/text/input_file.hpp"

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

// Reads fixed or variable-length text through `read(type, buffer)`; nothing where that fails.
template <class Read>
std::optional<std::vector<std::string>> read_texts(hid_t type, hid_t space, Read&& read) {
    const auto count = static_cast<std::size_t>(std::max<hssize_t>(H5Sget_simple_extent_npoints(space), 0));
    std::vector<std::string> values(count);
    if (count == 0) return values;
    if (H5Tis_variable_str(type) > 0) {
        Handle memory(H5Tcopy(H5T_C_S1), H5Tclose);
        H5Tset_size(memory.get(), H5T_VARIABLE);
        H5Tset_cset(memory.get(), H5Tget_cset(type));
        std::vector<char*> pointers(count, nullptr);
        if (read(memory.get(), pointers.data()) < 0) return std::nullopt;
        for (std::size_t i = 0; i < count; ++i)
            if (pointers[i]) values[i] = pointers[i];
        H5Dvlen_reclaim(memory.get(), space, H5P_DEFAULT, pointers.data());
    } else {
        const std::size_t size = H5Tget_size(type);
        std::vector<char> buffer(count * size);
        if (read(type, buffer.data()) < 0) return std::nullopt;
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
    expect_input_file(path);
    if (H5Fis_hdf5(path.c_str()) <= 0) throw InputError(fmt::format("'{}' is not an HDF5 file", path.string()));
    bytes_ = static_cast<double>(std::filesystem::file_size(path));
    expect_sound(path);
    file_ = Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access_without_locks().get()), H5Fclose);
    if (!file_)
        throw InputError(
            fmt::format("'{}' is truncated or damaged ({}); copy it again", path.string(), last_hdf5_error()));
}

void ReadFile::fail(const std::string& dataset, const std::string& what) const {
    throw InputError(fmt::format("{}: {}", where(dataset), what));
}

void ReadFile::expect_reached(const std::string& path) const {
    if (path.find('\0') != std::string::npos) fail(path.c_str(), "cannot be a path: it holds a NUL");
    if (!reached_.insert(path).second) return;
    try {
        expect_reachable(*this, path);
    } catch (...) {
        reached_.erase(path);
        throw;
    }
}

double ReadFile::bytes_for(hid_t layout, const std::string& path) const {
    if (H5Pget_layout(layout) != H5D_VIRTUAL) return bytes_;
    const auto [at, fresh] = shown_.try_emplace(path, 0);
    if (fresh) at->second = bytes_behind(*this, path);
    return at->second;
}

bool ReadFile::exists(const std::string& path) const {
    if (path == "/" || path.empty()) return true;
    expect_reached(path);
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
    expect_reached(path);
    const Handle group(H5Gopen2(id(), path.empty() ? "/" : path.c_str(), H5P_DEFAULT), H5Gclose);
    if (!group) return names;
    const herr_t listed = H5Literate(
        group.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr,
        [](hid_t, const char* name, const H5L_info_t*, void* out) -> herr_t {
            static_cast<std::vector<std::string>*>(out)->emplace_back(name);
            return 0;
        },
        &names);
    if (listed < 0) fail(path, fmt::format("cannot be listed ({})", last_hdf5_error()));
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
    const Handle layout(H5Dget_create_plist(set.get()), H5Pclose);
    if (!space || !type || !layout) fail(path, fmt::format("is damaged ({})", last_hdf5_error()));
    DatasetInfo result;
    result.dims = dimensions_of(space.get());
    result.type_class = H5Tget_class(type.get());
    result.size = H5Tget_size(type.get());
    result.is_signed = result.type_class == H5T_INTEGER && H5Tget_sign(type.get()) == H5T_SGN_2;

    double values = 1;
    for (const auto d : result.dims) values *= static_cast<double>(d);
    constexpr double countable = 1e18;
    if (values * static_cast<double>(std::max<std::size_t>(result.size, sizeof(double))) > countable)
        fail(path, fmt::format("declares ({}) values: no file holds so many", fmt::join(result.dims, ", ")));
    const bool elsewhere = H5Pget_layout(layout.get()) == H5D_VIRTUAL || H5Pget_external_count(layout.get()) > 0;
    const double stored =
        elsewhere ? bytes_for(layout.get(), path) : static_cast<double>(H5Dget_storage_size(set.get()));
    expect_declared(values * static_cast<double>(result.size), stored, where(path));
    if (H5Pget_layout(layout.get()) == H5D_CHUNKED) {
        std::array<hsize_t, H5S_MAX_RANK> chunk{};
        double bytes = static_cast<double>(result.size);
        const int rank = H5Pget_chunk(layout.get(), H5S_MAX_RANK, chunk.data());
        for (int k = 0; k < rank; ++k) bytes *= static_cast<double>(chunk.at(static_cast<std::size_t>(k)));
        // A chunk is unpacked as a whole; one that is larger than its dataset is no reason to doubt the file.
        expect_inflation(std::min(bytes, 4 * values * static_cast<double>(result.size)), bytes_, where(path));
    }
    return result;
}

std::size_t ReadFile::elements(const std::string& path, std::size_t size) const {
    const DatasetInfo about = info(path);
    std::size_t count = 1;
    for (const auto d : about.dims) count *= static_cast<std::size_t>(d);
    const Handle set = open_dataset(id(), path);
    const Handle layout(H5Dget_create_plist(set.get()), H5Pclose);
    expect_inflation(static_cast<double>(count) * static_cast<double>(std::max(size, about.size)),
                     bytes_for(layout.get(), path), where(path));
    return count;
}

void ReadFile::read_raw(const std::string& path, hid_t type, void* out) const {
    if (elements(path, H5Tget_size(type)) == 0) return;
    const Handle set = open_dataset(id(), path);
    if (H5Dread(set.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) < 0) fail(path, why_unreadable(set.get()));
}

void ReadFile::read_rows_raw(const std::string& path, hid_t type, std::size_t size, std::size_t first,
                             std::size_t count, void* out) const {
    if (count == 0) return;
    Dimensions dims = info(path).dims;
    if (dims.empty() || first > dims[0] || count > dims[0] - first)
        fail(path, fmt::format("has the shape ({}); rows {} to {} are wanted", fmt::join(dims, ", "), first,
                               first + count - 1));
    const Handle set = open_dataset(id(), path);
    const Handle space(H5Dget_space(set.get()), H5Sclose);
    Dimensions start(dims.size(), 0);
    start[0] = first;
    dims[0] = count;
    double bytes = static_cast<double>(size);
    for (const auto d : dims) bytes *= static_cast<double>(d);
    expect_memory(bytes, where(path));
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, dims.data(), nullptr);
    const Handle memory(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose);
    if (H5Dread(set.get(), type, memory.get(), space.get(), H5P_DEFAULT, out) < 0)
        fail(path, why_unreadable(set.get()));
}

// Many texts can name one long one: they are read a few at a time, and what they come to is counted.
std::vector<std::string> ReadFile::long_texts(hid_t set, const std::string& path) const {
    const Handle type(H5Dget_type(set), H5Tclose);
    const Handle space(H5Dget_space(set), H5Sclose);
    const Dimensions dims = dimensions_of(space.get());
    const hsize_t all = dims.empty() ? 1 : dims[0];
    constexpr double at_a_time = 64e6;
    const auto block = std::clamp<hsize_t>(static_cast<hsize_t>(at_a_time / std::max(1.0, bytes_)), 16, 4096);
    if (dims.size() > 1 && H5Sget_simple_extent_npoints(space.get()) > static_cast<hssize_t>(block))
        fail(path, fmt::format("has the shape ({}); texts stand in a list", fmt::join(dims, ", ")));
    std::vector<std::string> values;
    double bytes = 0;
    for (hsize_t first = 0; first < all; first += block) {
        const hsize_t count = std::min(block, all - first);
        if (dims.size() == 1) H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &first, nullptr, &count, nullptr);
        const Handle memory(dims.size() == 1 ? H5Screate_simple(1, &count, nullptr) : H5Scopy(space.get()), H5Sclose);
        auto part = read_texts(type.get(), memory.get(), [&](hid_t as, void* out) {
            return H5Dread(set, as, memory.get(), space.get(), H5P_DEFAULT, out);
        });
        if (!part) fail(path, why_unreadable(set));
        for (auto& text : *part) {
            bytes += static_cast<double>(text.size());
            values.push_back(std::move(text));
        }
        expect_inflation(bytes, bytes_, where(path));
        if (dims.size() != 1) break;
    }
    return values;
}

std::vector<std::string> ReadFile::texts(const std::string& path) const {
    if (info(path).type_class != H5T_STRING) fail(path, "must hold text");
    if (elements(path, sizeof(char*)) == 0) return {};
    return long_texts(open_dataset(id(), path).get(), path);
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
    constexpr hssize_t most = 256;
    if (H5Sget_simple_extent_npoints(space.get()) > most)
        fail(path, fmt::format("has more than {} texts in its attribute {}", most, name));
    return read_texts(type.get(), space.get(),
                      [&](hid_t memory, void* out) { return H5Aread(attribute.get(), memory, out); })
        .value_or(std::vector<std::string>{});
}

std::optional<std::int64_t> ReadFile::number_attribute(const std::string& path, const std::string& name) const {
    const char* where = path.empty() ? "/" : path.c_str();
    if (!exists(path) || H5Aexists_by_name(id(), where, name.c_str(), H5P_DEFAULT) <= 0) return std::nullopt;
    const Handle attribute(H5Aopen_by_name(id(), where, name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    const Handle type(H5Aget_type(attribute.get()), H5Tclose);
    const Handle space(H5Aget_space(attribute.get()), H5Sclose);
    if (H5Tget_class(type.get()) != H5T_INTEGER || H5Sget_simple_extent_npoints(space.get()) != 1) return std::nullopt;
    std::int64_t value = 0;
    if (H5Aread(attribute.get(), H5T_NATIVE_INT64, &value) < 0) return std::nullopt;
    return value;
}

std::optional<std::string> ReadFile::text_attribute(const std::string& path, const std::string& name) const {
    const auto all = texts_attribute(path, name);
    if (all.empty()) return std::nullopt;
    return all.front();
}

}  // namespace vitrum::io
