#include "vitrum/pipeline/run/part_folder.hpp"

#include <fstream>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/measured/measured_file.hpp"
#include "vitrum/io/result/result_file.hpp"
#include "vitrum/io/text/output_path.hpp"

namespace vitrum::pipeline {

namespace fs = std::filesystem;

namespace {

std::string read_identity(const fs::path& folder) {
    if (!fs::is_regular_file(folder / "identity")) return "";
    std::ifstream in(folder / "identity");
    std::string text;
    std::getline(in, text);
    return text;
}

}  // namespace

fs::path PartFolder::of(const fs::path& output) { return output.string() + ".part"; }

bool PartFolder::matches(const fs::path& output, const std::string& identity) {
    return fs::is_directory(of(output)) && read_identity(of(output)) == identity;
}

PartFolder::PartFolder(const fs::path& output, const std::string& identity, bool resume, bool force)
    : path_(of(output)), trajectories_(output.parent_path() / (output.stem().string() + "_trajectories")) {
    std::error_code failed;
    if (fs::exists(path_)) {
        if (resume && !force && read_identity(path_) != identity)
            throw InputError(
                fmt::format("'{}' holds work of another scenario, seed, version or processor class; --force "
                            "discards it",
                            path_.string()));
        if (!resume && !force)
            throw InputError(
                fmt::format("'{}' holds unfinished work of an earlier run; --resume goes on with it, "
                            "--force discards it",
                            path_.string()));
        if (!(resume && read_identity(path_) == identity)) fs::remove_all(path_, failed);
    }
    fs::create_directories(path_, failed);
    if (failed) throw RunError(fmt::format("cannot make the folder '{}': {}", path_.string(), failed.message()));
    if (read_identity(path_) != identity)
        io::write_and_rename(path_ / "identity", [&](const fs::path& file) {
            std::ofstream out(file);
            if (!(out << identity << '\n') || !out.flush())
                throw RunError(fmt::format("cannot write '{}': is the disk full?", file.string()));
        });
}

std::optional<std::vector<SeriesResult>> PartFolder::finished(const std::string& unit) const {
    const fs::path file = path_ / (unit + ".h5");
    if (!fs::exists(file)) return std::nullopt;
    return io::read_result(file).series;
}

void PartFolder::keep(const std::string& unit, const std::vector<SeriesResult>& results) const {
    Result part;
    part.series = results;
    io::write_and_rename(path_ / (unit + ".h5"), [&](const fs::path& file) { io::write_result(file, part); });
}

std::optional<io::LabelledData> PartFolder::finished_data(const std::string& unit) const {
    const fs::path file = path_ / (unit + ".h5");
    if (!fs::exists(file)) return std::nullopt;
    io::MeasuredOptions as_generated;
    as_generated.dense = true;
    return std::move(io::read_measured(file, as_generated).at(0));
}

void PartFolder::keep_data(const std::string& unit, const io::LabelledData& set) const {
    io::write_and_rename(path_ / (unit + ".h5"), [&](const fs::path& file) { io::write_frames(file, {set}, "", {}); });
}

fs::path PartFolder::scratch(const std::string& unit) const {
    const fs::path folder = path_ / (unit + ".work");
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) throw RunError(fmt::format("cannot make the folder '{}': {}", folder.string(), failed.message()));
    return folder;
}

void PartFolder::discard_scratch(const std::string& unit) const {
    std::error_code ignored;
    fs::remove_all(path_ / (unit + ".work"), ignored);
}

void PartFolder::remove() const {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace vitrum::pipeline
