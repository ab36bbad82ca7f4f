// Whether a planned measurement lies where the delivered study `kww` has judged the fit: its grid, the nearest cells,
// and what a stored result says of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "vitrum/validation/plan/plan.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::validation {

struct DomainAxis {
    std::string name;
    double value = not_a_number;         // of the experiment
    double low = 0, high = 0;            // of the study's cells
    [[nodiscard]] bool outside() const;  // more than a factor 2 beyond an end
};

struct NearCell {
    std::string label;
    double distance = 0;              // root of the sum of squared log2 ratios over the axes
    std::vector<std::string> stored;  // "tau: bias -1.2 % of the truth, coverage 0.93"
};

struct Domain {
    std::string study;  // title; "" = not there
    std::vector<DomainAxis> axes;
    std::vector<NearCell> nearest;  // up to three
    std::string result;             // stored result file; "" = none

    [[nodiscard]] bool inside() const;
};

// In cells of plain speckle: tau/T, photons per pixel and frame, contrast, pixels; speckle size is 1 there.
[[nodiscard]] Domain domain_of(const Experiment& experiment, const Study& study);

// Rows of a CSV of measures (columns cell, quantity, measure, truth, value) that speak of the nearest cells. Throws
// InputError if it is no such table.
void quote(Domain& domain, const std::filesystem::path& measures);

// With the study `kww` and its result studies/results/kww.csv or docs/studies/kww.csv, where they are.
[[nodiscard]] Domain delivered_domain(const Experiment& experiment);

}  // namespace vitrum::validation
