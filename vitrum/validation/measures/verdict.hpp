// Verdicts by equivalence: PASS if the whole 95 % interval of a measure lies within its margin, FAIL if wholly outside,
// else UNDECIDED with the number of replicates that would decide. Over all confirmatory verdicts of a study the level
// is shared out by Holm's method.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "vitrum/validation/measures/performance.hpp"

namespace vitrum::validation {

// withheld: the planted defect was not found there; none: exploratory, no verdict
enum class Decision { pass, fail, undecided, withheld, none };

[[nodiscard]] std::string_view name(Decision decision);

struct Verdict {
    std::uint32_t cell = 0;
    std::uint32_t estimand = 0;
    std::string measure;                             // "bias", "coverage", "failures", "rejections"
    Measure found;                                   // with its 95 % interval
    double low = not_a_number, high = not_a_number;  // the margin
    // One-sided: that the measure lies outside, or inside, its margin.
    double p_outside = 1, p_inside = 1;
    Decision decision = Decision::none;
    double distance = 0;                         // from the nearer end of the margin, in standard errors
    double replicates_to_decide = not_a_number;  // of an undecided one, at most, at the level that Holm begins with
};

// From a measure with a Gaussian error, and from a share k/n by the score test (whose interval is Wilson's).
[[nodiscard]] Verdict judge_mean(const Measure& found, double low, double high);
[[nodiscard]] Verdict judge_share(const Measure& share, double low, double high);

// Sets `decision` of all but the withheld: at 95 % each, or jointly by Holm.
void decide(std::vector<Verdict>& verdicts, bool holm);

}  // namespace vitrum::validation
