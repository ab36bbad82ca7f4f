// A scenario: one question, its sources, and how they are analysed. Read and checked completely before anything runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/sources.hpp"

namespace vitrum::scenarios {

struct Scenario {
    std::filesystem::path file;
    std::string name;
    std::string title;
    std::string question;
    std::uint64_t seed = 1;
    bool takes_long = false;  // full size: hours rather than minutes, or gigabytes
    std::vector<SourcePlan> sources;
    std::string resolved;  // TOML with all defaults: it runs again and gives the same bits
};

// `file` may also be the name of a scenario that comes with Vitrum. Throws InputError.
[[nodiscard]] Scenario read_scenario(const std::filesystem::path& file, const std::vector<std::string>& settings,
                                     std::optional<std::uint64_t> seed);

struct ScenarioFile {
    std::string name;
    std::string title;
    std::filesystem::path path;
    bool takes_long = false;
};
// Scenarios in the source tree or where they are installed.
[[nodiscard]] std::vector<ScenarioFile> known_scenarios();

}  // namespace vitrum::scenarios
