// A study: one scenario over a grid of conditions, many replicates, margins fixed beforehand. Read and checked
// completely before anything runs.
//
//   [study]      title, question, scenario (a name or file; or the tables [source.*] stand in the study file itself),
//                seed, replicates (per cell), stage (replicates between two looks), most (replicates at most),
//                confirmatory (list of settings; absent = all cells, [] = none), reference (a method), axes
//   [set]        settings of the scenario that hold in every cell
//   [grid]       "source.speckle.tau" = ["10 s", "30 s"]: every combination is a cell
//   cells        [[cells]]: further cells, each a table of settings, with a `label` if one is wanted
//   [methods.M]  options of [analysis]: every method sees the same data
//   [judge.Q]    quantity Q: margins of its bias, coverage, failures
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/pipeline/run/replicate.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::validation {

struct Margin {
    enum class Of { unit, truth, spread };
    double value = 0;
    Of of = Of::unit;
    // In the quantity's unit.
    [[nodiscard]] double absolute(double truth, double spread) const;
    [[nodiscard]] std::string text(const std::string& unit) const;  // "5 % of the truth"
};

// What is asked of one quantity. A margin that is absent is not judged.
struct Judge {
    std::string quantity;
    std::vector<std::string> series;                    // names of data sets; empty = all
    std::vector<std::size_t> lags;                      // [frames] of quantity g2
    std::optional<Margin> bias;                         // |bias| below it
    std::optional<std::pair<double, double>> coverage;  // of the 95 % intervals
    std::optional<double> failures;                     // share of replicates without an estimate, at most
    // Of a p-value: share of replicates below `threshold` within `rejections`.
    double threshold = 0.05;
    std::optional<std::pair<double, double>> rejections;
    bool at_bound_counts = false;  // a value at its bound, 0 of a width for instance, is an estimate, not a failure
    // A cell is complete when these Monte Carlo errors are reached.
    std::optional<Margin> mcse_bias;
    std::optional<double> mcse_coverage;
};

struct Cell {
    std::vector<std::pair<std::string, std::string>> settings;  // key, TOML value: those in which cells differ
    std::string label;                                          // "tau = 10 s, mean_count = 0.1"
    std::string identity;                                       // all settings in words: the key of its random numbers
    bool confirmatory = true;
    pipeline::Scenario scenario;
    std::vector<pipeline::Method> methods;
};

struct Study {
    std::filesystem::path file;
    std::string name, title, question;
    std::uint64_t seed = 1;
    std::size_t replicates = 200;  // first look
    std::size_t stage = 200;       // replicates from one look to the next
    std::size_t most = 200;
    std::string reference;          // method that others are compared with; "" = none
    std::vector<std::string> axes;  // grid keys with numbers: RMSE against them is given with its slope
    std::string contamination;      // grid key of a growing defect: where the estimator breaks is given
    std::vector<std::string> method_names;
    std::vector<std::pair<std::string, pipeline::OutsideMethod>> outside;  // those that are somebody else's programs
    std::vector<Cell> cells;
    std::vector<Judge> judges;
    std::string input;                    // TOML that runs again: the study with its scenario
    std::string frozen;                   // SHA-256 of that, without what the command line changed
    std::vector<std::string> deviations;  // from the frozen plan, one sentence each

    [[nodiscard]] const Judge* judge(const std::string& quantity) const;
};

struct StudyOverrides {
    std::optional<std::size_t> replicates;
    std::optional<std::uint64_t> seed;
    std::vector<std::string> settings;  // KEY=VALUE of the scenario
};

// `file` may be the name of a study that comes with Vitrum. Throws InputError.
[[nodiscard]] Study read_study(const std::filesystem::path& file, const StudyOverrides& overrides);
// From the text that a study file of results carries.
[[nodiscard]] Study study_from_text(const std::string& text, const std::string& called);

// Throws InputError: the study starts programs of somebody else, and nobody has agreed to that.
void expect_consent(const Study& study);

// As estimated from the sizes of its scenarios, before anything begins: core seconds of one replicate of every cell,
// and the most bytes that one replicate takes.
struct StudyWork {
    double seconds = 0;
    double bytes = 0;
};
[[nodiscard]] StudyWork work_of(const Study& study);

// Version and processor class are part of it: results of two classes never mix.
[[nodiscard]] std::string identity_of(const Study& study);

[[nodiscard]] std::vector<pipeline::ScenarioFile> known_studies();

}  // namespace vitrum::validation
