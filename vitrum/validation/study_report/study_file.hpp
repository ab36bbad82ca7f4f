// A study on disk: the frozen plan, every row of every replicate, and the tables that follow from them.
//
//   /entry/{title, question, study, frozen, deviations, identity}
//   /entry/cells/{label, confirmatory, scenario}      one row a cell; its complete scenario
//   /entry/estimands/{quantity, method, series, ...}
//   /entry/replicates/{cell, replicate, failure}      one row a replicate
//   /entry/rows/{replicate, estimand, status, truth, estimate, standard_error, lower, upper}
//   /entry/counts, measures, verdicts, controls       tables
//   /entry/figures/NAME                               NXdata of every figure of the report
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/validation/study/assess.hpp"
#include "vitrum/validation/study/outcomes.hpp"
#include "vitrum/validation/study/study.hpp"
#include "vitrum/validation/study_report/study_figures.hpp"

namespace vitrum::validation {

// Writes the file with its data hash; the caller renames it into place. Throws RunError.
void write_study(const std::filesystem::path& file, const Study& study, const Outcomes& outcomes,
                 const Assessment& assessment, const std::vector<StudyFigure>& figures);

struct StoredStudy {
    Study study;
    Outcomes outcomes;  // sorted
    std::string identity;
    std::vector<std::pair<std::string, std::string>> provenance;
};

// Throws InputError if the file is no study.
[[nodiscard]] StoredStudy read_study_file(const std::filesystem::path& file);

// Chunks, or a study and chunks of its next stage, as one. Throws InputError: different studies, versions or processor
// classes.
[[nodiscard]] StoredStudy merge_studies(const std::vector<std::filesystem::path>& files);

}  // namespace vitrum::validation
