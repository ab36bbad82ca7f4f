#include "scenarios/trajectory_input.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/io/output_path.hpp"
#include "scenarios/provenance.hpp"

namespace vitrum::scenarios {

namespace {

bool is_hdf5_name(const std::filesystem::path& path) {
    return path.extension() == ".h5" || path.extension() == ".h5md";
}

}  // namespace

io::TrajectoryOptions trajectory_options(Section& options) {
    io::TrajectoryOptions o;
    for (const char* key : {"time_step", "length_unit", "frames"}) static_cast<void>(options.raw(key));  // known
    const std::string elements = options.text("elements", "");
    std::string name;
    for (std::size_t i = 0; !elements.empty() && i <= elements.size(); ++i) {
        if (i < elements.size() && elements[i] != ',') {
            if (elements[i] != ' ') name += elements[i];
            continue;
        }
        if (name.empty()) options.fail("elements", fmt::format("is '{}'; names with commas, as in Cu,Zr", elements));
        o.elements.push_back(std::move(name));
        name.clear();
    }
    if (options.has("time_step")) o.time_step = options.quantity("time_step", Dimension::time);
    if (options.has("length_unit")) o.length_unit = options.quantity("length_unit", Dimension::length);
    if (options.has("frames")) io::parse_frames(options.text("frames"), o.frames);
    o.group = options.text("group", "");
    if (o.time_step && !(*o.time_step > 0)) options.fail("time_step", "a time step is positive");
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

}  // namespace vitrum::scenarios
