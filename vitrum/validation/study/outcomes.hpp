// What the replicates of a study gave: one row for each replicate, method and estimand.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/truth/ground_truth.hpp"
#include "vitrum/core/truth/result.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::validation {

// What is estimated, by which method: the same in every cell and replicate.
struct Estimand {
    std::string method;
    std::string series;  // name of the data set; "" = over several
    std::string quantity;
    std::string unit;
    Abscissa abscissa;
    double level = 0.95;  // of the intervals

    [[nodiscard]] std::string key() const;  // one text; orders and tells apart
};

struct Row {
    std::uint32_t estimand = 0;  // index into Outcomes::estimands
    Status status = Status::ok;
    Origin origin = Origin::closed_form;  // of the truth
    double truth = not_a_number, estimate = not_a_number, standard_error = not_a_number, lower = not_a_number,
           upper = not_a_number;
};

struct ReplicateRows {
    std::uint32_t cell = 0;
    std::uint64_t replicate = 0;
    double seconds = 0;   // of one thread; no part of the result
    std::string failure;  // of the first source that died
    std::vector<Row> rows;

    [[nodiscard]] auto place() const { return std::pair(cell, replicate); }
};

struct Outcomes {
    std::vector<Estimand> estimands;
    std::vector<ReplicateRows> replicates;

    // Index of an estimand, added if it is new.
    std::uint32_t index_of(const Estimand& estimand);
    // Estimands by key, replicates by cell and number, rows by estimand; each replicate once. The same content gives
    // the same order, whoever computed it.
    void sort();

private:
    std::vector<std::pair<std::string, std::uint32_t>> known_;  // sorted
};

// One replicate with its own list of estimands, as observe() makes it.
struct Observed {
    std::vector<Estimand> estimands;
    ReplicateRows rows;  // estimand = index into `estimands`
};

// The judged quantities of the results of all methods, each with its truth.
[[nodiscard]] Observed observe(const Study& study, std::uint32_t cell, std::uint64_t replicate,
                               const std::vector<Result>& results);

}  // namespace vitrum::validation
