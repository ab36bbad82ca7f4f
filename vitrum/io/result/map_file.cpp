#include "vitrum/io/result/map_file.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/hdf5/hdf5_layout.hpp"

namespace vitrum::io {

namespace {

constexpr const char* dataset_path = "/entry/two_time/correlation";

class StoredMap : public MapOnDisk {
public:
    // `scratch`: the file goes with the object, and so does the claim to it.
    StoredMap(const std::filesystem::path& file, const std::string& dataset, bool scratch,
              std::shared_ptr<const Owned> own)
        : MapOnDisk(file.string(), dataset), scratch_(scratch), own_(std::move(own)) {
        const auto lock = hdf5_lock();
        const ReadFile open(file);
        const auto dims = open.info(dataset).dims;
        if (dims.size() != 2 || dims[0] != dims[1]) open.fail(dataset, "is not a two-time map: not square");
        frames_ = dims[0];
        tile_rows_ = chunk_rows(open, dataset);
    }
    ~StoredMap() override {
        std::error_code ignored;
        if (scratch_) std::filesystem::remove(file(), ignored);
    }
    StoredMap(const StoredMap&) = delete;
    StoredMap& operator=(const StoredMap&) = delete;

    void rows(std::size_t first, std::size_t count, double* out) const override {
        for (std::size_t i = first; i < first + count; ++i) {
            // A row of tiles is unpacked once, not once for each of its rows.
            if (i < held_first_ || i >= held_last_) hold(i / tile_rows_ * tile_rows_);
            std::copy_n(held_.begin() + static_cast<std::ptrdiff_t>((i - held_first_) * frames_), frames_,
                        out + (i - first) * frames_);
        }
    }

private:
    void hold(std::size_t first) const {
        const auto lock = hdf5_lock();
        const std::size_t last = std::min(first + tile_rows_, frames_);
        expect_memory(map_bytes(frames_) / static_cast<double>(frames_) * static_cast<double>(last - first),
                      MapOnDisk::file());
        held_.resize((last - first) * frames_);
        ReadFile(file()).read_rows(dataset(), first, last - first, held_.data());
        held_first_ = first;
        held_last_ = last;
    }
    bool scratch_;
    std::shared_ptr<const Owned> own_;
    std::size_t frames_ = 0;
    std::size_t tile_rows_ = 1;
    mutable std::vector<double> held_;
    mutable std::size_t held_first_ = 0;
    mutable std::size_t held_last_ = 0;
};

}  // namespace

struct MapFile::Impl {
    Impl(const std::filesystem::path& path, std::size_t frames, double frame_time, std::string unit)
        : file(path), name(path.string()), map{frames, {}, frame_time, std::move(unit)} {}
    WriteFile file;
    std::string name;
    TwoTimeMap map;
    Handle set;

    void must(bool good) const {
        if (!good) throw RunError(fmt::format("cannot write the two-time map to '{}': {}", name, last_hdf5_error()));
    }

    void write_block(std::size_t row, std::size_t column, std::size_t rows, std::size_t columns,
                     const std::vector<double>& block) const {
        if (rows == 0 || columns == 0) return;
        const Dimensions start{row, column};
        const Dimensions size{rows, columns};
        const Handle memory(H5Screate_simple(2, size.data(), nullptr), H5Sclose);
        const Handle space(H5Dget_space(set.get()), H5Sclose);
        must(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr) >= 0);
        must(H5Dwrite(set.get(), H5T_NATIVE_DOUBLE, memory.get(), space.get(), H5P_DEFAULT, block.data()) >= 0);
    }
};

MapFile::MapFile(const std::filesystem::path& path, std::size_t frames, double frame_time,
                 const std::string& time_unit) {
    const auto lock = hdf5_lock();
    impl_ = std::make_unique<Impl>(path, frames, frame_time, time_unit);
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
    const hsize_t side = std::min<hsize_t>(frames, map_tile);
    const Dimensions dims{frames, frames};
    const Dimensions tile{side, side};
    const Handle space(H5Screate_simple(2, dims.data(), nullptr), H5Sclose);
    const Handle layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_obj_track_times(layout.get(), false);
    impl_->must(H5Pset_chunk(layout.get(), 2, tile.data()) >= 0);
    H5Pset_shuffle(layout.get());
    H5Pset_deflate(layout.get(), 2);
    impl_->set = Handle(
        H5Dcreate2(file.id(), dataset_path, H5T_NATIVE_DOUBLE, space.get(), H5P_DEFAULT, layout.get(), H5P_DEFAULT),
        H5Dclose);
    impl_->must(static_cast<bool>(impl_->set));
}

MapFile::~MapFile() {
    const auto lock = hdf5_lock();
    impl_.reset();
}

void MapFile::write_rows(std::size_t first, std::size_t count, const double* values) {
    const std::size_t frames = impl_->map.frames;
    const std::size_t width = frames - first;  // from the first diagonal entry on
    const auto value = [&](std::size_t row, std::size_t column) { return values[row * frames + first + column]; };
    std::vector<double> block(count * width);
    for (std::size_t r = 0; r < count; ++r)
        for (std::size_t j = 0; j < width; ++j) block[r * width + j] = j < r ? value(j, r) : value(r, j);
    std::vector<double> mirror((width - count) * count);
    for (std::size_t j = count; j < width; ++j)
        for (std::size_t r = 0; r < count; ++r) mirror[(j - count) * count + r] = value(r, j);
    const auto lock = hdf5_lock();
    impl_->write_block(first, first, count, width, block);
    impl_->write_block(first + count, first, width - count, count, mirror);
}

void MapFile::close() {
    const auto lock = hdf5_lock();
    impl_->set.reset();
    impl_->file.close();
}

TwoTimeMap MapFile::take(std::shared_ptr<const Owned> own) {
    close();
    TwoTimeMap map = impl_->map;
    map.on_disk = std::make_shared<StoredMap>(impl_->name, dataset_path, true, std::move(own));
    return map;
}

std::shared_ptr<const MapOnDisk> map_on_disk(const std::filesystem::path& file, const std::string& dataset) {
    return std::make_shared<StoredMap>(file, dataset, false, nullptr);
}

}  // namespace vitrum::io
