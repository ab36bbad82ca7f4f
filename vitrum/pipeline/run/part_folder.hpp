// NAME.part: the folder in which a run keeps finished work until its result is complete.
//   identity      hash of what is being made: another scenario, version or processor class never mixes in
//   UNIT.h5       one finished data set each, complete or absent
//   UNIT.work/    scratch of a worker: logs, restart files
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/io/frames/frames_file.hpp"

namespace vitrum::pipeline {

class PartFolder {
public:
    // Throws InputError if the folder exists and neither `resume` (same identity) nor `force` (discard) is given.
    PartFolder(const std::filesystem::path& output, const std::string& identity, bool resume, bool force);

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
    std::filesystem::path path_;
    std::filesystem::path trajectories_;
};

}  // namespace vitrum::pipeline
