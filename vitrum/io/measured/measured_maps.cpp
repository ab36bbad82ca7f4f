// Two-time maps of measured files.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/data/even_step.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/option_text.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/measured/measured_parts.hpp"

namespace vitrum::io {

namespace {

// What programs write where nothing was measured.
bool is_fill(double v) { return std::isnan(v) || v == 0 || v == -1; }

std::string listed(const std::vector<std::size_t>& frames) {
    constexpr std::size_t most = 8;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, frames.size()); ++i)
        text += fmt::format("{}{}", i == 0 ? "" : ", ", frames[i]);
    return frames.size() > most ? text + ", ..." : text;
}

// Which halves of the map hold values.
struct Halves {
    bool upper = false;
    bool lower = false;
    [[nodiscard]] double value(const TwoTimeMap& map, std::size_t i, std::size_t j) const {
        return !lower ? map(i, j) : !upper ? map(j, i) : 0.5 * (map(i, j) + map(j, i));
    }
    // NaN, or fill: nothing was measured at this place.
    [[nodiscard]] bool fill(const TwoTimeMap& map, std::size_t i, std::size_t j) const {
        return (!upper || is_fill(map(i, j))) && (!lower || is_fill(map(j, i)));
    }
};

Halves halves_of(const TwoTimeMap& map) {
    Halves h;
    for (std::size_t i = 0; i < map.frames; ++i)
        for (std::size_t j = i + 1; j < map.frames; ++j) {
            h.upper = h.upper || !is_fill(map(i, j));
            h.lower = h.lower || !is_fill(map(j, i));
        }
    return h;
}

// Frames of which nothing is there. A row of zeros is one, unless zeros are so common that it may be a measurement: a
// map of few photons holds many.
std::vector<std::uint8_t> lost_frames(const TwoTimeMap& map, const Halves& halves) {
    constexpr double by_chance = 1e-3;
    const std::size_t n = map.frames;
    std::vector<std::uint8_t> unknown(n, 1);
    std::vector<std::uint8_t> empty(n, 1);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j) {
            if (!halves.fill(map, i, j)) empty[i] = empty[j] = 0;
            if (!std::isnan(halves.value(map, i, j))) unknown[i] = unknown[j] = 0;
        }
    double zeros = 0;
    double others = 0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j) {
            if (empty[i] || empty[j] || std::isnan(halves.value(map, i, j))) continue;
            (halves.value(map, i, j) == 0 ? zeros : others) += 1;
        }
    const auto row = static_cast<double>(n - 1);
    const double share = zeros / std::max(1.0, zeros + others);
    return static_cast<double>(n) * std::pow(share, row) < by_chance ? empty : unknown;
}

// How far the halves are apart, for the message; "" where they are the same to rounding.
std::string asymmetry(const TwoTimeMap& map) {
    constexpr double rounding = 1e-5;
    double largest = 0;
    double squares = 0;
    double size = 0;
    std::size_t pairs = 0;
    for (std::size_t i = 0; i < map.frames; ++i)
        for (std::size_t j = i + 1; j < map.frames; ++j) {
            const double difference = std::abs(map(i, j) - map(j, i));
            if (!std::isfinite(difference)) continue;
            largest = std::max(largest, difference);
            squares += difference * difference;
            size = std::max(size, std::abs(map(i, j)));
            ++pairs;
        }
    if (largest <= rounding * size) return "";
    return fmt::format(
        "The two halves of the map differ by {:.2g} (root mean square), at most by {:.2g}; their mean is used.",
        std::sqrt(squares / static_cast<double>(pairs)), largest);
}

// Both halves filled, lost frames NaN, everything else checked.
void complete(const ReadFile& file, const std::string& path, const FrameChoice& choice, TwoTimeMap& map,
              std::vector<std::string>& notes) {
    const std::size_t n = map.frames;
    choice.expect_bad_within(n, file.path().string() + "::" + path);
    std::vector<std::uint8_t> bad(n, 0);
    for (std::size_t i = 0; i < n; ++i) bad[i] = choice.is_bad(i) ? 1 : 0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            if (i != j && (bad[i] || bad[j])) map(i, j) = not_a_number;
    const Halves halves = halves_of(map);
    if (!halves.upper && !halves.lower) file.fail(path, "holds only zeros off the diagonal");
    const auto lost = lost_frames(map, halves);
    if (halves.upper && halves.lower)
        if (auto note = asymmetry(map); !note.empty()) notes.push_back(std::move(note));
    double sum = 0;
    std::size_t known = 0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j) {
            double value = lost[i] || lost[j] ? not_a_number : halves.value(map, i, j);
            if (!std::isfinite(value) && !lost[i] && !lost[j])
                file.fail(path,
                          fmt::format("is not finite at ({}, {}); a map must be finite off its diagonal: leave the "
                                      "frame out with {}",
                                      i, j, option_text("bad_frames", fmt::format("{}", i))));
            if (value < 0)
                file.fail(path,
                          fmt::format("is negative ({:.4g}) at ({}, {}); correlations of counts are not: to a map "
                                      "of C - 1 add 1",
                                      value, i, j));
            map(i, j) = map(j, i) = value;
            if (std::isnan(value)) continue;
            sum += value;
            ++known;
        }
    if (known == 0) file.fail(path, "holds no pair of frames that were not lost");
    // Of counts C is about 1 where nothing is correlated.
    constexpr double lowest = 0.5;
    const double mean = sum / static_cast<double>(known);
    if (mean < lowest)
        file.fail(path, fmt::format("its mean is {:.3g}; C(t1, t2) = <I I>/(<I><I>) is about 1 where nothing is "
                                    "correlated: to a map of C - 1 add 1",
                                    mean));
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < n; ++i) {
        if (!lost[i]) continue;
        map(i, i) = not_a_number;
        if (!bad[i]) found.push_back(i);
    }
    if (!found.empty())
        notes.push_back(
            fmt::format("{} of {} frames are lost, their rows hold nothing (frame {}); their pairs are left "
                        "out.",
                        found.size(), n, listed(found)));
    if (const auto named = std::count(bad.begin(), bad.end(), 1); named > 0)
        notes.push_back(fmt::format("{} of {} frames are left out as bad.", named, n));
}

