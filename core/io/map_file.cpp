#include "core/io/map_file.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/io/hdf5.hpp"

namespace vitrum::io {

struct MapFile::Impl {
    Impl(const std::filesystem::path& path, std::size_t size) : file(path), name(path.string()), frames(size) {}
    WriteFile file;
    std::string name;
    std::size_t frames;
    Handle set;

    void must(bool good) const {
        if (!good) throw RunError(fmt::format("cannot write the two-time map to '{}': {}", name, last_hdf5_error()));
    }
};

MapFile::MapFile(const std::filesystem::path& path, std::size_t frames, double frame_time,
                 const std::string& time_unit) {
    const auto lock = hdf5_lock();
    impl_ = std::make_unique<Impl>(path, frames);
    WriteFile& file = impl_->file;
    file.attribute("/", "default", "entry");
    file.group("/entry", "NXentry");
    file.attribute("/entry", "default", "two_time");
    file.group("/entry/two_time", "NXdata");
    file.attribute("/entry/two_time", "signal", "correlation");
    file.attribute("/entry/two_time", "axes", std::vector<std::string>{"t1", "t2"});
    std::vector<double> axis(frames);
    for (std::size_t i = 0; i < frames; ++i) axis[i] = static_cast<double>(i) * frame_time;
    file.write("/entry/two_time/t1", axis, time_unit);
    file.write("/entry/two_time/t2", axis, time_unit);
    // Chunks that were never written read as zero.
    const hsize_t side = std::min<hsize_t>(frames, 256);
    const Dimensions dims{frames, frames};
    const Dimensions chunk{side, side};
    const Handle space(H5Screate_simple(2, dims.data(), nullptr), H5Sclose);
    const Handle layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    impl_->must(H5Pset_chunk(layout.get(), 2, chunk.data()) >= 0);
    impl_->set = Handle(H5Dcreate2(file.id(), "/entry/two_time/correlation", H5T_NATIVE_FLOAT, space.get(), H5P_DEFAULT,
                                   layout.get(), H5P_DEFAULT),
                        H5Dclose);
    impl_->must(static_cast<bool>(impl_->set));
}

MapFile::~MapFile() {
    const auto lock = hdf5_lock();
    impl_.reset();
}

void MapFile::write_rows(std::size_t first, std::size_t count, const double* values) {
    // The block of columns from the first diagonal entry on: all that the upper triangle needs.
    const std::size_t width = impl_->frames - first;
    std::vector<float> block(count * width);
    for (std::size_t r = 0; r < count; ++r)
        for (std::size_t j = r; j < width; ++j)
            block[r * width + j] = static_cast<float>(values[r * impl_->frames + first + j]);
    const auto lock = hdf5_lock();
    const Dimensions start{first, first};
    const Dimensions size{count, width};
    const Handle memory(H5Screate_simple(2, size.data(), nullptr), H5Sclose);
    const Handle space(H5Dget_space(impl_->set.get()), H5Sclose);
    impl_->must(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr) >= 0);
    impl_->must(H5Dwrite(impl_->set.get(), H5T_NATIVE_FLOAT, memory.get(), space.get(), H5P_DEFAULT, block.data()) >=
                0);
}

void MapFile::close() {
    const auto lock = hdf5_lock();
    impl_->set.reset();
    impl_->file.close();
}

}  // namespace vitrum::io
