// Dense and sparse frames of measured files, checked pixel by pixel and read in blocks of frames.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/core/option_text.hpp"
#include "vitrum/io/hdf5/hdf5_layout.hpp"
#include "vitrum/io/hdf5/whole_numbers.hpp"
#include "vitrum/io/measured/frame_store.hpp"
#include "vitrum/io/measured/measured_parts.hpp"

namespace vitrum::io {

namespace {

constexpr std::size_t block_bytes = std::size_t{32} << 20;

// Detectors mark pixels by the largest number that they can count to or by -1, -2, and say above what they are
// saturated. Such a pixel is taken out of the whole series.
class Sentinel {
public:
    Sentinel(const ReadFile& file, const std::string& frames, const std::string& values) {
        const DatasetInfo info = file.info(values);
        const auto known = [&](const char* name) {
            const auto number = detector_number(file, frames, {name});
            return number && std::isfinite(number->value) ? number->value : not_a_number;
        };
        for (const char* limit : {"saturation_value", "countrate_correction_count_cutoff"})
            if (const double v = known(limit); v > 0) saturated_ = std::min(saturated_, v);
        if (const double v = known("underload_value"); v <= 0) lowest_ = v;
        least_ = saturated_;
        if (info.type_class != H5T_INTEGER) return;
        const double bits = 8.0 * static_cast<double>(info.size) - (info.is_signed ? 1 : 0);
        marks_.push_back(std::exp2(bits) - 1);
        // Fewer bits are no mark: such frames are often sums, and reach it.
        constexpr double fewest = 6;
        for (const char* depth : {"bit_depth_readout", "bit_depth_image"})
            if (const double v = known(depth); v >= fewest && v < bits) marks_.push_back(std::exp2(v) - 1);
        for (const double mark : marks_) least_ = std::min(least_, mark);
        if (info.is_signed) marks_.insert(marks_.end(), {-1, -2});
    }
    [[nodiscard]] bool marks(double v) const {
        if (v >= 0 && v < least_) return false;
        return (v >= saturated_ && std::isfinite(saturated_)) || v < lowest_ ||
               std::find(marks_.begin(), marks_.end(), v) != marks_.end();
    }

private:
    double saturated_ = std::numeric_limits<double>::infinity();
    double lowest_ = -std::numeric_limits<double>::infinity();
    double least_ = std::numeric_limits<double>::infinity();  // of those that are not negative
    std::vector<double> marks_;
};

// Frames of a run that nobody knows, counted over its parts: those named bad, and those that `lost_frames` of a part's
// detector names, counted from 0 in that part.
class Unknown {
public:
    Unknown(const Run& run, const FrameChoice& choice) : choice_(choice) {
        std::size_t before = 0;
        for (const Part& part : run.parts) {
            for (const auto& group : detector_groups(part.path)) {
                const std::string path = group + "/lost_frames";
                if (!part.file->is_dataset(path)) continue;
                for (const auto frame : whole_numbers<std::int64_t>(*part.file, path)) {
                    if (frame < 0 || static_cast<std::size_t>(frame) >= part.frames)
                        part.file->fail(
                            path, fmt::format("names frame {}; there are {}, counted from 0", frame, part.frames));
                    lost_.resize(run.frames, 0);
                    lost_[before + static_cast<std::size_t>(frame)] = 1;
                }
                break;
            }
            before += part.frames;
        }
    }
    [[nodiscard]] bool operator()(std::size_t frame) const {
        return (!lost_.empty() && lost_[frame] != 0) || choice_.is_bad(frame);
    }
    [[nodiscard]] bool any() const { return !lost_.empty() || !choice_.bad.empty(); }

private:
    const FrameChoice& choice_;
    std::vector<std::uint8_t> lost_;
};

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

// Whether no used pixel of the frame holds a count.
bool is_lost(const double* values, const SpeckleSeries& detector, const Sentinel& sentinel, const FrameStore& store) {
    for (std::size_t p = 0; p < detector.pixels(); ++p)
        if (store.used(p) && std::isfinite(values[p]) && !sentinel.marks(values[p])) return false;
    return true;
}

void add_frame(const Part& part, std::size_t frame, std::size_t of_run, const double* values,
               const SpeckleSeries& detector, const Sentinel& sentinel, FrameStore& store) {
    for (std::size_t p = 0; p < detector.pixels(); ++p) {
        if (!store.used(p)) continue;
        const double v = values[p];
        if (sentinel.marks(v)) {
            store.mask(p);
            continue;
        }
        if (!(v >= 0) || !std::isfinite(v))
            part.file->fail(
                part.path,
                fmt::format("holds {} at frame {}, row {}, column {}; counts are finite and not negative: "
                            "mask such pixels with {}, or leave such frames out with {}",
                            v, frame, p / detector.columns, p % detector.columns, option_text("mask", "PATH"),
                            option_text("bad_frames", fmt::format("{}", of_run))));
        store.add(p, v);
    }
    store.end_frame();
}

void read_part(const Part& part, std::size_t before, const Chosen& chosen, const Unknown& unknown,
               const SpeckleSeries& detector, FrameStore& store, const FrameChoice& choice) {
    const Sentinel sentinel(*part.file, part.path, part.path);
    // Whole chunks where they fit: a chunk that is read in pieces is unpacked again for each.
    const std::size_t chunk = chunk_rows(*part.file, part.path);
    const std::size_t room = std::max<std::size_t>(1, block_bytes / (sizeof(double) * detector.pixels()));
    std::size_t block = chunk <= room ? room / chunk * chunk : room;
    if (choice.stride >= block) block = 1;
    std::vector<double> values;
    for (std::size_t first = 0; first < part.frames;) {
        check_interrupt();
        if (unknown(before + first)) {  // not even read: it may be what cannot be
            if (chosen(before + first)) store.lose_frame();
            ++first;
            continue;
        }
        std::size_t count = 0;
        bool wanted = false;
        for (; count < block && first + count < part.frames && !unknown(before + first + count); ++count)
            wanted = wanted || chosen(before + first + count);
        if (wanted) {
            values.resize(count * detector.pixels());
            part.file->read_rows(part.path, first, count, values.data());
        }
        for (std::size_t f = 0; wanted && f < count; ++f) {
            if (!chosen(before + first + f)) continue;
            const double* frame = values.data() + f * detector.pixels();
            if (is_lost(frame, detector, sentinel, store))
                store.lose_frame();
            else
                add_frame(part, first + f, before + first + f, frame, detector, sentinel, store);
        }
        first += count;
    }
}

// Times of the frames as read, and as they are after some were left out and some added.
void set_times(const Run& run, const MeasuredOptions& options, SpeckleSeries& out, FrameTimes& raw) {
    set_run_times(run, options, raw);
    const FrameChoice& choice = options.frames;
    const double step = raw.frame_time * static_cast<double>(choice.stride);
    out.frame_time = step * static_cast<double>(choice.bin);
    out.time_unit = raw.time_unit;
    out.exposure = choice.bin == 1 ? raw.exposure : step * static_cast<double>(choice.bin - 1) + raw.exposure;
}

void tell_lost(const FrameStore& store, const Unknown& unknown, std::size_t remaining, const std::string& where,
               std::vector<std::string>& notes) {
    if (store.lost_frames() == 0) return;
    constexpr std::size_t fewest = 3;
    if (store.lost_frames() + fewest > remaining)
        throw InputError(
            fmt::format("{}: {} of {} frames are lost (no number, marked by the detector, or named lost or bad); a "
                        "correlation needs at least {}",
                        where, store.lost_frames(), remaining, fewest));
    notes.push_back(fmt::format("{} of {} frames are lost{}; their pairs are left out.", store.lost_frames(), remaining,
                                unknown.any() ? " (named lost or bad, or no pixel of them holds a count)"
                                              : ": no pixel of them holds a count"));
}

}  // namespace

SpeckleSeries read_dense(const ReadFile& file, const std::string& path, const MeasuredOptions& options,
                         FrameTimes& raw) {
    const auto more = open_more(options);
    const Run run = dense_run(file, path, more, options);
    raw.notes.insert(raw.notes.end(), run.notes.begin(), run.notes.end());
    const auto dims = run.parts.front().file->info(run.parts.front().path).dims;
    SpeckleSeries detector;
    detector.rows = dims[1];
    detector.columns = dims[2];
    if (run.frames < 3) file.fail(path, fmt::format("has {} frames; a correlation needs at least 3", run.frames));
    if (detector.pixels() == 0) file.fail(path, "has no pixels");
    double stored = 0;
    for (const Part& part : run.parts) stored += stored_bytes(*part.file, part.path);
    constexpr double bytes_per_pixel = 12;  // and more, while they are read; 20 million pixels pass whatever the file
    expect_inflation(bytes_per_pixel * static_cast<double>(detector.pixels()), stored,
                     file.path().string() + "::" + path);
    expect_one_run(run, options);
    const std::string where = file.path().string() + "::" + path;
    const FrameChoice& choice = options.frames;
    choice.expect_bad_within(run.frames, where);
    const std::size_t remaining = choice.remaining(run.frames, where);
    SpeckleSeries times;  // checked before anything is read
    set_times(run, options, times, raw);
    set_run_pixel_maps(run, options, detector, raw.notes);

    const Chosen chosen(choice, remaining * choice.bin);
    const Unknown unknown(run, choice);
    FrameStore store(detector, choice, remaining, where, options.dense ? Storage::dense : Storage::automatic);
    store.set_stored(stored);
    std::size_t before = 0;
    for (const Part& part : run.parts) {
        read_part(part, before, chosen, unknown, detector, store, choice);
        before += part.frames;
    }
    tell_lost(store, unknown, remaining, where, raw.notes);
    SpeckleSeries out = store.finish();
    out.frame_time = times.frame_time;
    out.time_unit = times.time_unit;
    out.exposure = times.exposure;
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
    Events e{whole_numbers<std::int64_t>(file, group + "/frame_ptr"),
             whole_numbers<std::int64_t>(file, group + "/index"), file.read<double>(group + "/intensity")};
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
SpeckleSeries sparse_detector(const ReadFile& file, const std::string& group, const MeasuredOptions& options,
                              std::vector<std::string>& notes) {
    const std::string entry = parent(group);
    std::string shape;
    for (const std::string& path : {options.mask, group + "/mask", entry + "/instrument/detector/pixel_mask"})
        if (shape.empty() && !path.empty() && (path == options.mask || file.is_dataset(path))) shape = path;
    if (shape.empty())
        file.fail(group, fmt::format("the number of pixels is unknown; give a two-dimensional {} (0 = pixel used)",
                                     option_text("mask", "PATH")));
    const Place place(file, shape);
    const auto dims = place.file().info(place.path()).dims;
    if (dims.size() != 2)
        place.file().fail(
            place.path(),
            fmt::format("has rank {}; a mask has rank 2, which gives the detector its shape", dims.size()));
    SpeckleSeries detector;
    detector.rows = dims[0];
    detector.columns = dims[1];
    MeasuredOptions with_mask = options;
    const bool float_mask = options.mask.empty() && file.info(shape).type_class == H5T_FLOAT;
    if (!float_mask) with_mask.mask = shape;
    set_pixel_maps(file, entry + "/instrument/detector", with_mask, false, detector, notes);
    if (!float_mask) return detector;
    // pyFAI keeps the radius of each pixel here, NaN where it is masked.
    const auto radius = file.read<double>(shape);
    if (detector.used.empty()) detector.used.assign(detector.pixels(), 1);
    for (std::size_t p = 0; p < radius.size(); ++p)
        if (std::isnan(radius[p])) detector.used[p] = 0;
    return detector;
}

// A pixel is used if it is in every part.
void add_mask_of(const ReadFile& file, const SpeckleSeries& other, SpeckleSeries& detector) {
    if (other.rows != detector.rows || other.columns != detector.columns)
        throw InputError(fmt::format("'{}': the detector has {} x {} pixels, that of the first part {} x {}",
                                     file.path().string(), other.rows, other.columns, detector.rows, detector.columns));
    if (detector.used.empty()) detector.used.assign(detector.pixels(), 1);
    for (std::size_t p = 0; p < other.used.size(); ++p)
        if (!other.used[p]) detector.used[p] = 0;
}

}  // namespace

SpeckleSeries read_sparse(const ReadFile& file, const std::string& group, const MeasuredOptions& options,
                          FrameTimes& raw) {
    SpeckleSeries detector = sparse_detector(file, group, options, raw.notes);
    const auto more = open_more(options);
    std::vector<Events> parts;  // no list in braces: it would copy them
    parts.push_back(read_events(file, group, detector));
    for (const auto& next : more) {
        if (options.mask.empty()) add_mask_of(*next, sparse_detector(*next, group, options, raw.notes), detector);
        parts.push_back(read_events(*next, group, detector));
    }
    Run run;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t frames = parts[i].pointers.size() - 1;
        run.parts.push_back({i == 0 ? &file : more[i - 1].get(), group + "/frame_ptr", frames});
        run.frames += frames;
    }
    if (run.frames < 3)
        file.fail(group + "/frame_ptr", fmt::format("describes {} frames; a correlation needs at least 3", run.frames));
    expect_one_run(run, options);
    const std::string where = file.path().string() + "::" + group;
    const FrameChoice& choice = options.frames;
    choice.expect_bad_within(run.frames, where);
    const std::size_t remaining = choice.remaining(run.frames, where);
    const Chosen chosen(choice, remaining * choice.bin);
    const Unknown unknown(run, choice);
    FrameStore store(detector, choice, remaining, where, Storage::events);
    std::size_t frame = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Events& part = parts[i];
        const Sentinel sentinel(*run.parts[i].file, group, group + "/intensity");
        for (std::size_t f = 0; f + 1 < part.pointers.size(); ++f, ++frame) {
            if (!chosen(frame)) continue;
            if (unknown(frame)) {
                store.lose_frame();
                continue;
            }
            for (auto e = static_cast<std::size_t>(part.pointers[f]);
                 e < static_cast<std::size_t>(part.pointers[f + 1]); ++e) {
                const auto pixel = static_cast<std::size_t>(part.index[e]);
                if (sentinel.marks(part.intensity[e]))
                    store.mask(pixel);
                else
                    store.add(pixel, part.intensity[e]);
            }
            store.end_frame();
        }
    }
    tell_lost(store, unknown, remaining, where, raw.notes);
    SpeckleSeries out = store.finish();
    set_times(run, options, out, raw);
    return out;
}

}  // namespace vitrum::io
