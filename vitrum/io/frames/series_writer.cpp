#include "vitrum/io/frames/series_writer.hpp"

#include <cstdint>
#include <vector>

#include "vitrum/io/frames/counts_writer.hpp"

namespace vitrum::io {

namespace {

void write_detector(WriteFile& file, const std::string& group, const SpeckleSeries& s) {
    file.group(group, "NXdetector");
    file.scalar(group + "/frame_time", s.frame_time, s.time_unit);
    file.scalar(group + "/count_time", s.exposure, s.time_unit);
    std::vector<std::uint32_t> mask(s.pixels(), 0);
    for (std::size_t p = 0; p < s.used.size(); ++p) mask[p] = s.used[p] ? 0 : 1;
    file.write(group + "/pixel_mask", mask.data(), {s.rows, s.columns});
    if (!s.region.empty()) file.write(group + "/region", s.region.data(), {s.rows, s.columns});
    // As numbers of frames, which is what people write down.
    std::vector<std::uint64_t> lost;
    for (std::size_t f = 0; f < s.lost.size(); ++f)
        if (s.lost[f]) lost.push_back(f);
    if (!lost.empty()) file.write(group + "/lost_frames", lost);
    if (!s.q.empty()) file.write(group + "/q", s.q.data(), {s.rows, s.columns}, "1/angstrom");
}

}  // namespace

void write_series(WriteFile& file, const std::string& entry, const SpeckleSeries& series, const SlabStore* stored) {
    file.group(entry + "/instrument", "NXinstrument");
    write_detector(file, entry + "/instrument/detector", series);
    if (stored)
        write_counts(file, entry, series, *stored);
    else
        write_counts(file, entry, series);
    if (stored ? stored->sparse() : series.sparse()) return;
    file.group(entry + "/data", "NXdata");
    file.attribute(entry + "/data", "signal", "data");
    H5Lcreate_hard(file.id(), (entry + "/instrument/detector/data").c_str(), file.id(), (entry + "/data/data").c_str(),
                   H5P_DEFAULT, H5P_DEFAULT);
    file.attribute(entry, "default", "data");
}

}  // namespace vitrum::io
