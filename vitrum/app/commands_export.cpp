#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/app/commands.hpp"
#include "vitrum/app/print.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/io/result/result_file.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/io/text/output_path.hpp"
#include "vitrum/io/trajectory/trajectory_file.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/pipeline/read/export_trajectory.hpp"

namespace vitrum::app {

namespace fs = std::filesystem;

int export_atoms(const std::string& file, const Common& common) {
    if (common.output.empty())
        throw InputError(fmt::format("'{}' is a trajectory: name the output, as in -o atoms.h5 or -o atoms.xyz", file));
    pipeline::check_trajectory_ending(common.output);
    io::check_output(common.output, {file}, common.force);
    toml::value root = toml::table{};
    for (const auto& setting : common.settings) pipeline::apply_setting(root, setting);
    pipeline::Section options(&root, "options of export", "--set");
    pipeline::export_trajectory(file, options, common.output);
    if (!common.quiet) print("atoms   {}\n", common.output);
    return 0;
}

int export_data_set(const std::string& file, const std::string& data_set, const Common& common) {
    if (io::is_trajectory(file)) {
        if (!data_set.empty()) throw InputError(fmt::format("'{}' is a trajectory: it has no data sets", file));
        return export_atoms(file, common);
    }
    if (!common.settings.empty()) throw InputError("--set belongs to the export of a trajectory");
    Result result = io::read_result(file);
    std::vector<std::string> names;
    for (const auto& series : result.series)
        if (std::find(names.begin(), names.end(), series.data_set()) == names.end()) names.push_back(series.data_set());
    if (data_set.empty())
        throw InputError(fmt::format("'{}' is a result: choose a data set with --data-set; it holds {}", file,
                                     fmt::join(names, ", ")));
    if (std::find(names.begin(), names.end(), data_set) == names.end())
        throw InputError(fmt::format("'{}' has no data set '{}'; it holds {}", file, data_set, fmt::join(names, ", ")));
    const fs::path output =
        common.output.empty()
            ? fs::path(fmt::format("{}_{}.h5", fs::path(file).stem().string(), io::plain_file_name(data_set)))
            : fs::path(common.output);
    io::check_output(output, {file}, common.force);
    std::erase_if(result.series, [&](const SeriesResult& s) { return s.data_set() != data_set; });
    result.title = fmt::format("{}: {}", result.title, data_set);
    // What stands over several data sets is not of this one.
    result.estimates.clear();
    result.truth = {};
    std::erase_if(result.provenance, [](const auto& row) { return row.first == "data_hash"; });
    io::write_and_rename(output, [&](const fs::path& path) { io::write_result(path, result); });
    if (!common.quiet) print("result  {}\n", output.string());
    return 0;
}

}  // namespace vitrum::app
