#include "vitrum/io/hdf5/hdf5_layout.hpp"

#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "vitrum/io/hdf5/hdf5_reach.hpp"

namespace vitrum::io {

namespace {

Handle layout_of(hid_t dataset) { return {H5Dget_create_plist(dataset), H5Pclose}; }

// Names and Debian packages of filters that detectors use.
struct KnownFilter {
    H5Z_filter_t id;
    const char* name;
    const char* package;
};
constexpr std::array known_filters{KnownFilter{307, "bzip2", "hdf5-filter-plugin"},
                                   KnownFilter{32004, "LZ4", "hdf5-filter-plugin"},
                                   KnownFilter{32008, "bitshuffle", "bitshuffle"},
                                   KnownFilter{32000, "LZF", "bitshuffle"},
                                   KnownFilter{32001, "Blosc", ""},
                                   KnownFilter{32013, "ZFP", ""},
                                   KnownFilter{32015, "Zstandard", ""}};

// Texts of calls that fill a buffer and return the length.
template <class Get>
std::string text_from(Get&& get) {
    const auto length = get(nullptr, 0);
    if (length <= 0) return "";
    std::vector<char> text(static_cast<std::size_t>(length) + 1);
    get(text.data(), text.size());
    return text.data();
}

}  // namespace

std::size_t chunk_rows(const ReadFile& file, const std::string& path) {
    const Handle set(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
    const Handle layout = layout_of(set.get());
    if (H5Pget_layout(layout.get()) != H5D_CHUNKED) return 1;
    std::array<hsize_t, H5S_MAX_RANK> chunk{};
    if (H5Pget_chunk(layout.get(), H5S_MAX_RANK, chunk.data()) < 1) return 1;
    return static_cast<std::size_t>(chunk[0]);
}

double stored_bytes(const ReadFile& file, const std::string& path) {
    const Handle set(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
    const Handle layout = layout_of(set.get());
    if (H5Pget_layout(layout.get()) == H5D_VIRTUAL || H5Pget_external_count(layout.get()) > 0)
        return bytes_behind(file, path);
    return static_cast<double>(H5Dget_storage_size(set.get()));
}

std::string missing_filter(hid_t dataset) {
    const Handle layout = layout_of(dataset);
    const int count = H5Pget_nfilters(layout.get());
    for (int i = 0; i < count; ++i) {
        unsigned flags = 0;
        unsigned how = 0;
        std::size_t values = 0;
        const H5Z_filter_t id =
            H5Pget_filter2(layout.get(), static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &how);
        if (id < 0 || H5Zfilter_avail(id) > 0) continue;
        std::string name = fmt::format("filter {}", id);
        std::string install = "install its HDF5 plugin";
        for (const auto& known : known_filters)
            if (known.id == id) {
                name = fmt::format("{} (filter {})", known.name, id);
                if (*known.package) install = fmt::format("install the package {}", known.package);
            }
        return fmt::format(
            "is compressed with {}, which this HDF5 does not have; {}, or name the folder that holds it "
            "in HDF5_PLUGIN_PATH",
            name, install);
    }
    return "";
}

std::vector<VirtualSource> virtual_sources(hid_t dataset) {
    const Handle layout = layout_of(dataset);
    std::size_t count = 0;
    if (H5Pget_layout(layout.get()) != H5D_VIRTUAL || H5Pget_virtual_count(layout.get(), &count) < 0) return {};
    std::vector<VirtualSource> sources;
    for (std::size_t i = 0; i < count; ++i)
        sources.push_back({text_from([&](char* out, std::size_t size) {
                               return H5Pget_virtual_filename(layout.get(), i, out, size);
                           }),
                           text_from([&](char* out, std::size_t size) {
                               return H5Pget_virtual_dsetname(layout.get(), i, out, size);
                           })});
    return sources;
}

bool is_missing(const VirtualSource& source, const std::string& file) {
    if (source.file.empty() || source.file == "." || source.file.find('%') != std::string::npos) return false;
    std::error_code ignored;
    return !std::filesystem::exists(std::filesystem::path(file).parent_path() / source.file, ignored) &&
           !std::filesystem::exists(source.file, ignored);
}

std::string missing_source(hid_t dataset, const std::string& file) {
    for (const auto& source : virtual_sources(dataset))
        if (is_missing(source, file))
            return fmt::format("shows frames of '{}', which is not there; copy it beside this file", source.file);
    return "";
}

std::string broken_link(const ReadFile& file, const std::string& path) {
    for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
        const std::string part = path.substr(0, at);
        if (H5Lexists(file.id(), part.c_str(), H5P_DEFAULT) <= 0) return "";
        if (H5Oexists_by_name(file.id(), part.c_str(), H5P_DEFAULT) <= 0) {
            H5L_info_t info;
            if (H5Lget_info(file.id(), part.c_str(), &info, H5P_DEFAULT) < 0 || info.type == H5L_TYPE_HARD) return "";
            std::vector<char> value(info.u.val_size + 1);
            H5Lget_val(file.id(), part.c_str(), value.data(), info.u.val_size, H5P_DEFAULT);
            if (info.type == H5L_TYPE_SOFT) return fmt::format("links to {}, which is not there", value.data());
            const char* name = nullptr;
            const char* object = nullptr;
            unsigned flags = 0;
            if (H5Lunpack_elink_val(value.data(), info.u.val_size, &flags, &name, &object) < 0) return "";
            return fmt::format("links to {}::{}, which is not there; copy that file beside this one", name, object);
        }
        if (at == std::string::npos) return "";
    }
}

}  // namespace vitrum::io
