// Siegert inversion: |F|(dt) = sqrt((g2(dt) - baseline) / contrast), of a Gaussian (circular) field.
#pragma once

#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct SiegertOptions {
    double baseline = 1;
    double baseline_error = 0;
    double contrast = not_a_number;
    double contrast_error = 0;
    double rejection_level = vitrum::rejection_level;  // of the law's p
};

// x as in g2; y = |F|, NaN where (g2 - baseline)/contrast is below twice its standard error (its root has no meaning
// there) or below 0. Errors to first order, those of g2, baseline and contrast taken as independent:
//   error(F^2)^2 = (error(g2)^2 + error(baseline)^2 + F^4 error(contrast)^2) / contrast^2,   error(F) =
//   error(F^2)/(2F).
// Throws InputError unless contrast > 0.
[[nodiscard]] Curve siegert_inversion(const Curve& g2, const SiegertOptions& options);

// The same as rows field_correlation at abscissa lag, with a status in place of a number: no_data where g2 is not
// known, not_resolved where g2 lies below the baseline, where the square is below twice its error, and everywhere if
// the contrast is not above its own error or not known; law_rejected where the relation cannot hold.
// Last siegert_p: |F|^2 lies between 0 and 1 if baseline and contrast are right. The largest excess of all lags in its
// errors, and Bonferroni's limit of its probability: too large rather than too small.
[[nodiscard]] std::vector<Estimate> siegert_rows(const Curve& g2, const SiegertOptions& options);

}  // namespace vitrum::analysis
