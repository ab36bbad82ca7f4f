#include "vitrum/analysis/relaxation/ageing_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "vitrum/analysis/fit/weighted_line.hpp"
#include "vitrum/core/numerics/minimise.hpp"

namespace vitrum::analysis {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

LinePoints logarithms(const Curve& tau) {
    LinePoints points;
    points.x = tau.x;
    points.degrees_of_freedom = tau.degrees_of_freedom;
    points.covariance_factor = tau.covariance_factor;
    for (std::size_t i = 0; i < tau.size(); ++i) {
        points.y.push_back(std::log(tau.y[i]));  // NaN where tau <= 0: left out below
        if (!tau.y_error.empty()) points.error.push_back(tau.y_error[i] / tau.y[i]);
        if (points.covariance_factor.size() > 0) points.covariance_factor.row(static_cast<Eigen::Index>(i)) /= tau.y[i];
    }
    return usable(points);
}

LinePoints bent(LinePoints points, double knee) {
    for (double& x : points.x) x = std::min(x, knee);
    return points;
}

double cost(const LinePoints& points, double knee) {
    LinePoints moved = bent(points, knee);
    moved.covariance_factor.resize(0, 0);  // chi^2 is that of the weights; its test is made once, at the knee
    return enough(moved) ? weighted_line(moved).chi_square : infinite;
}

// The knee of least chi-square between the second lowest and second highest age.
double best_knee(const LinePoints& points, double low, double high) {
    constexpr int cells = 200;
    return minimise([&](double knee) { return cost(points, knee); }, low, high, cells);
}

struct Law {
    double log_tau0 = 0, rate = 0, knee = infinite;
    Eigen::Matrix3d covariance = Eigen::Matrix3d::Zero();
    double degrees_of_freedom = 0;
    std::string note;
    FitQuality quality;
    bool at_bound = false;
};

Law fit(const LinePoints& points, bool plateau) {
    Law law;
    if (!plateau) {
        const Line line = weighted_line(points);
        law.log_tau0 = line.intercept;
        law.rate = line.slope;
        law.covariance.topLeftCorner<2, 2>() = line.covariance;
        law.degrees_of_freedom = line.degrees_of_freedom;
        law.note = line.note;
        law.quality = line.quality;
        return law;
    }
    std::vector<double> ages = points.x;
    std::sort(ages.begin(), ages.end());
    const double low = ages[1];
    const double high = ages[ages.size() - 2];
    law.knee = best_knee(points, low, high);
    law.at_bound = law.knee < low + 1e-6 * (high - low) || law.knee > high - 1e-6 * (high - low);
    const Line line = weighted_line(bent(points, law.knee));
    law.log_tau0 = line.intercept;
    law.rate = line.slope;
    const auto n = static_cast<Eigen::Index>(points.x.size());
    Eigen::MatrixXd derivatives(n, 3);
    Eigen::VectorXd residuals(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const double x = std::min(points.x[k], law.knee);
        derivatives.row(i) << 1, x, points.x[k] > law.knee ? law.rate : 0;
        residuals(i) = points.y[k] - law.log_tau0 - law.rate * x;
    }
    ParameterCovariance found = parameter_covariance(points, derivatives, residuals);
    law.covariance = found.matrix;
    law.degrees_of_freedom = found.degrees_of_freedom;
    law.note = std::move(found.note);
    law.quality = std::move(found.quality);
    return law;
}

}  // namespace

std::vector<Estimate> ageing_law(const Curve& tau, const AgeingLawOptions& options) {
    std::vector<Estimate> rows;
    const auto add = [&](const char* what, double value, double error, double freedom, Status status,
                         const std::string& unit, const std::string& note) -> Estimate& {
        rows.push_back(make_estimate(what, {}, value, error, freedom, status, note));
        rows.back().unit = unit;
        return rows.back();
    };
    const std::string rate_unit = tau.x_unit == "frames" ? "1/frame" : "1/" + tau.x_unit;
    const LinePoints points = logarithms(tau);
    if (!enough(points) || (options.plateau && points.x.size() < 5)) {
        const std::string why = fmt::format("{} ages with a clean tau are too few", points.x.size());
        for (const char* what :
             {"ageing_tau0", "ageing_rate", "ageing_tau_star", "ageing_plateau_time", "ageing_plateau"}) {
            if (!options.plateau && std::string_view(what).starts_with("ageing_plateau")) continue;
            const std::string unit = std::string_view(what) == "ageing_rate" ? rate_unit : tau.x_unit;
            add(what, not_a_number, not_a_number, infinite, Status::no_data, unit, why);
        }
        rows.push_back(quality_row("ageing_p", {}, {.errors = why}));
        return rows;
    }
    const Law law = fit(points, options.plateau);
    const std::string note = fmt::format("{} ages; {}", points.x.size(), law.note);
    const double factor = student_factor(law.degrees_of_freedom);
    const Status status = law.at_bound ? Status::at_bound : Status::ok;
    // Symmetric in ln tau.
    const auto add_tau = [&](const char* what, double logarithm, double variance) {
        const double error = std::sqrt(variance);
        Estimate& e = add(what, std::exp(logarithm), std::exp(logarithm) * error, law.degrees_of_freedom, status,
                          tau.y_unit, note);
        e.lower = std::exp(logarithm - factor * error);
        e.upper = std::exp(logarithm + factor * error);
    };
    add_tau("ageing_tau0", law.log_tau0, law.covariance(0, 0));
    const double rate_error = std::sqrt(law.covariance(1, 1));
    add("ageing_rate", law.rate, rate_error, law.degrees_of_freedom, status, rate_unit, note);
    const bool resolved = std::abs(law.rate) > factor * rate_error;
    Estimate& time = add("ageing_tau_star", 1 / law.rate, rate_error / (law.rate * law.rate), law.degrees_of_freedom,
                         status != Status::ok ? status
                         : resolved           ? Status::ok
                                              : Status::not_resolved,
                         tau.x_unit, resolved && law.rate < 0 ? note + "; negative: tau falls with age" : note);
    time.lower = resolved ? 1 / (law.rate + factor * rate_error) : not_a_number;
    time.upper = resolved ? 1 / (law.rate - factor * rate_error) : not_a_number;
    const auto judged = [&] {
        judge_by(law.quality, options.rejection_level, rows);
        rows.push_back(quality_row("ageing_p", {}, law.quality));
        return std::move(rows);
    };
    if (!options.plateau) return judged();
    add("ageing_plateau_time", law.knee, std::sqrt(law.covariance(2, 2)), law.degrees_of_freedom, status, tau.x_unit,
        note);
    const Eigen::Vector3d by(1, law.knee, law.rate);
    add_tau("ageing_plateau", law.log_tau0 + law.rate * law.knee, by.dot(law.covariance * by));
    return judged();
}

}  // namespace vitrum::analysis
