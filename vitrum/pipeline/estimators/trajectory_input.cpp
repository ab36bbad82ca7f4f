#include "vitrum/pipeline/estimators/trajectory_input.hpp"

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/text/output_path.hpp"
#include "vitrum/pipeline/config/provenance.hpp"

namespace vitrum::pipeline {

namespace {

bool is_hdf5_name(const std::filesystem::path& path) {
    return path.extension() == ".h5" || path.extension() == ".h5md";
}

}  // namespace

std::vector<std::string> names_of(Section& options, const char* key, const char* example) {
    const std::string text = options.text(key, "");
    std::vector<std::string> names;
    std::string name;
    for (std::size_t i = 0; !text.empty() && i <= text.size(); ++i) {
        if (i < text.size() && text[i] != ',') {
            if (text[i] != ' ') name += text[i];
            continue;
        }
        if (name.empty()) options.fail(key, fmt::format("is '{}'; names with commas, as in {}", text, example));
        names.push_back(std::move(name));
        name.clear();
    }
    return names;
}

double positive(Section& options, const char* key, Dimension dimension, double fallback) {
    const double value = options.quantity(key, dimension, fallback);
    if (!(value > 0)) options.fail(key, fmt::format("is {}; positive", value));
    return value;
}

std::size_t whole(Section& options, const char* key, std::size_t fallback) {
    const auto value = options.integer(key, static_cast<std::int64_t>(fallback));
    if (value < 0) options.fail(key, fmt::format("is {}; not negative", value));
    return static_cast<std::size_t>(value);
}

Trajectory trajectory_of(const std::filesystem::path& file, Section& options) {
    const auto how = trajectory_options(options);
    options.finish();
    return io::read_trajectory(file, how);
}

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

void check_trajectory_ending(const std::filesystem::path& output) {
    if (is_hdf5_name(output) || output.extension() == ".xyz" || output.extension() == ".extxyz") return;
    throw InputError(
        fmt::format("the output '{}' of a trajectory ends in .h5 (H5MD) or .xyz (extended XYZ)", output.string()));
}

void export_trajectory(const std::filesystem::path& input, Section& options, const std::filesystem::path& output) {
    const auto o = trajectory_options(options);
    options.finish();
    const Trajectory trajectory = io::read_trajectory(input, o);
    io::write_and_rename(output, [&](const std::filesystem::path& file) {
        if (!is_hdf5_name(output)) return io::write_extended_xyz(file, trajectory);
        io::H5mdAuthor author;
        author.name = "vitrum export";
        author.creator_version = version();
        std::vector<std::pair<std::string, std::string>> parameters{{"source", input.filename().string()},
                                                                    {"options", options.resolved()}};
        for (const auto& [key, value] : provenance()) parameters.emplace_back("provenance/" + key, value);
        io::write_h5md(file, trajectory, author, parameters);
    });
}

}  // namespace vitrum::pipeline
