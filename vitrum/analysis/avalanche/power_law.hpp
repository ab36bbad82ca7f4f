// Exponent of a continuous power law p(x) ~ x^-alpha, x >= x_min, at fixed x_min by maximum likelihood (Clauset,
// Shalizi, Newman 2009, SIAM Rev. 51, 661, eq. 3.1):
//   S = sum ln(x/x_min),   alpha = 1 + n/S,   without bias: alpha = 1 + (n-1)/S
// (alpha_true - 1) S is exactly Gamma(n, 1) distributed, hence, exactly for every n,
//   bias (alpha_true - 1)/(n-1) of the first form, none of the second
//   variance (alpha_true - 1)^2 n^2/((n-1)^2 (n-2)) of the first, (alpha_true - 1)^2/(n-2) of the second
//   limits 1 + G(p)/S, G the quantile of Gamma(n, 1): coverage is `level`
// The standard error is (alpha - 1)/sqrt(n-1) for both: the mean of its square is the variance. The usual
// (alpha - 1)/sqrt(n) is smaller. All of it holds for independent sizes of exactly this law, without upper cut-off.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "vitrum/core/data/event_catalogue.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

// automatic: discrete where the sizes from x_min on are whole multiples of a step that is not small against x_min
// (discrete_power_law.hpp), else continuous. The note of the row says which it was.
enum class SizeKind { automatic, continuous, discrete };

struct PowerLawOptions {
    double x_min = 1;             // smallest size of the law, in the unit of the sizes; smaller ones are left out
    bool bias_corrected = false;  // (n-1)/S instead of n/S
    double level = 0.95;          // of the interval
    SizeKind kind = SizeKind::automatic;
    double step = 0;  // of discrete sizes; 0: found, 1 where kind is discrete and none is found
    double rejection_level = vitrum::rejection_level;  // of the law's p
};

struct PowerLawFit {
    double alpha = not_a_number;
    double standard_error = not_a_number;
    double lower = not_a_number, upper = not_a_number;
    std::size_t used = 0;   // n
    std::size_t below = 0;  // sizes below x_min
    double step = 0;        // of the sizes; 0: continuous
    // no_data: fewer than 3 sizes (the variance is infinite), or all equal to x_min; law_rejected: p below the level
    Status status = Status::ok;
    // Anderson and Darling's A^2 of ln(x/x_min) against the exponential of the same mean, whose null distribution knows
    // no parameter: by simulation, between tables of n = 5 to 300. Discrete sizes: discrete_quality.hpp. Fewer than 5
    // sizes: no test.
    FitQuality quality;
};

// Throws InputError: the size of event `i` (from 0) is not positive and finite.
void expect_size(double size, std::size_t i);

// The step of the law that is taken for these sizes: `given`, or that found from x_min on, or 1 where the kind asks for
// one; 0: the continuous law.
[[nodiscard]] double step_taken(std::span<const double> sizes, double x_min, SizeKind kind, double given);

// The continuous law whatever the kind. Throws InputError: a size that is not positive and finite (which one), x_min
// not positive, level outside (0, 1).
[[nodiscard]] PowerLawFit fit_power_law(std::span<const double> sizes, const PowerLawOptions& options);

// Rows power_law_exponent and power_law_p; the note says how many sizes were used and left out. `unit` is that of the
// sizes.
[[nodiscard]] std::vector<Estimate> estimates_of(const PowerLawFit& fit, const PowerLawOptions& options,
                                                 std::string_view unit);

// By the kind of the options.
[[nodiscard]] std::vector<Estimate> power_law(const EventCatalogue& events, const PowerLawOptions& options);

}  // namespace vitrum::analysis
