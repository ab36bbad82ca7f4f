// Somebody else's program in place of our estimators: from labelled data sets to the result that a study judges. Only
// data and their coordinates are handed over; the truth is joined afterwards.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/data/data_set.hpp"
#include "vitrum/core/truth/labelled.hpp"
#include "vitrum/core/truth/result.hpp"
#include "vitrum/outside/method.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::pipeline {

struct OutsideMethod {
    outside::OutsideMethod how;
    std::string identity;  // SHA-256 of the program, its files and how it is run
};

// Keys: command (needed), files, keep, batch, wall ("60 s"), memory, file, folder, printed (bytes). `folder`: where the
// study stands; words of the command that name files there become full paths. Throws InputError.
// `look`: the program and its files are looked for, and `identity`, if the table has it, must be theirs; else it is
// taken as it stands: whoever reads a result needs no program.
[[nodiscard]] OutsideMethod read_outside(Section& section, const std::string& name, const std::filesystem::path& folder,
                                         bool look);

// One replicate: its data sets and, beside it, what the program answered.
struct OutsideResult {
    Result result;      // series named as ours; what the program owes stands there with the status no_data
    std::string fault;  // "theirs: timed_out: ..."; "" if all is well
};

struct MadeReplicate {
    const Scenario* scenario = nullptr;
    const std::vector<Labelled<DataSet>>* sets = nullptr;
};

// For each replicate, in order. Throws Interrupted, RunError.
[[nodiscard]] std::vector<OutsideResult> outside_results(const outside::OutsideMethod& method,
                                                         const std::vector<MadeReplicate>& made,
                                                         const std::filesystem::path& scratch);

}  // namespace vitrum::pipeline
