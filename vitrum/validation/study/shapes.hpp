// How measures change over the grid of a study: along one key while the other settings stay.
#pragma once

#include <string>
#include <vector>

#include "vitrum/validation/study/assess.hpp"
#include "vitrum/validation/study/outcomes.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::validation {

// The same thing estimated by all methods.
struct Family {
    std::string quantity, series;
    Abscissa abscissa;
    std::vector<std::uint32_t> estimands;  // one a method that gave it

    [[nodiscard]] std::string title() const;  // "tau of speckle", "g2 at lag = 10 frames"
    [[nodiscard]] std::string slug() const;   // the same of letters, digits and _
};
[[nodiscard]] std::vector<Family> families_of(const Outcomes& outcomes);

// Keys of the grid whose values are numbers, at least two of them, in the order of the grid.
[[nodiscard]] std::vector<std::string> numeric_axes(const Study& study);

// Cells along `axis` that agree in all else, by rising value. A line has at least two cells.
struct Line {
    std::string elsewhere;  // "mean_count = 0.1": the settings that stay; "" if there are none
    std::vector<std::uint32_t> cells;
    std::vector<double> x;
};
[[nodiscard]] std::vector<Line> lines_along(const Study& study, const std::string& axis);

// Weighted straight line of ln RMSE against ln x, from the Monte Carlo errors: -1/2 is noise, a plateau is systematic.
struct Slope {
    std::uint32_t estimand = 0;
    std::string axis, elsewhere;
    double slope = not_a_number, error = not_a_number;  // error at 1 standard error, scaled up if the line does not fit
    double chi2_per_degree = not_a_number;              // NaN for two points
    std::size_t points = 0;
};
[[nodiscard]] std::vector<Slope> slopes_of(const Study& study, const Outcomes& outcomes, const Assessment& a);

// Along the contamination axis: the first value at which the estimator is outside its margins by more than the Monte
// Carlo error.
struct Breakdown {
    std::uint32_t estimand = 0;
    std::string elsewhere;
    double last_good = not_a_number;  // NaN: none
    double first_bad = not_a_number;  // NaN: it holds at all values
    std::string why;                  // measure that left its margin
};
[[nodiscard]] std::vector<Breakdown> breakdowns_of(const Study& study, const Outcomes& outcomes, const Assessment& a);

// Share of replicates whose interval at each level holds the truth, from (estimate - truth)/standard_error and the
// normal law, less the level; `band`: simultaneous 95 % band of Dvoretzky, Kiefer, Wolfowitz and Massart.
struct Calibration {
    std::vector<double> level, excess;
    double band = 0;
    std::size_t replicates = 0;
};
[[nodiscard]] Calibration calibration_of(const Score& score);

}  // namespace vitrum::validation
