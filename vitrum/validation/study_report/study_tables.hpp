// Tables of a study's report, as HTML.
#pragma once

#include <string>

#include "vitrum/validation/study/assess.hpp"
#include "vitrum/validation/study/outcomes.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::validation {

// Counts first: attempted, without an estimate and why, without an error. "" if nothing failed.
[[nodiscard]] std::string counts_table(const Study& study, const Outcomes& outcomes, const Assessment& a);

// Verdicts of the confirmatory cells; with `exploratory` the intervals of the others.
[[nodiscard]] std::string verdict_table(const Study& study, const Outcomes& outcomes, const Assessment& a,
                                        bool exploratory);

// The same at a glance: one table a quantity, one row a cell, one column a method and measure.
[[nodiscard]] std::string verdict_overview(const Study& study, const Outcomes& outcomes, const Assessment& a);

// bias, spread, reported error, coverage, pull: one row a cell and estimand.
[[nodiscard]] std::string measure_table(const Study& study, const Outcomes& outcomes, const Assessment& a);

// Against the reference method, on the same data.
[[nodiscard]] std::string comparison_table(const Study& study, const Outcomes& outcomes, const Assessment& a);

[[nodiscard]] std::string slope_table(const Study& study, const Outcomes& outcomes, const Assessment& a);
[[nodiscard]] std::string breakdown_table(const Study& study, const Outcomes& outcomes, const Assessment& a);
[[nodiscard]] std::string control_table(const Study& study, const Outcomes& outcomes, const Assessment& a);

}  // namespace vitrum::validation
