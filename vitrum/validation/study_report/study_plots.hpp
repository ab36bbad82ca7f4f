// Figures of a study drawn by gnuplot.
#pragma once

#include "vitrum/report/page/gnuplot.hpp"
#include "vitrum/validation/study_report/study_figures.hpp"

namespace vitrum::validation {

[[nodiscard]] report::Plot plot_of(const StudyFigure& figure);

}  // namespace vitrum::validation
