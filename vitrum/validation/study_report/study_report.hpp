// The report of a study: question, counts, verdicts, tables, figures, in one HTML file; each figure's numbers as CSV
// beside it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vitrum/validation/study/assess.hpp"
#include "vitrum/validation/study_report/study_file.hpp"

namespace vitrum::validation {

// Counts and verdicts in some lines, for the terminal.
[[nodiscard]] std::string summary_text(const Study& study, const Outcomes& outcomes, const Assessment& assessment);

// Writes HTML, and NAME_csv/FIGURE.csv beside it; assessment and figures are those of the study. Throws RunError.
void write_study_report(const StoredStudy& study, const Assessment& assessment, const std::vector<StudyFigure>& figures,
                        const std::filesystem::path& html);

}  // namespace vitrum::validation
