// Dense and sparse frames of measured files, checked pixel by pixel and read in blocks of frames.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/io/frame_store.hpp"
#include "core/io/hdf5_layout.hpp"
#include "core/io/measured_parts.hpp"
#include "core/limits.hpp"

namespace vitrum::io {

namespace {

constexpr std::size_t block_bytes = std::size_t{32} << 20;

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

// One dataset of the frames; a run may be spread over several, in one file or in many.
struct Part {
    const ReadFile* file;
    std::string path;
    std::size_t frames;
};

std::vector<std::unique_ptr<ReadFile>> open_more(const MeasuredOptions& options) {
    std::vector<std::unique_ptr<ReadFile>> files;
    for (const auto& path : options.more) files.push_back(std::make_unique<ReadFile>(path));
    return files;
}

std::vector<Part> dense_parts(const ReadFile& file, const std::string& path,
                              const std::vector<std::unique_ptr<ReadFile>>& more) {
    std::vector<Part> parts;
    std::vector<const ReadFile*> files{&file};
    for (const auto& next : more) files.push_back(next.get());
    for (const auto* source : files)
        for (const auto& dataset : numbered_datasets(*source, path)) {
            const DatasetInfo info = source->info(dataset);
            if (info.dims.size() != 3)
                source->fail(dataset,
                             fmt::format("has rank {}; frames have rank 3 (frames, rows, columns)", info.dims.size()));
            if (info.type_class != H5T_INTEGER && info.type_class != H5T_FLOAT)
                source->fail(dataset, "does not hold numbers");
            const Handle set(H5Dopen2(source->id(), dataset.c_str(), H5P_DEFAULT), H5Dclose);
            if (const auto missing = missing_source(set.get(), source->path().string()); !missing.empty())
                source->fail(dataset, missing);
            parts.push_back({source, dataset, static_cast<std::size_t>(info.dims[0])});
        }
    const auto first = parts.front().file->info(parts.front().path).dims;
    for (const Part& part : parts) {
        const auto dims = part.file->info(part.path).dims;
        if (dims[1] != first[1] || dims[2] != first[2])
            part.file->fail(part.path, fmt::format("has frames of {} x {} pixels, the first part has {} x {}", dims[1],
                                                   dims[2], first[1], first[2]));
    }
    return parts;
}

// Which frames of a run are taken: frame() of the whole run, counted over its parts.
class Chosen {
public:
    Chosen(const FrameChoice& choice, std::size_t taken)
        : choice_(choice), end_(choice.first + taken * choice.stride) {}
    [[nodiscard]] bool operator()(std::size_t frame) const {
        return frame >= choice_.first && frame < end_ && (frame - choice_.first) % choice_.stride == 0;
    }

private:
    const FrameChoice& choice_;
    std::size_t end_;
};

void add_frame(const Part& part, std::size_t frame, const double* values, const SpeckleSeries& detector,
               const Sentinel& sentinel, FrameStore& store) {
    for (std::size_t p = 0; p < detector.pixels(); ++p) {
        if (!store.used(p)) continue;
        const double v = values[p];
        if (sentinel.marks(v)) {
            store.mask(p);
            continue;
        }
        if (!(v >= 0) || !std::isfinite(v))
            part.file->fail(part.path, fmt::format("holds {} at frame {}, row {}, column {}; counts are finite and not "
                                                   "negative: mask such pixels with --mask PATH",
                                                   v, frame, p / detector.columns, p % detector.columns));
        store.add(p, v);
    }
    store.end_frame();
}

void read_part(const Part& part, std::size_t before, const Chosen& chosen, const SpeckleSeries& detector,
               FrameStore& store, std::size_t stride) {
    const Sentinel sentinel = sentinel_of(part.file->info(part.path));
    // Whole chunks where they fit: a chunk that is read in pieces is unpacked again for each.
    const std::size_t chunk = chunk_rows(*part.file, part.path);
    const std::size_t room = std::max<std::size_t>(1, block_bytes / (sizeof(double) * detector.pixels()));
    std::size_t block = chunk <= room ? room / chunk * chunk : room;
    if (stride >= block) block = 1;
    std::vector<double> values;
    for (std::size_t first = 0; first < part.frames; first += block) {
        check_interrupt();
        const std::size_t count = std::min(block, part.frames - first);
        bool wanted = false;
        for (std::size_t f = first; f < first + count; ++f) wanted = wanted || chosen(before + f);
        if (!wanted) continue;
        values.resize(count * detector.pixels());
        part.file->read_rows(part.path, first, count, values.data());
        for (std::size_t f = 0; f < count; ++f)
            if (chosen(before + first + f))
                add_frame(part, first + f, values.data() + f * detector.pixels(), detector, sentinel, store);
    }
}

// Times of the frames as read, and as they are after some were left out and some added.
void set_times(const ReadFile& file, const std::string& beside, const MeasuredOptions& options, std::size_t total,
               SpeckleSeries& out, FrameTimes& raw) {
    set_frame_time(file, beside, options, raw.frame_time, raw.time_unit);
    raw.total = total;
    raw.exposure = options.count_time.value_or(read_exposure(file, beside));
    const FrameChoice& choice = options.frames;
    const double step = raw.frame_time * static_cast<double>(choice.stride);
    out.frame_time = step * static_cast<double>(choice.bin);
    out.time_unit = raw.time_unit;
    out.exposure = choice.bin == 1 ? raw.exposure : step * static_cast<double>(choice.bin - 1) + raw.exposure;
}

}  // namespace

std::vector<std::string> numbered_datasets(const ReadFile& file, const std::string& path) {
    if (!file.is_group(path)) return {path};
    std::vector<std::string> found;
    for (int i = 1;; ++i) {
        const std::string name = fmt::format("{}/data_{:06d}", path, i);
        if (H5Lexists(file.id(), name.c_str(), H5P_DEFAULT) <= 0) break;
        found.push_back(name);
    }
    if (found.empty()) file.fail(path, "is a group; name a dataset, an NXdata or a sparse_frames group");
    return found;
}

SpeckleSeries read_dense(const ReadFile& file, const std::string& path, const MeasuredOptions& options,
                         FrameTimes& raw) {
    const auto more = open_more(options);
    const auto parts = dense_parts(file, path, more);
    const auto dims = file.info(parts.front().path).dims;
    SpeckleSeries detector;
    detector.rows = dims[1];
    detector.columns = dims[2];
    std::size_t total = 0;
    for (const Part& part : parts) total += part.frames;
    if (total < 3) file.fail(path, fmt::format("has {} frames; a correlation needs at least 3", total));
    if (detector.pixels() == 0) file.fail(path, "has no pixels");
    double stored = 0;
    for (const Part& part : parts) stored += stored_bytes(*part.file, part.path);
    constexpr double bytes_per_pixel = 12;  // and more, while they are read; 20 million pixels pass whatever the file
    expect_inflation(bytes_per_pixel * static_cast<double>(detector.pixels()), stored,
                     file.path().string() + "::" + path);
    set_pixel_maps(file, parent(parts.front().path), options, detector);

    const std::string where = file.path().string() + "::" + path;
    const FrameChoice& choice = options.frames;
    const std::size_t remaining = choice.remaining(total, where);
    const Chosen chosen(choice, remaining * choice.bin);
    FrameStore store(detector, choice, remaining, where, options.dense ? Storage::dense : Storage::automatic);
    store.set_stored(stored);
    std::size_t before = 0;
    for (const Part& part : parts) {
        read_part(part, before, chosen, detector, store, choice.stride);
        before += part.frames;
    }
    SpeckleSeries out = store.finish();
    set_times(file, parts.front().path, options, total, out, raw);
    return out;
}

namespace {

struct Events {
    std::vector<std::int64_t> pointers;
    std::vector<std::int64_t> index;
    std::vector<double> intensity;
};

Events read_events(const ReadFile& file, const std::string& group, const SpeckleSeries& detector) {
    const std::size_t pixels = detector.pixels();
    Events e{file.read<std::int64_t>(group + "/frame_ptr"), file.read<std::int64_t>(group + "/index"),
             file.read<double>(group + "/intensity")};
    if (e.pointers.size() < 2) file.fail(group + "/frame_ptr", "describes no frames");
    if (e.index.size() != e.intensity.size())
        file.fail(group, fmt::format("index has {} events, intensity {}", e.index.size(), e.intensity.size()));
    for (std::size_t f = 0; f + 1 < e.pointers.size(); ++f)
        if (e.pointers[f] < 0 || e.pointers[f + 1] < e.pointers[f] ||
            static_cast<std::size_t>(e.pointers[f + 1]) > e.index.size())
            file.fail(group + "/frame_ptr",
                      fmt::format("does not increase within 0..{} at frame {}", e.index.size(), f));
    for (std::size_t i = 0; i < e.index.size(); ++i) {
        if (e.index[i] < 0 || static_cast<std::size_t>(e.index[i]) >= pixels)
            file.fail(group + "/index",
                      fmt::format("{} is outside the detector's {} pixels (event {})", e.index[i], pixels, i));
        if (!detector.used.empty() && !detector.used[static_cast<std::size_t>(e.index[i])]) continue;
        const double v = e.intensity[i];
        if (!(v >= 0) || v != std::floor(v) || v > 4294967295.0)
            file.fail(group + "/intensity",
                      fmt::format("holds {} at event {}; photon counts are whole and not negative", v, i));
    }
    return e;
}

// The number of pixels is not the number of pixels that saw a photon: it must come from a mask.
SpeckleSeries sparse_detector(const ReadFile& file, const std::string& group, const MeasuredOptions& options) {
    const std::string entry = parent(group);
    std::string shape;
    for (const std::string& path : {options.mask, group + "/mask", entry + "/instrument/detector/pixel_mask"})
        if (shape.empty() && !path.empty() && file.is_dataset(path)) shape = path;
    if (shape.empty())
        file.fail(group, "the number of pixels is unknown; give a two-dimensional --mask PATH (0 = pixel used)");
    const auto dims = file.info(shape).dims;
    if (dims.size() != 2) file.fail(shape, fmt::format("has rank {}; a mask has rank 2", dims.size()));
    SpeckleSeries detector;
    detector.rows = dims[0];
    detector.columns = dims[1];
    MeasuredOptions with_mask = options;
    const bool float_mask = file.info(shape).type_class == H5T_FLOAT && options.mask.empty();
    if (!float_mask) with_mask.mask = shape;
    set_pixel_maps(file, entry + "/instrument/detector", with_mask, detector);
    if (!float_mask) return detector;
    // pyFAI keeps the radius of each pixel here, NaN where it is masked.
    const auto radius = file.read<double>(shape);
    if (detector.used.empty()) detector.used.assign(detector.pixels(), 1);
    for (std::size_t p = 0; p < radius.size(); ++p)
        if (std::isnan(radius[p])) detector.used[p] = 0;
    return detector;
}

}  // namespace

SpeckleSeries read_sparse(const ReadFile& file, const std::string& group, const MeasuredOptions& options,
                          FrameTimes& raw) {
    const SpeckleSeries detector = sparse_detector(file, group, options);
    const auto more = open_more(options);
    std::vector<Events> parts;  // no list in braces: it would copy them
    parts.push_back(read_events(file, group, detector));
    for (const auto& next : more) parts.push_back(read_events(*next, group, detector));
    std::size_t total = 0;
    for (const Events& part : parts) total += part.pointers.size() - 1;
    if (total < 3)
        file.fail(group + "/frame_ptr", fmt::format("describes {} frames; a correlation needs at least 3", total));
    const std::string where = file.path().string() + "::" + group;
    const FrameChoice& choice = options.frames;
    const std::size_t remaining = choice.remaining(total, where);
    const Chosen chosen(choice, remaining * choice.bin);
    FrameStore store(detector, choice, remaining, where, Storage::events);
    std::size_t frame = 0;
    for (const Events& part : parts)
        for (std::size_t f = 0; f + 1 < part.pointers.size(); ++f, ++frame) {
            if (!chosen(frame)) continue;
            for (auto e = static_cast<std::size_t>(part.pointers[f]);
                 e < static_cast<std::size_t>(part.pointers[f + 1]); ++e)
                store.add(static_cast<std::size_t>(part.index[e]), part.intensity[e]);
            store.end_frame();
        }
    SpeckleSeries out = store.finish();
    set_times(file, group + "/frame_ptr", options, total, out, raw);
    return out;
}

}  // namespace vitrum::io
