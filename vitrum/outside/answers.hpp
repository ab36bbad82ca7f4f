// What a program answers: answers.csv, one row for each estimate, judged row by row. docs/outside.md describes the
// columns.
//
//   data, replicate         of the manifest
//   quantity                one that Vitrum knows
//   estimate, standard_error, lower, upper    with their unit in the header, estimate [s], or in a column `unit`
//   degrees_of_freedom      of the standard error
//   status, note
//   NAME, NAME_value        any other name is a coordinate: its index, from where the quantity counts, and its value
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/outside/handed.hpp"

namespace vitrum::outside {

// Why a replicate has no estimates. Names and places are stored: new ones go last.
enum class Fault {
    none,
    not_started,        // no such program
    died,               // ended by a signal, or with a status that is not 0
    timed_out,          //
    out_of_memory,      // died, and its last words say so
    printed_too_much,   //
    wrote_too_much,     //
    no_answers,         // no answers.csv, or no row for this replicate
    malformed,          // no table with a header
    missing_column,     //
    unknown_replicate,  //
    unknown_data,       //
    unknown_quantity,   //
    wrong_unit,         // none, or one that is no unit of the quantity
    not_a_number,       // the estimate of a row that claims to have one
    bad_error,          // of the standard error or the interval
    bad_status,         //
    bad_coordinate,     //
    row_twice,          // the same estimate for the second time
};
inline constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::row_twice) + 1;

// "timed_out"
[[nodiscard]] std::string_view name(Fault fault);

struct Answer {
    std::optional<std::size_t> data;  // which of the replicate's data sets, from 0; none = all of them together
    Estimate estimate;                // in the unit of its quantity; its place is that of the data, then the row's own
};

struct ReplicateAnswers {
    Fault fault = Fault::none;
    std::string detail;           // one line: what, and in which line
    std::vector<Answer> answers;  // none where there is a fault: a program that errs in one row is not trusted
};

struct AnswersRead {
    Fault fault = Fault::none;  // of the table as a whole; then there are no replicates
    std::string detail;
    std::vector<ReplicateAnswers> replicates;  // as asked
};

// Reads the answers to `asked`; `batch`: the table has a column `replicate`. A standard error alone gives the 95 %
// interval: estimate -+ the Student factor of `degrees_of_freedom`, or 1.96 (normal) where there are none. A row
// without errors counts for bias, not for coverage. Never throws for what the file holds.
[[nodiscard]] AnswersRead read_answers(const std::filesystem::path& file, std::span<const HandedReplicate> asked,
                                       bool batch);

}  // namespace vitrum::outside
