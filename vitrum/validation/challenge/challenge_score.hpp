// Opens the seal of a challenge, judges the answers and ranks the methods.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/validation/challenge/challenge_seal.hpp"
#include "vitrum/validation/measures/performance.hpp"
#include "vitrum/validation/measures/ranking.hpp"

namespace vitrum::validation {

struct ChallengeMethod {
    std::string method;
    std::size_t asked = 0;
    std::size_t missing = 0;           // no row
    std::size_t failed = 0;            // a row without an estimate
    std::size_t without_interval = 0;  // estimates without standard error and limits
    std::vector<Measure> own;          // on its own successes
    std::vector<Measure> common;       // where every method succeeded; empty if none failed anywhere
    std::string not_ranked;            // why; "" if it is
    std::string not_ranked_by_interval;
};

// Measures of every method under one setting, on its own successes.
struct SettingScore {
    std::string setting;
    std::size_t asked = 0;
    std::vector<std::vector<Measure>> methods;
};

// Errors in the quantity's unit; relative: estimates, errors and limits divided by the truth, in parts of it.
struct QuantityScore {
    std::string quantity, unit;
    bool relative = false;
    std::size_t asked = 0;
    std::size_t common = 0;  // answered by every method that answered anything
    std::vector<ChallengeMethod> methods;
    Ranking by_squared_error, by_interval_score;  // method = index into methods
    std::vector<SettingScore> settings;           // where there is more than one
};

struct ChallengeScore {
    std::string title, hash;
    double level = 0.95;
    std::size_t data_sets = 0;
    std::vector<QuantityScore> quantities;
};

// Throws InputError, one line: a seal of another challenge or changed, a data file that is missing, changed or of
// another challenge.
[[nodiscard]] SealContents open_challenge(const std::filesystem::path& folder, const std::filesystem::path& seal);

[[nodiscard]] ChallengeScore score_challenge(const std::filesystem::path& folder, const std::filesystem::path& seal,
                                             const std::vector<std::filesystem::path>& submissions);

}  // namespace vitrum::validation
