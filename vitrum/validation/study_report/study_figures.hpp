// The figures of a study as numbers: the report draws them, the study file and CSV files hold them.
#pragma once

#include <string>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/validation/study/assess.hpp"
#include "vitrum/validation/study/outcomes.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::validation {

struct StudyFigure {
    enum class Kind { points, zip, heat };
    Kind kind = Kind::points;
    std::string name;  // "coverage_tau": letters, digits and _
    std::string title;
    std::string about;    // the estimand: figures of one stand together
    std::string caption;  // one sentence
    bool log_x = false, log_y = false;
    std::vector<Curve> curves;  // points: y(x) with errors; zip: x = rank, y = lower, y_error = upper - lower
    std::vector<std::vector<double>> lower, upper;  // 95 % limits of each curve's points; empty if there are none
    std::vector<double> guides;                     // horizontal lines: a nominal value, margins
};

[[nodiscard]] std::vector<StudyFigure> figures_of(const Study& study, const Outcomes& outcomes, const Assessment& a);

}  // namespace vitrum::validation
