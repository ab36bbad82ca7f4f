#include "vitrum/pipeline/read/export_trajectory.hpp"

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/text/output_path.hpp"
#include "vitrum/io/trajectory/trajectory_file.hpp"
#include "vitrum/pipeline/config/provenance.hpp"
#include "vitrum/pipeline/read/read_data.hpp"

namespace vitrum::pipeline {

namespace {

bool is_hdf5_name(const std::filesystem::path& path) {
    return path.extension() == ".h5" || path.extension() == ".h5md";
}

}  // namespace

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
