#include "vitrum/core/estimate/estimate.hpp"

#include <array>
#include <cmath>
#include <stdexcept>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <fmt/format.h>

#include "vitrum/core/quantities/quantity.hpp"

namespace vitrum {

namespace {
constexpr std::array<std::string_view, status_count> status_names{
    "ok", "at_bound", "not_converged", "decay_not_reached", "not_resolved", "no_data", "law_rejected"};
}

std::string_view name(Status status) { return status_names.at(static_cast<std::size_t>(status)); }

Status status_from(std::string_view text) {
    for (std::size_t i = 0; i < status_names.size(); ++i)
        if (status_names.at(i) == text) return static_cast<Status>(i);
    throw std::invalid_argument("unknown status " + std::string(text));
}

double normal_factor(double level) { return boost::math::quantile(boost::math::normal(), 0.5 + level / 2); }

double student_factor(double degrees_of_freedom) {
    if (!std::isfinite(degrees_of_freedom)) return normal_factor(0.95);
    return boost::math::quantile(boost::math::students_t(degrees_of_freedom), 0.975);
}

Estimate make_estimate(std::string_view what, Abscissa abscissa, double value, double standard_error,
                       double degrees_of_freedom, Status status, std::string note) {
    Estimate e;
    e.quantity = what;
    e.unit = quantity(what).unit;
    e.abscissa = std::move(abscissa);
    e.value = value;
    e.standard_error = standard_error;
    if (std::isfinite(standard_error) && degrees_of_freedom > 0) {
        const double half = student_factor(degrees_of_freedom) * standard_error;
        e.lower = value - half;
        e.upper = value + half;
    }
    e.status = status;
    e.note = std::move(note);
    return e;
}

}  // namespace vitrum
