// A scenario: one question, its sources, and how they are analysed. Read and checked completely before anything runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/pipeline/across/across.hpp"
#include "vitrum/pipeline/scenario/steps.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

struct Scenario {
    std::filesystem::path file;
    std::string name;
    std::string title;
    std::string question;
    std::uint64_t seed = 1;
    bool takes_long = false;  // full size: hours rather than minutes, or gigabytes
    std::vector<SourcePlan> sources;
    std::vector<std::vector<EstimateStep>> steps;  // of each source
    std::vector<AcrossStep> across;
    toml::value estimate = toml::table{};       // the tables [estimate.*] and
    toml::value across_tables = toml::table{};  // [across.*], for methods that change them
    std::string resolved;                       // TOML with all defaults: it runs again and gives the same bits
};

// `file` may also be the name of a scenario that comes with Vitrum. Throws InputError.
[[nodiscard]] Scenario read_scenario(const std::filesystem::path& file, const std::vector<std::string>& settings,
                                     std::optional<std::uint64_t> seed);

// From a parsed file: the tables [scenario], [analysis], [source.*], [estimate.*] and [across.*]. `file` is what
// messages name.
[[nodiscard]] Scenario scenario_from(toml::value root, const std::filesystem::path& file,
                                     const std::vector<std::string>& settings, std::optional<std::uint64_t> seed);

// The file itself, or that of the scenario of this name. Throws InputError.
[[nodiscard]] std::filesystem::path find_scenario(const std::filesystem::path& given);

struct ScenarioFile {
    std::string name;
    std::string title;
    std::filesystem::path path;
    bool takes_long = false;
};
// Scenarios in the source tree or where they are installed.
[[nodiscard]] std::vector<ScenarioFile> known_scenarios();

// The same for other files that come with Vitrum: folders called `name` ($VITRUM_NAME first), the TOML files in them
// with title and `long` from [table], and the one that a user means.
[[nodiscard]] std::vector<std::filesystem::path> data_folders(const std::string& name);
[[nodiscard]] std::vector<ScenarioFile> files_with_title(const std::vector<std::filesystem::path>& folders,
                                                         const std::string& table);
[[nodiscard]] std::filesystem::path find_named(const std::filesystem::path& given, std::vector<ScenarioFile> (*all)(),
                                               const std::string& what);

}  // namespace vitrum::pipeline
