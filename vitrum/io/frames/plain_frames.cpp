#include "vitrum/io/frames/plain_frames.hpp"

#include "vitrum/io/frames/series_writer.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

void write_plain_frames(const std::filesystem::path& path, const SpeckleSeries& series) {
    expect_consistent(series);
    const auto lock = hdf5_lock();
    WriteFile file(path);
    file.attribute("/", "default", "entry");
    file.group("/entry", "NXentry");
    write_series(file, "/entry", series, nullptr);
    if (!series.static_region.empty())
        file.write("/entry/instrument/detector/static_region", series.static_region.data(),
                   {series.rows, series.columns});
    file.close();
}

}  // namespace vitrum::io
