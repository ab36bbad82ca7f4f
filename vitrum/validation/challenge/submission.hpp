// What a program answered in a challenge: a table with dataset, quantity, estimate, standard_error, lower, upper, and
// where they are needed region, method, status. Other columns are left alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/validation/challenge/challenge_make.hpp"

namespace vitrum::validation {

struct Answer {
    double estimate = not_a_number;  // NaN: the program found nothing
    double standard_error = not_a_number;
    double lower = not_a_number, upper = not_a_number;
};

struct Submission {
    std::string method;
    std::vector<std::optional<Answer>> answers;  // one for each asked number; empty: the row is missing
};

// One or more methods from every file: of its column `method`, else called like the file. An estimate that is empty or
// NaN, or whose status is not ok, is a failure. Throws InputError with file and line: an unknown data set, quantity or
// region, a row that stands twice, one limit without the other, crossed limits, a negative error, no number.
[[nodiscard]] std::vector<Submission> read_submissions(const std::vector<std::filesystem::path>& files,
                                                       const SealContents& contents, const std::vector<Asked>& asked);

}  // namespace vitrum::validation
