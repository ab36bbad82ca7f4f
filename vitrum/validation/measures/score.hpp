// Anyone's estimates, judged: a table with one row for each replicate and method, from any program.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/validation/measures/performance.hpp"

namespace vitrum::validation {

// Columns by name; empty = one of the usual names (estimate, est, theta, b; standard_error, se, stderr; lower; upper;
// method; replicate, rep, dataset, i; truth, true; status), absent if there is none.
struct ScoreOptions {
    std::string estimate, standard_error, lower, upper, method, replicate;
    std::string truth;               // a column, or a number
    std::vector<std::string> group;  // columns; each combination of their values is judged apart
    std::string reference;           // method to compare the others with; empty = none
    double level = 0.95;             // of the intervals
};

struct MethodScore {
    std::string method;
    // Counts come first: a measure speaks of the successes only.
    std::size_t rows = 0;
    std::size_t failed = 0;         // no estimate, or a status other than ok
    std::size_t without_error = 0;  // estimates without standard error or interval
    std::vector<Measure> own;       // on its own successes
    std::vector<Measure> common;    // on the replicates where every method succeeded; empty if no replicate failed
    std::vector<Measure> against_reference;  // precision gain [%] and difference of errors, paired
};

struct GroupScore {
    std::vector<std::pair<std::string, std::string>> group;  // column, value
    std::size_t replicates = 0;
    std::size_t common = 0;  // replicates where every method succeeded
    std::vector<MethodScore> methods;
};

// Groups and methods in the order of their first row. Throws InputError: missing columns, text where a number is
// wanted, a replicate that stands twice, an unknown reference, limits that are crossed, an error that is negative.
[[nodiscard]] std::vector<GroupScore> score(const std::filesystem::path& table, const ScoreOptions& options);

}  // namespace vitrum::validation
