// What an estimator returns: a value with its error, or a status that says why there is none.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "vitrum/core/estimate/abscissa.hpp"

namespace vitrum {

inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

enum class Status {
    ok,
    at_bound,           // a parameter sits on its bound
    not_converged,      // the fit did not converge: no number
    decay_not_reached,  // tau is longer than the longest lag used
    not_resolved,       // the error is as large as the value, or the decay falls between two lags
    no_data,            // nothing to estimate from
    law_rejected,       // the law does not hold for these points: the number is its best fit, and no measurement
};
// Journals store numbers: new statuses go last.
inline constexpr std::size_t status_count = static_cast<std::size_t>(Status::law_rejected) + 1;

[[nodiscard]] std::string_view name(Status status);
[[nodiscard]] Status status_from(std::string_view name);

struct Estimate {
    std::string quantity;
    std::string unit;
    Abscissa abscissa;
    double value = not_a_number;
    double standard_error = not_a_number;
    double lower = not_a_number;  // interval at `level`
    double upper = not_a_number;
    double level = 0.95;
    Status status = Status::ok;
    std::string note;  // how the error was made, what was assumed
};

// An estimate with its symmetric Student interval; degrees_of_freedom = infinity gives the normal one.
[[nodiscard]] Estimate make_estimate(std::string_view quantity, Abscissa abscissa, double value, double standard_error,
                                     double degrees_of_freedom, Status status, std::string note);

// Half width of the interval that holds this share of a Gaussian of standard deviation 1: 1.96 for 95 %.
[[nodiscard]] double normal_factor(double level);

// Two-sided Student factor at 95 %: 1.96 for many degrees of freedom.
[[nodiscard]] double student_factor(double degrees_of_freedom);

}  // namespace vitrum
