// Frame times of measured files: one number, or a time of each frame.
#include <algorithm>
#include <cmath>
#include <ctime>

#include <fmt/format.h>

#include "vitrum/core/data/even_step.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/option_text.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/measured/measured_parts.hpp"

namespace vitrum::io {

std::string parent(const std::string& path) { return path.substr(0, path.rfind('/')); }

std::string entry_of(const std::string& path) { return path.substr(0, path.find('/', 1)); }

std::vector<std::string> detector_groups(const std::string& frames) {
    const std::string group = parent(frames);
    const std::string entry = entry_of(frames);
    std::vector<std::string> groups;
    for (const std::string& g :
         {group, parent(group), entry + "/instrument/detector", entry + "/instrument/detector_1"})
        if (std::find(groups.begin(), groups.end(), g) == groups.end()) groups.push_back(g);
    return groups;
}

std::optional<Number> number_at(const ReadFile& file, const std::string& path) {
    if (!file.is_dataset(path)) return std::nullopt;
    const auto info = file.info(path);
    if (info.type_class != H5T_FLOAT && info.type_class != H5T_INTEGER) return std::nullopt;
    const auto all = file.read<double>(path);
    if (all.empty() || std::any_of(all.begin(), all.end(), [&](double v) { return v != all.front(); }))
        return std::nullopt;
    return Number{path, all.front(), file.text_attribute(path, "units").value_or("")};
}

std::optional<Number> detector_number(const ReadFile& file, const std::string& frames,
                                      std::initializer_list<const char*> names) {
    for (const char* name : names)
        for (const auto& group : detector_groups(frames))
            for (const char* inner : {"/", "/detectorSpecific/"})
                if (auto found = number_at(file, group + inner + name)) return found;
    return std::nullopt;
}

double resolution_of(const ReadFile& file, const std::string& path, const std::vector<double>& times) {
    const auto info = file.info(path);
    if (info.type_class == H5T_INTEGER && times.size() > 1) {
        // Rounded steps alternate; one that is off among equal ones is a frame that is missing.
        constexpr std::size_t rare = 20;
        std::vector<double> steps(times.size() - 1);
        for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = times[i + 1] - times[i];
        std::vector<double> sorted = steps;
        const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
        std::nth_element(sorted.begin(), middle, sorted.end());
        const auto off =
            static_cast<std::size_t>(std::count_if(steps.begin(), steps.end(), [&](double s) { return s != *middle; }));
        return off * rare > steps.size() ? 1 : 0;
    }
    if (info.type_class != H5T_FLOAT || info.size > sizeof(float)) return 0;
    double largest = 0;
    for (const double t : times) largest = std::max(largest, std::abs(t));
    return largest * std::exp2(-23);
}

std::vector<double> times_taken(std::vector<double> times, const FrameChoice& choice) {
    const std::size_t end = std::min(choice.last.value_or(times.size()), times.size());
    for (std::size_t f = 0; f < times.size(); ++f)
        if (f < choice.first || f >= end || (f - choice.first) % choice.stride != 0 || choice.is_bad(f))
            times[f] = not_a_number;
    return times;
}

std::string even_remedy(std::size_t first, std::size_t last) {
    const std::string part = option_text("frames", fmt::format("{}:{}", first, last));
    return fmt::format("lags need equal steps: {}{} says that they are equal",
                       last > first ? part + " takes a part that is even, or " : "",
                       option_text("frame_time", "SECONDS", "s"));
}

double seconds_of(const std::string& text) {
    std::tm day{};
    const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &day);
    if (!rest) rest = strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &day);
    if (!rest) return std::nan("");
    double seconds = static_cast<double>(timegm(&day));
    std::string tail(rest);
    if (!tail.empty() && tail.front() == '.') {
        const auto end = std::min(tail.find_first_not_of("0123456789", 1), tail.size());
        seconds += std::strtod(("0" + tail.substr(0, end)).c_str(), nullptr);
        tail.erase(0, end);
    }
    if (tail.size() >= 6 && (tail[0] == '+' || tail[0] == '-') && tail[3] == ':') {
        const double zone = 3600 * std::strtod(tail.substr(1, 2).c_str(), nullptr) +
                            60 * std::strtod(tail.substr(4, 2).c_str(), nullptr);
        seconds -= tail[0] == '+' ? zone : -zone;
    }
    return seconds;
}

