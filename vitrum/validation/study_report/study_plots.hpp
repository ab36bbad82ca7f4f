// Figures of a study drawn by gnuplot.
#pragma once

#include "report/gnuplot.hpp"
#include "validation/study_figures.hpp"

namespace vitrum::validation {

[[nodiscard]] report::Plot plot_of(const StudyFigure& figure);

}  // namespace vitrum::validation
