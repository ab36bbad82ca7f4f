// Frame times and two-time maps of measured files.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/io/measured_parts.hpp"
#include "core/units.hpp"

namespace vitrum::io {

std::string parent(const std::string& path) { return path.substr(0, path.rfind('/')); }

void set_frame_time(const ReadFile& file, const std::string& beside, const MeasuredOptions& options, double& frame_time,
                    std::string& time_unit) {
    if (options.frame_time) {
        frame_time = *options.frame_time;
        time_unit = "s";
        return;
    }
    const std::string group = parent(beside);
    const std::string entry = beside.substr(0, beside.find('/', 1));
    for (const std::string& path :
         {group + "/frame_time", parent(group) + "/frame_time", entry + "/instrument/detector/frame_time",
          entry + "/instrument/detector_1/frame_time"}) {
        if (!file.is_dataset(path)) continue;
        const std::string unit = file.text_attribute(path, "units").value_or("s");
        frame_time = file.scalar<double>(path);
        if (!(frame_time > 0) || !std::isfinite(frame_time))
            file.fail(path, fmt::format("a frame time of {} is not possible; give --frame-time SECONDS", frame_time));
        time_unit = unit == "frames" ? "frames" : "s";
        if (unit != "frames") frame_time *= unit_factor(unit, Dimension::time, path);
        return;
    }
    frame_time = 1.0;
    time_unit = "frames";
}

namespace {

// The chosen frames of a map; added frames cannot be had from it.
TwoTimeMap chosen(const ReadFile& file, const std::string& path, TwoTimeMap map, const FrameChoice& choice) {
    if (choice.everything()) return map;
    if (choice.bin > 1 || choice.bin_rows > 1 || choice.bin_columns > 1)
        file.fail(path, "is a two-time map; --bin-frames and --bin-pixels need frames");
    TwoTimeMap part = map;
    part.frames = choice.remaining(map.frames, file.path().string() + "::" + path);
    part.frame_time = map.frame_time * static_cast<double>(choice.stride);
    part.values.resize(part.frames * part.frames);
    for (std::size_t i = 0; i < part.frames; ++i)
        for (std::size_t j = 0; j < part.frames; ++j)
            part(i, j) = map(choice.first + i * choice.stride, choice.first + j * choice.stride);
    return part;
}

}  // namespace

TwoTimeMap read_two_time(const ReadFile& file, const std::string& path, const MeasuredOptions& options) {
    const auto info = file.info(path);
    if (info.dims.size() != 2 || info.dims[0] != info.dims[1])
        file.fail(path, "is not square; a two-time map is (frames, frames)");
    if (info.dims[0] < 3) file.fail(path, fmt::format("has {} frames; a two-time map needs at least 3", info.dims[0]));
    TwoTimeMap map;
    map.frames = info.dims[0];
    map.values = file.read<double>(path);
    const std::size_t n = map.frames;
    bool lower_empty = true;
    bool upper_empty = true;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j) {
            lower_empty = lower_empty && (map(j, i) == 0 || std::isnan(map(j, i)));
            upper_empty = upper_empty && (map(i, j) == 0 || std::isnan(map(i, j)));
        }
    if (lower_empty && upper_empty) file.fail(path, "holds only zeros off the diagonal");
    // A frame without a photon has no correlation: its whole row is NaN, and pairs with it are left out.
    std::vector<std::uint8_t> lost(n, 1);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j)
            if (!std::isnan(lower_empty ? map(i, j) : upper_empty ? map(j, i) : map(i, j) + map(j, i)))
                lost[i] = lost[j] = 0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j) {
            // Many programs store one triangle; asymmetric normalisations are averaged.
            const double value = lower_empty ? map(i, j) : upper_empty ? map(j, i) : 0.5 * (map(i, j) + map(j, i));
            if (!std::isfinite(value) && !(std::isnan(value) && (lost[i] || lost[j])))
                file.fail(path, fmt::format("is not finite at ({}, {}); a map must be finite off its diagonal", i, j));
            if (value < 0)
                file.fail(path,
                          fmt::format("is negative ({:.4g}) at ({}, {}); correlations of counts are not", value, i, j));
            map(i, j) = map(j, i) = value;
        }
    map.time_unit = "frames";
    if (options.frame_time) {
        map.frame_time = *options.frame_time;
        map.time_unit = "s";
        return chosen(file, path, std::move(map), options.frames);
    }
    // The first axis of the NXdata gives the time between frames.
    const std::string group = parent(path);
    const auto axes = file.texts_attribute(group, "axes");
    if (!axes.empty() && file.is_dataset(group + "/" + axes.front())) {
        const std::string axis = group + "/" + axes.front();
        const std::string unit = file.text_attribute(axis, "units").value_or("frames");
        const auto times = file.read<double>(axis);
        const auto known = known_units(Dimension::time);
        if (times.size() == n && std::find(known.begin(), known.end(), unit) != known.end()) {
            map.frame_time =
                (times[n - 1] - times[0]) / static_cast<double>(n - 1) * unit_factor(unit, Dimension::time, axis);
            map.time_unit = "s";
            if (!(map.frame_time > 0)) file.fail(axis, "does not increase; give --frame-time SECONDS");
        }
    } else {
        set_frame_time(file, path, options, map.frame_time, map.time_unit);
    }
    return chosen(file, path, std::move(map), options.frames);
}

}  // namespace vitrum::io
