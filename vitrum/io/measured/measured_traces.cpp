// Traces beside the frames: beam intensity, pressure, temperature, position.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "vitrum/core/data/time_alignment.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/option_text.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/measured/measured_parts.hpp"

namespace vitrum::io {

namespace {

struct UsualName {
    const char* name;
    const char* path;  // in the entry
};
constexpr std::array usual_names{
    UsualName{"incident_intensity", "/instrument/incident_beam/flux"},
    UsualName{"incident_intensity", "/monitor"},
    UsualName{"incident_intensity", "/control"},
    UsualName{"pressure", "/sample/pressure_log"},
    UsualName{"pressure", "/sample/pressure"},
    UsualName{"temperature", "/sample/temperature_log"},
    UsualName{"temperature", "/sample/temperature"},
    UsualName{"position_x", "/sample/position_x"},
    UsualName{"position_y", "/sample/position_y"},
    UsualName{"position_z", "/sample/position_z"},
};

// Where value and time of a trace stand; time empty = one value per frame.
struct TracePaths {
    std::string value;
    std::string time;
};

TracePaths paths_of(const ReadFile& file, const std::string& path) {
    if (file.is_group(path)) {
        const auto signal = file.text_attribute(path, "signal");
        TracePaths found{path + "/" + signal.value_or("value"), ""};
        if (!file.is_dataset(found.value) && file.is_dataset(path + "/data")) found.value = path + "/data";
        if (!file.is_dataset(found.value)) file.fail(path, "holds no trace: neither @signal, nor value, nor data");
        const auto axes = file.texts_attribute(path, "axes");
        if (!axes.empty() && file.is_dataset(path + "/" + axes.front()))
            found.time = path + "/" + axes.front();
        else if (file.is_dataset(path + "/time"))
            found.time = path + "/time";
        return found;
    }
    TracePaths found{path, ""};
    const std::string group = parent(path);
    const auto axes = file.texts_attribute(group, "axes");
    if (file.text_attribute(group, "signal").value_or("") == path.substr(group.size() + 1) && axes.size() == 1)
        found.time = group + "/" + axes.front();
    else if (path.ends_with("/value") && file.is_dataset(group + "/time"))
        found.time = group + "/time";
    return found;
}

// As recorded, with times from the first frame of the file; a trace of one value per frame has the frames' times.
TimeSeries recorded(const ReadFile& file, const std::string& entry, const std::string& path, const FrameTimes& raw) {
    const TracePaths paths = paths_of(file, path);
    TimeSeries trace;
    trace.unit = file.text_attribute(paths.value, "units").value_or("");
    trace.value = file.read<double>(paths.value);
    if (paths.time.empty()) {
        if (trace.value.size() != raw.total)
            file.fail(paths.value, fmt::format("has {} values and no times, the run has {} frames; name a group with "
                                               "value and time",
                                               trace.value.size(), raw.total));
        for (std::size_t f = 0; f < raw.total; ++f)
            trace.time.push_back(static_cast<double>(f) * raw.frame_time + raw.exposure / 2);
        return trace;
    }
    trace.time = file.read<double>(paths.time);
    if (trace.time.size() != trace.value.size())
        file.fail(paths.value, fmt::format("has {} values and {} times", trace.value.size(), trace.time.size()));
    if (raw.time_unit != "s")
        file.fail(paths.time,
                  "is a time, but the frames have no frame time; give " + option_text("frame_time", "SECONDS", "s"));
    const std::string unit = file.text_attribute(paths.time, "units").value_or("s");
    const double factor = unit_factor(unit, Dimension::time, paths.time);
    double offset = 0;
    // A log has a start of its own.
    const auto start = file.text_attribute(paths.time, "start");
    if (start && file.is_dataset(entry + "/start_time") && file.info(entry + "/start_time").type_class == H5T_STRING) {
        const double difference = seconds_of(*start) - seconds_of(file.text(entry + "/start_time"));
        if (std::isfinite(difference)) offset = difference;
    }
    for (double& t : trace.time) t = t * factor + offset;
    return trace;
}

TimeSeries on_frames(const TimeSeries& trace, const FrameTimes& raw, const FrameChoice& choice,
                     const SpeckleSeries& series) {
    const double step = raw.frame_time * static_cast<double>(choice.stride * choice.bin);
    const double open =
        choice.bin == 1 ? raw.exposure : step - raw.frame_time * static_cast<double>(choice.stride) + raw.exposure;
    const FrameClock clock{static_cast<double>(choice.first) * raw.frame_time, step, open, series.frames};
    TimeSeries result;
    result.unit = trace.unit;
    result.value = aligned(trace, clock);
    for (std::size_t f = 0; f < series.frames; ++f) result.time.push_back(static_cast<double>(f) * series.frame_time);
    return result;
}

bool any_known(const TimeSeries& trace) {
    return std::any_of(trace.value.begin(), trace.value.end(), [](double v) { return std::isfinite(v); });
}

}  // namespace

std::vector<TimeSeries> read_file_traces(const ReadFile& file, const std::string& entry, const FrameTimes& raw,
                                         const MeasuredOptions& options, const SpeckleSeries& series) {
    std::vector<TimeSeries> traces;
    const auto have = [&](const std::string& name) {
        return std::any_of(traces.begin(), traces.end(), [&](const TimeSeries& t) { return t.name == name; });
    };
    for (const auto& [name, where] : options.traces) {
        if (have(name)) throw InputError(fmt::format("--trace {}: the name is given twice", name));
        std::optional<ReadFile> other;
        const auto at = where.find("::");
        if (at != std::string::npos) other.emplace(where.substr(0, at));
        const ReadFile& source = other ? *other : file;
        const std::string path = at == std::string::npos ? where : where.substr(at + 2);
        if (!source.exists(path)) source.fail(path, "no such dataset or group, wanted by --trace " + name);
        TimeSeries trace = on_frames(recorded(source, entry, path, raw), raw, options.frames, series);
        if (!any_known(trace)) source.fail(path, fmt::format("--trace {}: no frame lies within its times", name));
        trace.name = name;
        traces.push_back(std::move(trace));
    }
    const auto add_if_good = [&](const std::string& name, const std::string& path) {
        if (have(name) || !file.exists(path)) return;
        try {
            TimeSeries trace = on_frames(recorded(file, entry, path, raw), raw, options.frames, series);
            trace.name = name;
            if (any_known(trace)) traces.push_back(std::move(trace));
        } catch (const InputError&) {
            // A set point or another run's log: not a trace of this run.
        }
    };
    for (const auto& [name, path] : usual_names) add_if_good(name, entry + path);
    if (file.is_group(entry + "/traces"))
        for (const auto& name : file.children(entry + "/traces")) add_if_good(name, entry + "/traces/" + name);
    return traces;
}

}  // namespace vitrum::io
