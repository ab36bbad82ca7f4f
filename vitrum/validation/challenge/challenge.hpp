// A challenge: data sets of one scenario under several settings whose truth is sealed, so that groups can compare
// their programs blindly. Read and checked completely before anything is made.
//
//   [challenge]  title, question (both are shown to those who take part), scenario (a name or file; or the tables
//                [source.*] stand in the file itself), quantities (asked for), replicates (of each setting; 10),
//                relative (quantities whose errors are judged in parts of the truth), level (of the intervals; 0.95),
//                most_missing (share of data sets without an estimate above which a method gets no rank; 0.2),
//                form ("frames" or "curves": g2 with errors as CSV), places (pressure and branch of a scan are shown;
//                true), traces (shown; none)
//   [set]        settings of the scenario that hold everywhere
//   [grid]       "source.speckle.tau" = ["10 s", "30 s"]: every combination is a setting;  [[cells]]: further ones
//   [draw]       "source.speckle.tau" = { from = "5 s", to = "80 s", scale = "log" }: drawn for every replicate
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <toml.hpp>

#include "vitrum/core/stream.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::validation {

// Random numbers that choose settings and the order of the data sets: no purpose of vitrum/core/stream.hpp.
inline constexpr Purpose of_challenge{100};

struct DrawnSetting {
    std::string key;
    double from = 0, to = 0;
    std::string unit;  // "" for a plain number
    bool logarithmic = false;

    // The TOML value at u in [0, 1].
    [[nodiscard]] std::string at(double u) const;
};

struct Challenge {
    std::filesystem::path file;
    std::string name, title, question;
    std::size_t replicates = 10;
    double level = 0.95;
    double most_missing = 0.2;
    bool places = true;
    bool curves = false;  // g2 of the frames instead of the frames
    std::vector<std::string> quantities, relative, traces;
    std::vector<Cell> cells;  // label and settings alone
    std::vector<DrawnSetting> draws;
    std::string input;  // TOML: the challenge with its scenario

    // Settings that differ from data set to data set: of the cell, and drawn with `key`.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> settings(std::size_t cell,
                                                                            const StreamKey& key) const;
    [[nodiscard]] pipeline::Scenario scenario(const std::vector<std::pair<std::string, std::string>>& settings) const;

    toml::value tables;                 // of the scenario
    std::vector<std::string> common{};  // KEY=VALUE of [set]
};

// Throws InputError.
[[nodiscard]] Challenge read_challenge(const std::filesystem::path& file);

}  // namespace vitrum::validation
