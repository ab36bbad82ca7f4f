#include "vitrum/pipeline/read/read_data.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/result/result_file.hpp"
#include "vitrum/io/text/csv.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/pipeline/estimators/option_values.hpp"

namespace vitrum::pipeline {

namespace fs = std::filesystem;

namespace {

bool is_hdf5(const fs::path& path) {
    io::expect_input_file(path);
    std::ifstream in(path, std::ios::binary);
    if (!in) throw InputError(fmt::format("cannot read '{}'", path.string()));
    std::array<char, 4> head{};
    in.read(head.data(), head.size());
    return in.gcount() == 4 && head.at(1) == 'H' && head.at(2) == 'D' && head.at(3) == 'F';
}

// dataset, mask, regions, static_regions, qmap, frame_time, count_time, frames, bad_frames, bin_frames, bin_pixels.
io::MeasuredOptions measured_options(Section& options) {
    io::MeasuredOptions m;
    if (options.has("dataset")) m.dataset = options.text("dataset");
    if (options.has("mask")) m.mask = options.text("mask");
    if (options.has("regions")) m.regions = options.text("regions");
    if (options.has("static_regions")) m.static_regions = options.text("static_regions");
    if (options.has("frame_time")) m.frame_time = options.quantity("frame_time", Dimension::time);
    if (options.has("qmap")) m.qmap = options.text("qmap");
    if (options.has("frames")) io::parse_frames(options.text("frames"), m.frames);
    if (options.has("count_time")) m.count_time = options.quantity("count_time", Dimension::time);
    if (options.has("bad_frames")) io::parse_bad_frames(text_or_list(options, "bad_frames"), m.frames);
    if (options.has("bin_pixels")) io::parse_pixel_bin(text_or_whole(options, "bin_pixels"), m.frames);
    if (options.has("bin_frames")) {
        const auto bin = options.integer("bin_frames");
        if (bin < 1) options.fail("bin_frames", fmt::format("is {}; at least 1", bin));
        m.frames.bin = static_cast<std::size_t>(bin);
    }
    for (const char* key :
         {"dataset", "mask", "regions", "static_regions", "qmap", "frames", "bad_frames", "bin_pixels"})
        if (!options.has(key)) static_cast<void>(options.text(key, ""));
    return m;
}

// Clean tau against pressure of one source of a result.
DataSet tau_of_pressure(const fs::path& path, const std::string& wanted) {
    const Result result = io::read_result(path);
    std::vector<std::string> sources;
    for (const auto& series : result.series) {
        const std::string& name = series.source_name;
        if (series.abscissa.empty() || std::find(sources.begin(), sources.end(), name) != sources.end()) continue;
        sources.push_back(name);
    }
    if (wanted.empty() ? sources.size() > 1 : std::find(sources.begin(), sources.end(), wanted) == sources.end())
        throw InputError(fmt::format("'{}' has pressures in several sources ({}); choose one with --set source=NAME",
                                     path.string(), fmt::join(sources, ", ")));
    Columns tau{path, {{"pressure", "GPa", {}}, {"tau", "s", {}}, {"tau_error", "s", {}}}};
    for (const auto& series : result.series) {
        const Coordinate* pressure = series.abscissa.find("pressure");
        if (!pressure || !(wanted.empty() || series.source_name == wanted)) continue;
        for (const auto& e : series.estimates) {
            if (e.quantity != "tau" || !e.abscissa.empty() || e.status != Status::ok) continue;
            tau.columns[0].values.push_back(pressure->value);
            tau.columns[1].values.push_back(e.value);
            tau.columns[2].values.push_back(e.standard_error);
        }
    }
    if (tau.rows() < 2)
        throw InputError(fmt::format("'{}' holds fewer than two clean tau at different pressures", path.string()));
    DataSet set;
    set.name = path.stem().string();
    set.source = "file";
    set.data = std::move(tau);
    return set;
}

}  // namespace

io::TrajectoryOptions trajectory_options(Section& options) {
    io::TrajectoryOptions o;
    for (const char* key : {"time_step", "frame_time", "time_unit", "length_unit", "frames"})
        static_cast<void>(options.raw(key));  // known
    o.elements = names_of(options, "elements", "Cu,Zr");
    if (options.has("time_step")) o.time_step = options.quantity("time_step", Dimension::time);
    if (options.has("frame_time")) o.frame_time = options.quantity("frame_time", Dimension::time);
    if (options.has("time_unit")) o.time_unit = options.quantity("time_unit", Dimension::time);
    if (options.has("length_unit")) o.length_unit = options.quantity("length_unit", Dimension::length);
    if (options.has("frames")) io::parse_frames(options.text("frames"), o.frames);
    o.group = options.text("group", "");
    if (o.time_step && !(*o.time_step > 0)) options.fail("time_step", "a time step is positive");
    if (o.frame_time && !(*o.frame_time > 0)) options.fail("frame_time", "a time between frames is positive");
    if (o.frame_time && o.time_step) options.fail("frame_time", "and time_step exclude each other");
    if (o.time_unit && !(*o.time_unit > 0)) options.fail("time_unit", "a unit is positive");
    if (o.length_unit && !(*o.length_unit > 0)) options.fail("length_unit", "a unit is positive");
    return o;
}

FileReader::FileReader(fs::path file, const EstimatorKind& estimator, Section& options)
    : file_(std::move(file)), estimator_(estimator) {
    const bool hdf5 = is_hdf5(file_);
    const bool speckle = estimator.takes_kind(DataKind::frames) || estimator.takes_kind(DataKind::map);
    const bool table = estimator.takes_kind(DataKind::columns);
    if (estimator.takes_kind(DataKind::trajectory) && (!table || io::is_trajectory(file_))) {
        kind_ = DataKind::trajectory;
        trajectory_ = trajectory_options(options);
    } else if (hdf5 && speckle) {
        kind_ = DataKind::frames;
        measured_ = measured_options(options);
    } else if (hdf5) {
        result_ = true;
        source_ = options.text("source", "");
    } else if (!table) {
        throw InputError(fmt::format("'{}' is not HDF5: {} needs {}", file_.string(), estimator.name, estimator.input));
    }
}

ReadFile FileReader::read() const {
    ReadFile read;
    if (kind_ == DataKind::frames) {
        read.sets = io::read_measured(file_, measured_, &read.notes);
        for (const auto& set : read.sets)
            expect_kind(estimator_, kind_of(set.data.data), fmt::format("'{}'", file_.string()));
        return read;
    }
    DataSet set;
    if (result_) {
        set = tau_of_pressure(file_, source_);
    } else {
        set.name = file_.stem().string();
        set.source = "file";
        if (kind_ == DataKind::trajectory)
            set.data = io::read_trajectory(file_, trajectory_);
        else
            set.data = io::read_csv(file_);
    }
    read.sets.push_back({std::move(set), {}});
    return read;
}

}  // namespace vitrum::pipeline
