#include "vitrum/analysis/relaxation/kww.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "vitrum/analysis/fit/fit_test.hpp"

namespace vitrum::analysis {

namespace {

enum Parameter { contrast, log_tau, beta, baseline };
using Parameters = std::array<double, 4>;

class KwwLaw final : public CurveLaw {
public:
    [[nodiscard]] std::size_t parameters() const override { return 4; }
    [[nodiscard]] double value(double lag, const double* p, double* gradient) const override {
        const double log_ratio = std::log(lag) - p[log_tau];
        const double exponent = 2 * std::exp(p[beta] * log_ratio);
        const double decay = std::exp(-exponent);
        const double slope = decay > 0 ? p[contrast] * decay * exponent : 0;
        gradient[contrast] = decay;
        gradient[log_tau] = slope * p[beta];
        gradient[beta] = -slope * log_ratio;
        gradient[baseline] = 1;
        return p[baseline] + p[contrast] * decay;
    }
};

// Starting values read off the curve.
Parameters guess(const FitPoints& points, const KwwOptions& options, const Bounds& bounds) {
    const std::size_t tail = std::max<std::size_t>(1, points.size() / 5);
    double level = 0;
    double weight = 0;
    for (std::size_t i = points.size() - tail; i < points.size(); ++i) {
        const double w = points.points[i].root_weight * points.points[i].root_weight;
        level += w * points.points[i].value;
        weight += w;
    }
    level = options.baseline.value_or(level / weight);
    const double amplitude = options.contrast.value_or(std::max(points.front().value - level, 1e-6));
    double tau = points.back().lag;
    for (const auto& point : points.points)
        if (point.value - level < std::exp(-2.0) * amplitude) {
            tau = point.lag;
            break;
        }
    Parameters p{amplitude, std::log(tau), options.beta.value_or(1.0), level};
    for (std::size_t i = 0; i < 4; ++i) p.at(i) = std::clamp(p.at(i), bounds.lower.at(i), bounds.upper.at(i));
    return p;
}

Status judge_fit(const KwwFit& fit, const KwwOptions& options, const FitPoints& points, const Bounds& bounds) {
    const Parameters p{fit.contrast, std::log(fit.tau), fit.beta, fit.baseline};
    // At the second lag used, less than 1 % of the decay is left: nothing of its shape was seen, wherever tau went.
    const double seen = std::exp(-2 * std::pow(points.points[1].lag / fit.tau, fit.beta));
    const double shortest = 1e-6 * (bounds.upper[log_tau] - bounds.lower[log_tau]) + bounds.lower[log_tau];
    if (seen < 0.01 && p[log_tau] < shortest) return Status::not_resolved;
    for (std::size_t i = 0; i < 4; ++i) {
        if ((i == contrast && options.contrast) || (i == beta && options.beta) || (i == baseline && options.baseline))
            continue;
        const double edge = 1e-6 * (bounds.upper.at(i) - bounds.lower.at(i));
        if (p.at(i) < bounds.lower.at(i) + edge || p.at(i) > bounds.upper.at(i) - edge) return Status::at_bound;
    }
    const double error = std::sqrt(fit.covariance(log_tau, log_tau));
    // A floating baseline and tau trade places: noise alone can make a plateau out of a decay that is not over, and
    // such fits come out short in tau. So the decay must be over at the upper end of tau's interval too.
    const double factor = fit.degrees_of_freedom > 0 ? student_factor(fit.degrees_of_freedom) : 1.96;
    const double longest = fit.tau * std::exp(std::isfinite(error) ? factor * error : 0);
    const double left = std::exp(-2 * std::pow(points.back().lag / longest, fit.beta));
    if (options.baseline ? fit.tau > points.back().lag : left > 0.05) return Status::decay_not_reached;
    // Plateaus shorter than that were seen to be made of noise (a scan of 600 s, tau = 571 s, read as 420 s).
    if (!options.baseline && points.back().lag < 2 * fit.tau) return Status::decay_not_reached;
    if (seen < 0.01 || !(error < 1)) return Status::not_resolved;
    return Status::ok;
}

// k of error(contrast) ~ contrast^k: from the errors of this fit moved by one error up and down along its covariance,
// as a profile likelihood would go.
double contrast_error_power(const CurveLaw& law, const Curve& g2, const FitPoints& points,
                            const std::vector<bool>& fixed, const Minimum& best, const Eigen::MatrixXd& covariance) {
    const double error = std::sqrt(covariance(contrast, contrast));
    const double value = best.parameters[contrast];
    if (fixed[contrast] || !(error > 0)) return 0;
    const double step = std::min(error, value / 3);
    const auto error_at = [&](double off) {
        std::vector<double> p = best.parameters;
        for (std::size_t k = 0; k < p.size(); ++k)
            p[k] += off * covariance(static_cast<Eigen::Index>(k), contrast) / (error * error);
        return std::sqrt(parameter_errors(law, g2, points, fixed, p).covariance(contrast, contrast));
    };
    const double power = std::log(error_at(step) / error_at(-step)) / std::log((value + step) / (value - step));
    return std::isfinite(power) ? std::clamp(power, 0.0, 3.0) : 0;
}

// Ends at value^r +- factor error r value^(r - 1), r = 1 - power: where the error is the same on either side. r = 1 is
// linear, 0 symmetric in the logarithm, -1 in 1/value; open above where the lower end of 1/value is beyond 0.
std::pair<double, double> power_interval(double value, double error, double factor, double power) {
    const double r = 1 - power;
    const double relative = factor * error / value;
    const auto end = [&](double side) {
        if (std::abs(r) < 1e-6) return value * std::exp(side * relative);
        const double base = 1 + side * r * relative;
        if (base > 0) return value * std::pow(base, 1 / r);
        return r > 0 ? value * (1 + side * relative) : std::numeric_limits<double>::infinity();
    };
    return {end(-1), end(1)};
}

}  // namespace

double KwwFit::operator()(double lag) const { return baseline + contrast * std::exp(-2 * std::pow(lag / tau, beta)); }

KwwFit fit_kww(const Curve& g2, const KwwOptions& options) {
    KwwFit fit;
    FitPoints points = fit_points(g2, options.min_lag, options.max_lag, options.weights);
    const std::vector<bool> fixed{options.contrast.has_value(), false, options.beta.has_value(),
                                  options.baseline.has_value()};
    const auto free = static_cast<std::size_t>(std::count(fixed.begin(), fixed.end(), false));
    if (points.size() < free + 2) {
        fit.note = fit.quality.errors = fmt::format("{} lags in the range, {} are needed", points.size(), free + 2);
        return fit;
    }
    fit.first_lag = points.front().lag;
    fit.last_lag = points.back().lag;
    fit.points = points.size();
    const KwwLaw law;
    const Bounds bounds{{1e-9, std::log(points.front().lag / 10), 0.1, options.lowest_baseline},
                        {10.0, std::log(points.back().lag * 10), 3.0, 3.0}};
    const Parameters start = guess(points, options, bounds);
    std::vector<std::vector<double>> starts;
    for (const double exponent : {0.6, 1.0, 1.7})
        for (const double stretch : {1.0, 3.0, 1.0 / 3}) {
            auto& p = starts.emplace_back(start.begin(), start.end());
            if (!options.beta) p[beta] = exponent;
            p[log_tau] = std::clamp(start[log_tau] + std::log(stretch), bounds.lower[log_tau], bounds.upper[log_tau]);
        }
    const Minimum best = fit_law(law, g2, points, bounds, fixed, starts);
    if (!best.converged) {
        fit.status = Status::not_converged;
        fit.note = fit.quality.errors = "no start converged within 200 iterations";
        return fit;
    }
    fit.contrast = best.parameters[contrast];
    fit.tau = std::exp(best.parameters[log_tau]);
    fit.beta = best.parameters[beta];
    fit.baseline = best.parameters[baseline];
    const ParameterErrors errors = parameter_errors(law, g2, points, fixed, best.parameters);
    fit.covariance = errors.covariance;
    fit.parameter_factor = errors.factor;
    fit.degrees_of_freedom = errors.degrees_of_freedom;
    fit.note = errors.note;
    fit.contrast_error_power = contrast_error_power(law, g2, points, fixed, best, errors.covariance);
    fit.quality = quality_of_curve_fit(law, g2, points, fixed, best.parameters);
    fit.note += "; " + describe(fit.quality);
    fit.status = judged_by(fit.quality, options.rejection_level, judge_fit(fit, options, points, bounds));
    if (!options.profile || fit.status == Status::at_bound) return fit;
    const double factor = student_factor(fit.degrees_of_freedom);
    for (std::size_t k = 0; k < 4; ++k) {
        const auto i = static_cast<Eigen::Index>(k);
        fit.profile.push_back({not_a_number, not_a_number});
        if (fixed[k] || !(fit.covariance(i, i) > 0)) continue;
        const double rise = factor * factor * fit.covariance(i, i) / errors.naive(i, i);
        fit.profile.back() =
            profile_interval(law, points, bounds, fixed, best, k, rise, factor * std::sqrt(fit.covariance(i, i)));
    }
    return fit;
}

std::vector<Estimate> estimates_of(const KwwFit& fit, const std::string& time_unit) {
    const std::string rate_unit = time_unit == "frames" ? "1/frame" : "1/" + time_unit;
    const double factor = fit.degrees_of_freedom > 0 ? student_factor(fit.degrees_of_freedom) : 1.96;
    const std::string note =
        fit.points == 0 ? fit.note
                        : fmt::format("lags {:.6g} to {:.6g} {}; {}", fit.first_lag, fit.last_lag, time_unit, fit.note);
    std::vector<Estimate> rows;
    const auto add = [&](const char* what, double value, int parameter, double derivative) {
        const double variance = fit.covariance(parameter, parameter);
        // A fixed parameter has no error.
        const double error = variance > 0 ? std::abs(derivative) * std::sqrt(variance) : not_a_number;
        Estimate e = make_estimate(what, {}, value, error, fit.degrees_of_freedom, fit.status, note);
        if (parameter == log_tau) {  // symmetric in ln tau
            e.lower = value * std::exp(-factor * std::sqrt(variance));
            e.upper = value * std::exp(factor * std::sqrt(variance));
        }
        if (parameter == contrast && error > 0)
            std::tie(e.lower, e.upper) = power_interval(value, error, factor, fit.contrast_error_power);
        if (!fit.profile.empty() && error > 0) {
            const ProfileInterval& profile = fit.profile.at(static_cast<std::size_t>(parameter));
            e.note += fmt::format("; profile interval, the linear one is {:.6g} to {:.6g}", e.lower, e.upper);
            e.lower = parameter == log_tau ? std::exp(profile.lower) : profile.lower;
            e.upper = parameter == log_tau ? std::exp(profile.upper) : profile.upper;
            if (what == std::string("rate")) {
                e.lower = std::exp(-profile.upper);
                e.upper = std::exp(-profile.lower);
            }
            if (!std::isfinite(e.lower)) e.note += "; open below: a bound comes first";
            if (!std::isfinite(e.upper)) e.note += "; open above: a bound comes first";
        }
        rows.push_back(std::move(e));
    };
    add("tau", fit.tau, log_tau, fit.tau);
    rows.back().unit = time_unit;
    add("rate", 1 / fit.tau, log_tau, 1 / fit.tau);
    rows.back().unit = rate_unit;
    add("beta", fit.beta, beta, 1);
    add("contrast", fit.contrast, contrast, 1);
    add("baseline", fit.baseline, baseline, 1);
    rows.push_back(quality_row("kww_p", {}, fit.quality));
    return rows;
}

}  // namespace vitrum::analysis
