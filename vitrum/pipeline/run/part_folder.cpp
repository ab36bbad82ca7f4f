#include "vitrum/pipeline/run/part_folder.hpp"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/warn.hpp"
#include "vitrum/io/hdf5/sha256.hpp"
#include "vitrum/io/measured/measured_file.hpp"
#include "vitrum/io/result/result_file.hpp"
#include "vitrum/io/text/output_path.hpp"

namespace vitrum::pipeline {

namespace fs = std::filesystem;

namespace {

std::string first_line(const fs::path& file) {
    if (!fs::is_regular_file(file)) return "";
    std::ifstream in(file);
    std::string text;
    std::getline(in, text);
    return text;
}

void write_line(const fs::path& target, const std::string& text) {
    io::write_and_rename(target, [&](const fs::path& file) {
        std::ofstream out(file);
        if (!(out << text << '\n') || !out.flush())
            throw RunError(fmt::format("cannot write '{}': is the disk full?", target.string()));
    });
}

std::string read_identity(const fs::path& folder) { return first_line(folder / "identity"); }

// Whether nothing in it is worth a resume: an identity, empty folders, a journal without an entry.
bool holds_nothing(const fs::path& folder, std::error_code& failed) {
    constexpr std::uintmax_t least = 16;
    fs::recursive_directory_iterator at(folder, failed);
    for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
        if (at->is_directory(failed) || at->path().filename().string().starts_with("identity")) continue;
        if (!at->is_regular_file(failed) || at->file_size(failed) > least) return false;
    }
    return true;
}

// Whether Vitrum made the folder: it bears an identity, or nothing yet.
bool is_ours(const fs::path& folder) {
    if (!fs::is_directory(folder)) return false;
    const std::string identity = read_identity(folder);
    for (const char* command : {"run ", "generate ", "validate "})
        if (identity.starts_with(command)) return true;
    return std::all_of(fs::directory_iterator(folder), fs::directory_iterator(), [](const fs::directory_entry& entry) {
        return entry.path().filename().string().starts_with("identity");
    });
}

}  // namespace

fs::path PartFolder::of(const fs::path& output) { return output.string() + ".part"; }

bool PartFolder::matches(const fs::path& output, const std::string& identity) {
    return fs::is_directory(of(output)) && read_identity(of(output)) == identity;
}

PartFolder::PartFolder(const fs::path& output, const std::string& identity, bool resume, bool force)
    : path_(of(output)),
      trajectories_(output.parent_path() / (output.stem().string() + "_trajectories")),
      errors_(std::uncaught_exceptions()) {
    std::error_code failed;
    if (fs::exists(path_) && !is_ours(path_))
        throw InputError(
            fmt::format("'{}' stands where unfinished work would be kept, and is not of vitrum: move it away, or "
                        "name another output with -o",
                        path_.string()));
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
    if (read_identity(path_) != identity) write_line(path_ / "identity", identity);
}

PartFolder::~PartFolder() {
    if (std::uncaught_exceptions() <= errors_) return;
    std::error_code failed;
    if (holds_nothing(path_, failed) && !failed) fs::remove_all(path_, failed);
}

std::optional<fs::path> PartFolder::sound(const std::string& unit) const {
    const fs::path file = path_ / (unit + ".h5");
    if (!fs::is_regular_file(file)) return std::nullopt;
    const std::string hash = io::sha256_of_file(file);
    if (!hash.empty() && hash == first_line(path_ / (unit + ".sha256"))) return file;
    warn(fmt::format("'{}' is damaged: the data set is made again", file.string()));
    return std::nullopt;
}

// The hash is there before the file is: one without the other is no finished work.
void PartFolder::keep_file(const std::string& unit, const std::function<void(const fs::path&)>& write) const {
    io::write_and_rename(path_ / (unit + ".h5"), [&](const fs::path& file) {
        write(file);
        write_line(path_ / (unit + ".sha256"), io::sha256_of_file(file));
    });
}

std::optional<std::vector<SeriesResult>> PartFolder::finished(const std::string& unit) const {
    const auto file = sound(unit);
    if (!file) return std::nullopt;
    return io::read_result(*file).series;
}

void PartFolder::keep(const std::string& unit, const std::vector<SeriesResult>& results) const {
    Result part;
    part.series = results;
    keep_file(unit, [&](const fs::path& file) { io::write_result(file, part); });
}

std::optional<io::LabelledData> PartFolder::finished_data(const std::string& unit) const {
    const auto file = sound(unit);
    if (!file) return std::nullopt;
    io::MeasuredOptions as_generated;
    as_generated.dense = true;
    std::vector<std::string> said;
    io::LabelledData set = std::move(io::read_measured(*file, as_generated, &said).at(0));
    // What reading has to say is no note of the data set.
    auto& notes = set.data.notes;
    if (notes.size() >= said.size() && std::equal(said.rbegin(), said.rend(), notes.rbegin()))
        notes.resize(notes.size() - said.size());
    return set;
}

void PartFolder::keep_data(const std::string& unit, const io::LabelledData& set) const {
    keep_file(unit, [&](const fs::path& file) { io::write_frames(file, {set}, "", {}); });
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
