#include "vitrum/analysis/scattering/relaxation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/dynamics/jackknife.hpp"
#include "vitrum/analysis/fit/curve_fit.hpp"
#include "vitrum/analysis/fit/fit_test.hpp"

namespace vitrum::analysis {

namespace {

enum Parameter { plateau, log_tau, beta };

class SlowDecay final : public CurveLaw {
public:
    [[nodiscard]] std::size_t parameters() const override { return 3; }
    [[nodiscard]] double value(double lag, const double* p, double* gradient) const override {
        const double log_ratio = std::log(lag) - p[log_tau];
        const double exponent = std::exp(p[beta] * log_ratio);
        const double decay = std::exp(-exponent);
        const double slope = decay > 0 ? p[plateau] * decay * exponent : 0;
        gradient[plateau] = decay;
        gradient[log_tau] = slope * p[beta];
        gradient[beta] = -slope * log_ratio;
        return p[plateau] * decay;
    }
};

// First crossing of 1/e, linear in ln t and F; NaN where F stays above, or starts below.
double efold_time(const std::vector<double>& t, const std::vector<double>& y) {
    const double level = std::exp(-1.0);
    for (std::size_t i = 1; i < t.size(); ++i)
        if (y[i] <= level && y[i - 1] > level) {
            if (t[i - 1] <= 0) return t[i] * (1 - level) / (1 - y[i]);
            const double share = (y[i - 1] - level) / (y[i - 1] - y[i]);
            return std::exp(std::log(t[i - 1]) + share * std::log(t[i] / t[i - 1]));
        }
    return not_a_number;
}

Estimate efold(const Curve& curve, const std::string& suffix) {
    Estimate e = read_off(
        curve, "efold_time_" + suffix, [&](const std::vector<double>& y) { return efold_time(curve.x, y); },
        "first lag with F = 1/e, interpolated");
    if (e.status == Status::no_data) {
        const bool above = !curve.y.empty() && curve.y.back() > std::exp(-1.0);
        e.status = above ? Status::decay_not_reached : Status::not_resolved;
        e.note = above ? "F stays above 1/e" : "F is below 1/e at the first lag";
    }
    return e;
}

Abscissa of(const std::string& suffix) {
    const int which = suffix == "self" ? 0 : 1;
    return {{"function", which, static_cast<double>(which), suffix}};
}

}  // namespace

std::vector<Estimate> relaxation(const Curve& curve, const std::string& suffix, const RelaxationOptions& options) {
    const std::array<std::string, 3> names{"plateau_" + suffix, "tau_" + suffix, "stretching_" + suffix};
    double last = options.max_lag;
    for (std::size_t i = 0; i < curve.size(); ++i)
        if (curve.x[i] >= options.min_lag && !(curve.y[i] > options.floor)) {
            last = std::min(last, i > 0 ? curve.x[i - 1] : 0);
            break;
        }
    // Jackknife covariances of few groups are no weights: equal weights, and the covariance carried through.
    const FitPoints points = fit_points(curve, options.min_lag, last, KwwWeights::equal);
    std::vector<Estimate> rows;
    const auto refuse = [&](Status status, const std::string& note) {
        for (const std::string& n : names)
            rows.push_back(make_estimate(n, {}, not_a_number, not_a_number, 1, status, note));
        rows.push_back(efold(curve, suffix));
        rows.push_back(quality_row("relaxation_p", of(suffix), {.errors = note}));
        return rows;
    };
    if (points.size() < 4)
        return refuse(Status::no_data, fmt::format("{} points from {:.3g} s on and above {}: at least 4", points.size(),
                                                   options.min_lag, options.floor));
    const SlowDecay law;
    const std::vector<bool> fixed(3, false);
    const Bounds bounds{{1e-3, std::log(points.front().lag) - 10, 0.1}, {2, std::log(points.back().lag) + 10, 3}};
    std::vector<std::vector<double>> starts;
    double first_low = points.back().lag;
    for (std::size_t i = points.size(); i-- > 0;)
        if (points.points[i].value < points.front().value / std::exp(1.0)) first_low = points.points[i].lag;
    for (const double b : {0.5, 0.8, 1.0, 1.5})
        for (const double stretch : {1.0, 3.0})
            starts.push_back({std::min(1.5, points.front().value), std::log(first_low * stretch), b});
    const Minimum best = best_of_starts(law, points, bounds, fixed, starts);
    if (best.parameters.empty() || !best.converged) return refuse(Status::not_converged, "the fit did not converge");
    const ParameterErrors errors = parameter_errors(law, curve, points, fixed, best.parameters);
    Status status = Status::ok;
    const double tau = std::exp(best.parameters[log_tau]);
    const double log_error = std::sqrt(errors.covariance(log_tau, log_tau));
    const auto at = [&](std::size_t k) {
        return best.parameters[k] <= bounds.lower[k] + 1e-6 || best.parameters[k] >= bounds.upper[k] - 1e-6;
    };
    if (points.back().value > best.parameters[plateau] / std::exp(1.0))
        status = Status::decay_not_reached;
    else if (at(plateau) || at(beta))
        status = Status::at_bound;
    else if (!(log_error <= 1))
        status = Status::not_resolved;
    const FitQuality quality = quality_of_curve_fit(law, curve, points, fixed, best.parameters);
    status = judged_by(quality, options.rejection_level, status);
    const std::string note = fmt::format("{} points from {:.4g} to {:.4g} s; {}; {}", points.size(), points.front().lag,
                                         points.back().lag, errors.note, describe(quality));
    for (const Parameter k : {plateau, log_tau, beta}) {
        const double error = std::sqrt(errors.covariance(k, k));
        const bool time = k == log_tau;
        Estimate e = make_estimate(names.at(k), {}, time ? tau : best.parameters[k], time ? tau * error : error,
                                   errors.degrees_of_freedom, status, note);
        if (time) {  // symmetric in ln tau
            const double half = student_factor(errors.degrees_of_freedom) * error;
            e.lower = tau * std::exp(-half);
            e.upper = tau * std::exp(half);
        }
        rows.push_back(std::move(e));
    }
    rows.push_back(efold(curve, suffix));
    rows.push_back(quality_row("relaxation_p", of(suffix), quality));
    return rows;
}

}  // namespace vitrum::analysis