namespace {

bool in_frames(const std::string& unit) { return unit == "frames" || unit == "frame"; }

// [s], or in frames; nullopt if the file does not say. Frame times that differ from frame to frame are an error.
std::optional<Number> stored_frame_time(const ReadFile& file, const std::string& beside) {
    for (const auto& group : detector_groups(beside)) {
        const std::string path = group + "/frame_time";
        if (!file.is_dataset(path)) continue;
        auto found = number_at(file, path);
        if (!found) {
            const auto all = file.read<double>(path);
            const auto [low, high] = std::minmax_element(all.begin(), all.end());
            if (all.empty()) file.fail(path, "holds no number");
            file.fail(path, fmt::format("holds {} frame times from {:.6g} to {:.6g}; {}", all.size(), *low, *high,
                                        even_remedy(0, 0)));
        }
        if (!(found->value > 0) || !std::isfinite(found->value))
            file.fail(path, fmt::format("a frame time of {} is not possible; give {}", found->value,
                                        option_text("frame_time", "SECONDS", "s")));
        if (found->unit.empty()) found->unit = "s";
        if (!in_frames(found->unit)) {
            found->value *= unit_factor(found->unit, Dimension::time, path);
            found->unit = "s";
        }
        return found;
    }
    return std::nullopt;
}

// A time of each frame [s]; none if there are none.
struct Stamps {
    std::string path{};
    std::vector<double> times{};
    double resolution = 0;
};

// `incomplete`: frames behind those of the part may have a time as well.
Stamps stamps_of(const Part& part, bool incomplete) {
    const ReadFile& file = *part.file;
    std::vector<std::string> paths;
    const std::string group = parent(part.path);
    const auto axes = file.texts_attribute(group, "axes");
    if (!axes.empty() && axes.front() != ".") paths.push_back(group + "/" + axes.front());
    for (const auto& where : detector_groups(part.path))
        for (const char* name : {"time", "times", "timestamp", "timestamps", "time_stamp", "time_stamps",
                                 "frame_timestamps", "image_timestamps", "start_time"})
            paths.push_back(where + "/" + name);
    for (const auto& path : paths) {
        if (path == part.path || !file.is_dataset(path)) continue;
        const auto info = file.info(path);
        if ((info.type_class != H5T_FLOAT && info.type_class != H5T_INTEGER) || info.dims.size() != 1 ||
            part.frames < 2 || (incomplete ? info.dims[0] < part.frames : info.dims[0] != part.frames))
            continue;
        const std::string unit = file.text_attribute(path, "units").value_or("s");
        const auto known = known_units(Dimension::time);
        if (std::find(known.begin(), known.end(), unit) == known.end()) continue;
        Stamps found{path, file.read<double>(path), 0};
        const double factor = unit_factor(unit, Dimension::time, path);
        found.times.resize(part.frames);
        found.resolution = resolution_of(file, path, found.times) * factor;
        for (double& t : found.times) t = std::isnan(t) ? not_a_number : t * factor;
        return found;
    }
    return {};
}

// Stamps of all parts one after the other, those of a part that starts its own clock put behind the one before.
// No times if a part has none.
Stamps stamps_of(const Run& run) {
    const Part& first = run.parts.front();
    const bool one_file =
        std::all_of(run.parts.begin(), run.parts.end(), [&](const Part& p) { return p.file == first.file; });
    Stamps all;
    if (one_file) all = stamps_of({first.file, first.path, run.frames}, !run.missing.empty());
    if (!all.times.empty()) return all;
    for (const Part& part : run.parts) {
        Stamps next = stamps_of(part, false);
        if (next.times.empty()) return {};
        if (!all.times.empty()) {
            const double step = (all.times.back() - all.times.front()) / static_cast<double>(all.times.size() - 1);
            if (std::abs(next.times.front() - all.times.front()) < std::abs(step) / 2) {
                const double shift = all.times.back() + step - next.times.front();
                for (double& t : next.times) t += shift;
            }
        }
        if (all.path.empty()) all.path = next.path;
        all.times.insert(all.times.end(), next.times.begin(), next.times.end());
        all.resolution = std::max(all.resolution, next.resolution);
    }
    return all;
}

// Step of the frames by their own times; nullopt if they have none.
std::optional<double> step_by_stamps(const Run& run, const FrameChoice& choice) {
    const Stamps stamps = stamps_of(run);
    if (stamps.times.empty()) return std::nullopt;
    const bool nothing = std::all_of(stamps.times.begin(), stamps.times.end(), [](double t) { return t == 0; });
    if (nothing) return std::nullopt;  // a place that was never filled
    const ReadFile& file = *run.parts.front().file;
    const auto taken = times_taken(stamps.times, choice);
    for (std::size_t f = 0; f < taken.size(); ++f)
        if (std::isnan(stamps.times[f]) && f >= choice.first && f < choice.last.value_or(taken.size()) &&
            !choice.is_bad(f))
            file.fail(stamps.path, fmt::format("holds no time of frame {}; leave it out with {}", f,
                                               option_text("bad_frames", fmt::format("{}", f))));
    const EvenStep even = even_step(taken, "s", stamps.resolution);
    if (!even.fault.empty())
        file.fail(stamps.path, fmt::format("{}; {}", even.fault, even_remedy(even.first, even.last)));
    return even.step;
}

}  // namespace

