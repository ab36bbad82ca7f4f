#include "vitrum/io/hdf5/hdf5_links.hpp"

#include <limits>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::io {

namespace {

void must(bool good, const std::string& path) {
    if (!good) throw RunError(fmt::format("cannot write '{}': {}", path, last_hdf5_error()));
}

Handle space_of(const Dimensions& dims) {
    return {H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose};
}

Handle parents() {
    Handle list(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
    H5Pset_create_intermediate_group(list.get(), 1);
    return list;
}

// A virtual dataset under construction.
class Virtual {
public:
    Virtual(Dimensions dims, double fill) : dims_(std::move(dims)), layout_(H5Pcreate(H5P_DATASET_CREATE), H5Pclose) {
        H5Pset_obj_track_times(layout_.get(), false);
        H5Pset_fill_value(layout_.get(), H5T_NATIVE_DOUBLE, &fill);
    }
    void map(hid_t to, const std::string& source, hid_t from) {
        must(H5Pset_virtual(layout_.get(), to, ".", source.c_str(), from) >= 0, source);
    }
    // The block at `start` of size `count` shows the whole source.
    void map_block(const Dimensions& start, const Dimensions& count, const std::string& source,
                   const Dimensions& source_dims) {
        const Handle to = space_of(dims_);
        H5Sselect_hyperslab(to.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
        const Handle from = space_of(source_dims);
        map(to.get(), source, from.get());
    }
    void create(const WriteFile& file, const std::string& path) const {
        const Handle space = space_of(dims_);
        const Handle links = parents();
        const Handle set(H5Dcreate2(file.id(), path.c_str(), H5T_NATIVE_DOUBLE, space.get(), links.get(), layout_.get(),
                                    H5P_DEFAULT),
                         H5Dclose);
        must(static_cast<bool>(set), path);
    }

private:
    Dimensions dims_;
    Handle layout_;
};

}  // namespace

void hard_link(WriteFile& file, const std::string& existing, const std::string& path) {
    const Handle links = parents();
    must(H5Lcreate_hard(file.id(), existing.c_str(), file.id(), path.c_str(), links.get(), H5P_DEFAULT) >= 0, path);
}

void virtual_stack(WriteFile& file, const std::string& path, const std::vector<std::string>& sources,
                   const Dimensions& source_dims) {
    Dimensions dims = source_dims;
    dims.insert(dims.begin(), sources.size());
    Virtual stack(dims, std::numeric_limits<double>::quiet_NaN());
    Dimensions start(dims.size(), 0);
    Dimensions count = dims;
    count[0] = 1;
    for (; start[0] < sources.size(); ++start[0]) stack.map_block(start, count, sources[start[0]], source_dims);
    stack.create(file, path);
}

void virtual_columns(WriteFile& file, const std::string& path, const std::vector<std::string>& sources, hsize_t length,
                     hsize_t offset) {
    Virtual table({offset + length, sources.size()}, std::numeric_limits<double>::quiet_NaN());
    for (hsize_t k = 0; k < sources.size(); ++k) table.map_block({offset, k}, {length, 1}, sources[k], {length});
    table.create(file, path);
}

void virtual_upper_triangle(WriteFile& file, const std::string& path, const std::string& source, hsize_t side) {
    const Handle triangle = space_of({side, side});
    H5Sselect_none(triangle.get());
    for (hsize_t i = 0; i < side; ++i) {
        const Dimensions start{i, i};
        const Dimensions count{1, side - i};
        H5Sselect_hyperslab(triangle.get(), i == 0 ? H5S_SELECT_SET : H5S_SELECT_OR, start.data(), nullptr,
                            count.data(), nullptr);
    }
    Virtual half({side, side}, 0.0);
    half.map(triangle.get(), source, triangle.get());
    half.create(file, path);
}

void copy_dataset(WriteFile& file, const ReadFile& from, const std::string& existing, const std::string& path) {
    const Handle links = parents();
    must(H5Ocopy(from.id(), existing.c_str(), file.id(), path.c_str(), H5P_DEFAULT, links.get()) >= 0, path);
}

bool shows_others(const ReadFile& file, const std::string& path) {
    const Handle set(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
    const Handle layout(H5Dget_create_plist(set.get()), H5Pclose);
    if (H5Pget_layout(layout.get()) != H5D_VIRTUAL) return false;
    std::size_t sources = 0;
    if (H5Pget_virtual_count(layout.get(), &sources) < 0) return false;
    for (std::size_t i = 0; i < sources; ++i) {
        char name[2] = {};
        if (H5Pget_virtual_filename(layout.get(), i, name, sizeof name) != 1 || name[0] != '.') return false;
    }
    return true;
}

}  // namespace vitrum::io
