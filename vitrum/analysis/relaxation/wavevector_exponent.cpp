#include "vitrum/analysis/relaxation/wavevector_exponent.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "vitrum/analysis/fit/weighted_line.hpp"

namespace vitrum::analysis {

std::vector<Estimate> wavevector_exponent(const Curve& tau, double level) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    LinePoints points;
    points.degrees_of_freedom = tau.degrees_of_freedom;
    points.covariance_factor = tau.covariance_factor;
    for (std::size_t i = 0; i < tau.size(); ++i) {
        points.x.push_back(tau.x[i] > 0 ? std::log(tau.x[i]) : not_a_number);
        points.y.push_back(tau.y[i] > 0 ? std::log(tau.y[i]) : not_a_number);
        if (!tau.y_error.empty()) points.error.push_back(tau.y_error[i] / tau.y[i]);
        if (points.covariance_factor.size() > 0) points.covariance_factor.row(static_cast<Eigen::Index>(i)) /= tau.y[i];
    }
    points = usable(points);
    const std::string unit = fmt::format("angstrom^alpha/{}", tau.y_unit.empty() ? "s" : tau.y_unit);
    std::vector<Estimate> rows;
    if (!enough(points)) {
        const std::string why = fmt::format("{} wavevectors with a tau are too few", points.x.size());
        for (const char* what : {"wavevector_exponent", "wavevector_prefactor"})
            rows.push_back(make_estimate(what, {}, not_a_number, not_a_number, infinite, Status::no_data, why));
        rows.back().unit = unit;
        rows.push_back(quality_row("wavevector_p", {}, {.errors = why}));
        return rows;
    }
    const Line line = weighted_line(points);
    const std::string note = fmt::format("{} wavevectors; {}", points.x.size(), line.note);
    rows.push_back(make_estimate("wavevector_exponent", {}, -line.slope, std::sqrt(line.covariance(1, 1)),
                                 line.degrees_of_freedom, Status::ok, note));
    const double c = std::exp(-line.intercept);
    const double error = std::sqrt(line.covariance(0, 0));
    rows.push_back(make_estimate("wavevector_prefactor", {}, c, c * error, line.degrees_of_freedom, Status::ok, note));
    rows.back().unit = unit;
    const double factor = student_factor(line.degrees_of_freedom);
    rows.back().lower = c * std::exp(-factor * error);
    rows.back().upper = c * std::exp(factor * error);
    judge_by(line.quality, level, rows);
    rows.push_back(quality_row("wavevector_p", {}, line.quality));
    return rows;
}

}  // namespace vitrum::analysis
