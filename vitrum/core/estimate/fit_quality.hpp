// Whether a law holds for the points that it was fitted to: chi^2 of the residuals under the errors of the points, and
// the probability of a misfit as large if the law is true. Uniform on (0, 1) under a true law with true errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum {

// A law whose p lies below this is rejected.
inline constexpr double rejection_level = 1e-3;

struct FitQuality {
    double chi2 = not_a_number;  // [1] under the errors, or another statistic that `errors` names
    double degrees_of_freedom = 0;
    double p = not_a_number;  // NaN: the errors are too poor to tell, and `errors` says why
    std::string errors;       // "those of the points", "pixel jackknife, 64 groups", "scatter about the law: no test"

    [[nodiscard]] bool rejected(double level = rejection_level) const { return p < level; }
};

// p of chi^2 with these degrees of freedom under exact Gaussian errors. No test without a degree of freedom.
[[nodiscard]] FitQuality chi_square_quality(double chi2, double degrees_of_freedom, std::string errors);

// The same where the covariance comes from `replicates` - 1 = m degrees of freedom and was not shrunk: Hotelling's T^2,
// T^2 (m - n + 1)/(m n) ~ F(n, m - n + 1) with n = degrees_of_freedom. No test if m < 2 n: too few replicates.
// Source: Anderson, An Introduction to Multivariate Statistical Analysis, 5.2.
[[nodiscard]] FitQuality hotelling_quality(double t2, double degrees_of_freedom, double covariance_freedom,
                                           std::string errors);

// "chi^2 = 415 for 1 degree of freedom, p = 2.9e-92 (errors: those of the points)"; "no test of the law: ..." without
// p.
[[nodiscard]] std::string describe(const FitQuality& quality);

// One of law_quantities(): a p that judges the rows beside it and is no measurement of its own.
[[nodiscard]] bool is_law_p(std::string_view quantity);

// The row of p, `quantity` one of law_quantities(), its note the text above.
[[nodiscard]] Estimate quality_row(std::string_view quantity, Abscissa abscissa, const FitQuality& quality);

// Rows that are `ok` become law_rejected where the law is; every row's note gets the text.
void judge_by(const FitQuality& quality, double level, std::vector<Estimate>& rows);

// One status: `ok` becomes law_rejected where the law is.
[[nodiscard]] Status judged_by(const FitQuality& quality, double level, Status status);

}  // namespace vitrum
