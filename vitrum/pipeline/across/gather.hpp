// Estimates of several series side by side, as columns.
//
// Different data sets share nothing, so that their rows have no covariance. Rows of one data set do: that of estimates
// made together stands in a curve of their series (y = the quantity, x = `along`, with a covariance factor), as of tau
// in windows of age, and goes with them as columns OF_factor_1, OF_factor_2, ... = F of the covariance F F^T, zero
// between data sets. Where nobody worked it out, as of regions whose fits share a baseline, rows go as independent and
// a remark says so.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/data/columns.hpp"
#include "vitrum/core/truth/result.hpp"

namespace vitrum::pipeline {

struct Gathering {
    std::string of;                                            // quantity
    std::string along;                                         // coordinate
    std::vector<std::string> over{};                           // coordinates that are repetitions
    std::vector<std::pair<std::string, std::string>> where{};  // coordinate, its word or value as text
    std::vector<std::string> sources{};                        // empty: all
};

struct Gathered {
    std::string source;
    Abscissa place;  // of all rows, without `along` and `over`
    Columns
        columns;  // `along`, `of`, its error and its covariance: clean rows alone; a remark counts the others by status
    std::size_t left_out = 0;
};

// One for every source and place, in the order in which they stand in the result.
[[nodiscard]] std::vector<Gathered> gather(const Gathering& what, const Result& result);

// Two sources at the same place: columns group (0 for the first of `sources`, 1 for the second), value, error.
[[nodiscard]] std::vector<Gathered> gather_groups(const Gathering& what, const Result& result);

// Curves of one name of all clean series of each source.
struct GatheredCurves {
    std::string source;
    std::vector<const Curve*> curves;
    bool one_data_set = false;  // two of them come from one: what they share is not known
};
[[nodiscard]] std::vector<GatheredCurves> gather_curves(const Gathering& what, const Result& result);

}  // namespace vitrum::pipeline
