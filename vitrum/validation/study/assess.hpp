// From the rows of a study to its tables: counts first, then measures, then verdicts.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "vitrum/validation/bounds/bound.hpp"
#include "vitrum/validation/measures/performance.hpp"
#include "vitrum/validation/measures/verdict.hpp"
#include "vitrum/validation/study/outcomes.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::validation {

struct Counts {
    std::size_t attempted = 0;  // replicates of the cell
    std::size_t missing = 0;    // that gave no row: the source died, or there was nothing to estimate from
    std::array<std::size_t, status_count> by_status{};
    std::size_t accepted = 0;       // as estimates: ok, and at a bound where the study says so
    std::size_t without_error = 0;  // of those

    [[nodiscard]] std::size_t ok() const { return by_status[static_cast<std::size_t>(Status::ok)]; }
    [[nodiscard]] std::size_t failed() const { return attempted - accepted; }
};

// One estimand in one cell.
struct Score {
    std::uint32_t cell = 0;
    std::uint32_t estimand = 0;
    Counts counts;
    bool reference_truth = false;  // computed from the same atoms: no pull, no coverage
    Replicates successes;          // in order of the replicates
    std::vector<Measure> own;      // on its own successes
    Bound bound;                   // of kind none where the model gives none
    std::vector<Measure> common;   // on the replicates where every method succeeded; empty if that are the same
    std::vector<Measure> against_reference;  // precision gain [%] and difference of errors, paired

    // Of `own`; null if there is none.
    [[nodiscard]] const Measure* find(std::string_view measure) const;
    [[nodiscard]] double mean_truth() const;
};

// A perfect estimator with a planted defect, from the study's own errors: it must FAIL, or a verdict on that measure
// there is void.
struct Control {
    std::string defect;
    Verdict verdict;
};

struct Assessment {
    std::vector<Score> scores;      // by cell, then estimand
    std::vector<Verdict> verdicts;  // of confirmatory cells, then of the others without a decision
    std::vector<Control> controls;
    bool is_void = false;  // no control failed: the study sees nothing

    [[nodiscard]] const Score* score(std::uint32_t cell, std::uint32_t estimand) const;
};

// `outcomes` sorted.
[[nodiscard]] Assessment assess(const Study& study, const Outcomes& outcomes);

// The scores of one cell from its first `replicates` replicates.
[[nodiscard]] std::vector<Score> score_cell(const Study& study, const Outcomes& outcomes, std::uint32_t cell,
                                            std::size_t replicates);

// Quantities that the study judges and no replicate gave.
[[nodiscard]] std::vector<std::string> never_given(const Study& study, const Outcomes& outcomes);

// Whether the Monte Carlo errors that the study asks for are reached.
[[nodiscard]] bool precise_enough(const Study& study, const Outcomes& outcomes, std::uint32_t cell,
                                  std::size_t replicates);

}  // namespace vitrum::validation