bool has_unit(const ReadFile& file, const std::string& axis) {
    const std::string unit = file.text_attribute(axis, "units").value_or("");
    return !unit.empty() && unit != "frames" && unit != "frame";
}

// An axis of the NXdata, in seconds if it has a unit of time.
std::vector<double> axis_times(const ReadFile& file, const std::string& axis, const TwoTimeMap& map,
                               double& resolution) {
    auto times = file.read<double>(axis);
    const std::string remedy = option_text("frame_time", "SECONDS", "s");
    if (times.size() != map.frames)
        file.fail(axis, fmt::format("has {} times, the map has {} frames; give {}", times.size(), map.frames, remedy));
    const double factor =
        has_unit(file, axis) ? unit_factor(file.text_attribute(axis, "units").value_or(""), Dimension::time, axis) : 1;
    resolution = resolution_of(file, axis, times) * factor;
    for (double& t : times) t *= factor;
    return times;
}

// The first axis of the NXdata gives the time between frames.
void set_map_times(const ReadFile& file, const std::string& path, const MeasuredOptions& options, TwoTimeMap& map,
                   std::vector<std::string>& notes) {
    const std::string group = parent(path);
    const auto axes = file.texts_attribute(group, "axes");
    const auto axis_at = [&](std::size_t k) {
        return k < axes.size() && file.is_dataset(group + "/" + axes[k]) ? group + "/" + axes[k] : "";
    };
    const std::string axis = axis_at(0);
    set_frame_time(file, path, options, map.frame_time, map.time_unit);
    if (options.frame_time || axis.empty()) return;
    const bool timed = has_unit(file, axis);
    const char* unit = timed ? " s" : "";
    double resolution = 0;
    const auto times = axis_times(file, axis, map, resolution);
    for (std::size_t i = 0; i < times.size(); ++i)
        if (std::isnan(times[i])) file.fail(axis, fmt::format("holds no time of frame {}", i));
    if (const std::string other = axis_at(1); !other.empty() && other != axis && has_unit(file, other) == timed) {
        double rounding = 0;
        const auto second = axis_times(file, other, map, rounding);
        const double slack = resolution + rounding + 0.25 * std::abs(times[1] - times[0]);
        for (std::size_t i = 0; i < second.size(); ++i)
            if (!(std::abs(second[i] - times[i]) <= slack))
                file.fail(other, fmt::format("is {:.6g}{} at frame {}, the other axis {:.6g}{}; a two-time map has the "
                                             "same frames along both",
                                             second[i], unit, i, times[i], unit));
    }
    const auto taken = times_taken(times, options.frames);
    const EvenStep even = even_step(taken, timed ? "s" : "", resolution);
    if (!even.fault.empty()) file.fail(axis, fmt::format("{}; {}", even.fault, even_remedy(even.first, even.last)));
    if (timed) {
        map.frame_time = even.step;
        map.time_unit = "s";
    } else if (map.time_unit == "frames" && !file.text_attribute(axis, "units")) {
        notes.push_back(fmt::format("The axis {} has no unit of time: lags are in frames; {} says how long one takes.",
                                    axis, option_text("frame_time", "SECONDS", "s")));
    }
}

// The chosen frames of a map; added frames cannot be had from it.
TwoTimeMap chosen(const ReadFile& file, const std::string& path, TwoTimeMap map, const FrameChoice& choice) {
    if (choice.everything()) return map;
    if (choice.bin > 1 || choice.bin_rows > 1 || choice.bin_columns > 1)
        file.fail(path, fmt::format("is a two-time map; {} and {} need frames", option_text("bin_frames"),
                                    option_text("bin_pixels")));
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

TwoTimeMap read_two_time(const ReadFile& file, const std::string& path, const MeasuredOptions& options,
                         std::vector<std::string>& notes) {
    const auto info = file.info(path);
    if (info.dims.size() != 2 || info.dims[0] != info.dims[1])
        file.fail(path, "is not square; a two-time map is (frames, frames)");
    if (info.dims[0] < 3) file.fail(path, fmt::format("has {} frames; a two-time map needs at least 3", info.dims[0]));
    TwoTimeMap map;
    map.frames = info.dims[0];
    map.values = file.read<double>(path);
    map.time_unit = "frames";
    complete(file, path, options.frames, map, notes);
    set_map_times(file, path, options, map, notes);
    return chosen(file, path, std::move(map), options.frames);
}

}  // namespace vitrum::io
