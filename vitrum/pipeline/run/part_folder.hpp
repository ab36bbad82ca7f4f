// NAME.part: the folder in which a run keeps finished work until its result is complete.
//   identity      hash of what is being made: another scenario, version or processor class never mixes in
//   UNIT.h5       one finished data set each, complete or absent
//   UNIT.sha256   hash of its bytes: a data set that is not what was written is made again
//   UNIT.work/    scratch of a worker: logs, restart files
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/io/frames/frames_file.hpp"

namespace vitrum::pipeline {

class PartFolder {
public:
    // Throws InputError if the folder exists and neither `resume` (same identity) nor `force` (discard) is given, or if
    // it holds what is not ours.
    PartFolder(const std::filesystem::path& output, const std::string& identity, bool resume, bool force);

    // Of a call that ends in an error nothing stays where nothing was finished.
    ~PartFolder();
    PartFolder(const PartFolder&) = delete;
    PartFolder& operator=(const PartFolder&) = delete;

    [[nodiscard]] std::optional<std::vector<SeriesResult>> finished(const std::string& unit) const;
    void keep(const std::string& unit, const std::vector<SeriesResult>& results) const;
    // The same for data sets that are not analysed.
    [[nodiscard]] std::optional<io::LabelledData> finished_data(const std::string& unit) const;
    void keep_data(const std::string& unit, const io::LabelledData& set) const;
    [[nodiscard]] std::filesystem::path scratch(const std::string& unit) const;
    void discard_scratch(const std::string& unit) const;
    // NAME_trajectories of this output: for files that stay beside the result.
    [[nodiscard]] const std::filesystem::path& trajectories() const { return trajectories_; }
    void remove() const;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    // NAME.part of this output.
    [[nodiscard]] static std::filesystem::path of(const std::filesystem::path& output);
    // Whether NAME.part holds unfinished work of this identity.
    [[nodiscard]] static bool matches(const std::filesystem::path& output, const std::string& identity);

private:
    // UNIT.h5, if it is what was written; says so if it is not.
    [[nodiscard]] std::optional<std::filesystem::path> sound(const std::string& unit) const;
    void keep_file(const std::string& unit, const std::function<void(const std::filesystem::path&)>& write) const;
    std::filesystem::path path_;
    std::filesystem::path trajectories_;
    int errors_;  // on their way when the object was made
};

}  // namespace vitrum::pipeline
