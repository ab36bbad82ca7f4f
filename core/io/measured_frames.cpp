// Dense and sparse frames of measured files, checked pixel by pixel.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <unistd.h>

#include "core/error.hpp"
#include "core/io/measured_parts.hpp"

namespace vitrum::io {

namespace {

void check_memory(const ReadFile& file, const std::string& path, double bytes) {
    const double have = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
    if (bytes > 0.8 * have)
        file.fail(path, fmt::format("needs {:.1f} GiB of memory as dense frames, this machine has {:.1f}; store it as "
                                    "sparse frames, or take a part of it",
                                    bytes / 1073741824.0, have / 1073741824.0));
}

std::string place(const SpeckleSeries& s, std::size_t frame, std::size_t pixel) {
    return fmt::format("frame {}, row {}, column {}", frame, pixel / s.columns, pixel % s.columns);
}

// Detectors mark pixels by the type's maximum or by -1, -2. Such a pixel is taken out of the whole series.
struct Sentinel {
    double maximum = std::numeric_limits<double>::infinity();
    bool negatives = false;
    [[nodiscard]] bool marks(double v) const { return v == maximum || (negatives && (v == -1 || v == -2)); }
};

Sentinel sentinel_of(const DatasetInfo& info) {
    Sentinel s;
    if (info.type_class != H5T_INTEGER) return s;
    s.maximum = std::exp2(8.0 * static_cast<double>(info.size) - (info.is_signed ? 1 : 0)) - 1;
    s.negatives = info.is_signed;
    return s;
}

}  // namespace

SpeckleSeries read_dense(const ReadFile& file, const std::string& path, const MeasuredOptions& options) {
    const DatasetInfo info = file.info(path);
    if (info.dims.size() != 3)
        file.fail(path, fmt::format("has rank {}; frames have rank 3 (frames, rows, columns)", info.dims.size()));
    if (info.type_class != H5T_INTEGER && info.type_class != H5T_FLOAT) file.fail(path, "does not hold numbers");
    SpeckleSeries s;
    s.frames = info.dims[0];
    s.rows = info.dims[1];
    s.columns = info.dims[2];
    if (s.frames < 3) file.fail(path, fmt::format("has {} frames; a correlation needs at least 3", s.frames));
    if (s.pixels() == 0) file.fail(path, "has no pixels");
    check_memory(file, path, 4.0 * static_cast<double>(s.frames) * static_cast<double>(s.pixels()));
    set_frame_time(file, path, options, s.frame_time, s.time_unit);
    s.exposure = read_exposure(file, path);
    set_pixel_maps(file, parent(path), options, s);
    if (s.used.empty()) s.used.assign(s.pixels(), 1);

    const Sentinel sentinel = sentinel_of(info);
    s.counts.resize(s.frames * s.pixels());
    std::vector<std::uint8_t> marked(s.pixels(), 0);
    std::vector<double> frame(s.pixels());
    // Negative or non-finite pixels are an error unless every frame marks them, which the last pass decides.
    std::vector<std::size_t> bad_frame(s.pixels(), s.frames);
    for (std::size_t f = 0; f < s.frames; ++f) {
        file.read_rows(path, f, 1, frame.data());
        for (std::size_t p = 0; p < s.pixels(); ++p) {
            if (!s.used[p]) continue;
            const double v = frame[p];
            if (sentinel.marks(v))
                marked[p] = 1;
            else if (!(v >= 0) || !std::isfinite(v))
                bad_frame[p] = std::min(bad_frame[p], f);
            s.counts[f * s.pixels() + p] = static_cast<float>(v);
        }
    }
    for (std::size_t p = 0; p < s.pixels(); ++p) {
        if (bad_frame[p] < s.frames) {
            file.read_rows(path, bad_frame[p], 1, frame.data());
            file.fail(path, fmt::format("holds {} at {}; counts are finite and not negative: mask such pixels with "
                                        "--mask PATH",
                                        frame[p], place(s, bad_frame[p], p)));
        }
        if (marked[p]) s.used[p] = 0;
        if (!s.used[p])
            for (std::size_t f = 0; f < s.frames; ++f) s.counts[f * s.pixels() + p] = 0;
    }
    return s;
}

SpeckleSeries read_sparse(const ReadFile& file, const std::string& group, const MeasuredOptions& options) {
    const auto pointers = file.read<std::int64_t>(group + "/frame_ptr");
    if (pointers.size() < 4)
        file.fail(group + "/frame_ptr", fmt::format("describes {} frames; a correlation needs at least 3",
                                                    pointers.empty() ? 0 : pointers.size() - 1));
    SpeckleSeries s;
    s.frames = pointers.size() - 1;
    const auto index = file.read<std::int64_t>(group + "/index");
    const auto intensity = file.read<double>(group + "/intensity");
    if (index.size() != intensity.size())
        file.fail(group, fmt::format("index has {} events, intensity {}", index.size(), intensity.size()));

    // The number of pixels is not the number of pixels that saw a photon: it must come from a mask.
    const std::string entry = parent(group);
    std::string shape;
    for (const std::string& path : {options.mask, group + "/mask", entry + "/instrument/detector/pixel_mask"})
        if (shape.empty() && !path.empty() && file.is_dataset(path)) shape = path;
    if (shape.empty())
        file.fail(group, "the number of pixels is unknown; give a two-dimensional --mask PATH (0 = pixel used)");
    const auto dims = file.info(shape).dims;
    if (dims.size() != 2) file.fail(shape, fmt::format("has rank {}; a mask has rank 2", dims.size()));
    s.rows = dims[0];
    s.columns = dims[1];
    MeasuredOptions with_mask = options;
    const bool float_mask = file.info(shape).type_class == H5T_FLOAT && options.mask.empty();
    if (!float_mask) with_mask.mask = shape;
    set_frame_time(file, group + "/frame_ptr", options, s.frame_time, s.time_unit);
    set_pixel_maps(file, entry + "/instrument/detector", with_mask, s);
    if (s.used.empty()) s.used.assign(s.pixels(), 1);
    if (float_mask) {
        // pyFAI keeps the radius of each pixel here, NaN where it is masked.
        const auto radius = file.read<double>(shape);
        for (std::size_t p = 0; p < radius.size(); ++p)
            if (std::isnan(radius[p])) s.used[p] = 0;
    }

    s.frame_ptr.assign(1, 0);
    for (std::size_t f = 0; f < s.frames; ++f) {
        if (pointers[f] < 0 || pointers[f + 1] < pointers[f] ||
            static_cast<std::size_t>(pointers[f + 1]) > index.size())
            file.fail(group + "/frame_ptr", fmt::format("does not increase within 0..{} at frame {}", index.size(), f));
        for (auto e = static_cast<std::size_t>(pointers[f]); e < static_cast<std::size_t>(pointers[f + 1]); ++e) {
            if (index[e] < 0 || static_cast<std::size_t>(index[e]) >= s.pixels())
                file.fail(group + "/index",
                          fmt::format("{} is outside the detector's {} pixels (event {})", index[e], s.pixels(), e));
            const double v = intensity[e];
            if (!s.used[static_cast<std::size_t>(index[e])] || v == 0) continue;
            if (!(v > 0) || v != std::floor(v) || v > 4294967295.0)
                file.fail(group + "/intensity", fmt::format("holds {} at event {}; photon counts are whole and not "
                                                            "negative",
                                                            v, e));
            s.index.push_back(static_cast<std::uint32_t>(index[e]));
            s.intensity.push_back(static_cast<std::uint32_t>(v));
        }
        s.frame_ptr.push_back(s.index.size());
    }
    return s;
}

}  // namespace vitrum::io
