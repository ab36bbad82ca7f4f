// What those who take part in a challenge read: README.txt and the table to be filled in.
#pragma once

#include <string>
#include <vector>

#include "vitrum/validation/challenge/challenge_make.hpp"

namespace vitrum::validation {

[[nodiscard]] std::string readme_of(const SealContents& contents, const std::string& hash);
[[nodiscard]] std::string template_of(const SealContents& contents, const std::vector<Asked>& asked);

// A number in title or question that is a true value asked for, or drawn or set for one data set and not for all: the
// first, as it is written there. "" if there is none.
[[nodiscard]] std::string truth_told_by(const SealContents& contents, const std::vector<Asked>& asked);

}  // namespace vitrum::validation