void set_frame_time(const ReadFile& file, const std::string& beside, const MeasuredOptions& options, double& frame_time,
                    std::string& time_unit) {
    frame_time = 1.0;
    time_unit = "frames";
    if (options.frame_time) {
        frame_time = *options.frame_time;
        time_unit = "s";
    } else if (const auto stored = stored_frame_time(file, beside)) {
        frame_time = stored->value;
        time_unit = in_frames(stored->unit) ? "frames" : "s";
    }
}

void set_run_times(const Run& run, const MeasuredOptions& options, FrameTimes& raw) {
    constexpr double same = 1e-3;
    raw.total = run.frames;
    raw.exposure = options.count_time.value_or(0);
    for (const Part& part : run.parts)
        if (!options.count_time && raw.exposure == 0) raw.exposure = read_exposure(*part.file, part.path);
    if (options.frame_time) {
        raw.frame_time = *options.frame_time;
        raw.time_unit = "s";
        return;
    }
    const Part* from = nullptr;
    for (const Part& part : run.parts) {
        if (from && from->file == part.file) continue;
        const auto stored = stored_frame_time(*part.file, part.path);
        if (!stored) continue;
        const std::string unit = in_frames(stored->unit) ? "frames" : "s";
        if (from && (unit != raw.time_unit || std::abs(stored->value - raw.frame_time) > same * raw.frame_time))
            part.file->fail(
                stored->path,
                fmt::format("is {:.6g} {}, in '{}' it is {:.6g} {}: not parts of one run; analyse each by "
                            "itself",
                            stored->value, unit, from->file->path().string(), raw.frame_time, raw.time_unit));
        if (!from) {
            raw.frame_time = stored->value;
            raw.time_unit = unit;
            from = &part;
        }
    }
    const auto step = step_by_stamps(run, options.frames);
    if (!step) return;
    if (!from || raw.time_unit == "frames") {
        raw.frame_time = *step;
        raw.time_unit = "s";
    } else if (std::abs(*step - raw.frame_time) > 0.01 * raw.frame_time) {
        from->file->fail(from->path, fmt::format("frame_time is {:.6g} s, the times of the frames are {:.6g} s apart; "
                                                 "say which with {}",
                                                 raw.frame_time, *step, option_text("frame_time", "SECONDS", "s")));
    }
}

}  // namespace vitrum::io
