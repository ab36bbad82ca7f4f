#include "vitrum/analysis/relaxation/double_kww.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/fit/fit_test.hpp"

namespace vitrum::analysis {

namespace {

enum Parameter { contrast, log_tau1, beta1, baseline, share, log_ratio, beta2 };
constexpr std::size_t count = 7;

struct Decay {
    double value, by_log_tau, by_beta;
};

// exp(-k (lag/tau)^beta) and its derivatives.
Decay decay_of(double log_lag, double log_tau, double beta, double k) {
    const double x = log_lag - log_tau;
    const double exponent = k * std::exp(beta * x);
    const double value = std::exp(-exponent);
    const double slope = value > 0 ? value * exponent : 0;
    return {value, slope * beta, -slope * x};
}

class DoubleKwwLaw final : public CurveLaw {
public:
    explicit DoubleKwwLaw(TwoDecays form) : form_(form) {}
    [[nodiscard]] std::size_t parameters() const override { return count; }
    [[nodiscard]] double value(double lag, const double* p, double* gradient) const override {
        const double k = form_ == TwoDecays::field ? 1 : 2;
        const Decay fast = decay_of(std::log(lag), p[log_tau1], p[beta1], k);
        const Decay slow = decay_of(std::log(lag), p[log_tau1] + p[log_ratio], p[beta2], k);
        const double w = p[share];
        const double sum = w * fast.value + (1 - w) * slow.value;
        const double part = form_ == TwoDecays::field ? sum * sum : sum;
        const double slope = p[contrast] * (form_ == TwoDecays::field ? 2 * sum : 1);
        gradient[contrast] = part;
        gradient[log_tau1] = slope * (w * fast.by_log_tau + (1 - w) * slow.by_log_tau);
        gradient[beta1] = slope * w * fast.by_beta;
        gradient[baseline] = 1;
        gradient[share] = slope * (fast.value - slow.value);
        gradient[log_ratio] = slope * (1 - w) * slow.by_log_tau;
        gradient[beta2] = slope * (1 - w) * slow.by_beta;
        return p[baseline] + p[contrast] * part;
    }

private:
    TwoDecays form_;
};

double error_of(const ParameterErrors& errors, int k) { return std::sqrt(errors.covariance(k, k)); }

double tau2_error(const ParameterErrors& e) { return (e.factor.row(log_tau1) + e.factor.row(log_ratio)).norm(); }

Status judge(DoubleKwwFit& fit, const std::vector<bool>& fixed, const FitPoints& points, const Bounds& bounds,
             const std::vector<double>& p) {
    const auto say = [&](const std::string& why, Status status) {
        fit.note += "; " + why;
        return status;
    };
    const double w_error = error_of(fit.errors, share);
    if (!(fit.share > 2 * w_error) || !(1 - fit.share > 2 * w_error))
        return say("one decay is enough: the share of the other is within two errors of none", Status::not_resolved);
    for (std::size_t k = 0; k < count; ++k) {
        if (fixed[k]) continue;
        const double edge = 1e-6 * (bounds.upper[k] - bounds.lower[k]);
        if (k == log_ratio && p[k] < bounds.lower[k] + edge)
            return say("the two times are not told apart", Status::not_resolved);
        if (p[k] < bounds.lower[k] + edge || p[k] > bounds.upper[k] - edge) return Status::at_bound;
    }
    if (!(p[log_ratio] - 2 * error_of(fit.errors, log_ratio) > std::log(1.5)))
        return say("the two times are not told apart", Status::not_resolved);
    const double longest = fit.tau2 * std::exp(2 * tau2_error(fit.errors));
    if (std::exp(-2 * std::pow(points.back().lag / longest, fit.beta2)) > 0.05)
        return say("the slow decay is not over at the last lag", Status::decay_not_reached);
    if (std::exp(-2 * std::pow(points.points[1].lag / fit.tau1, fit.beta1)) < 0.01)
        return say("the fast decay is over before the second lag", Status::not_resolved);
    if (!(error_of(fit.errors, log_tau1) < 1) || !(tau2_error(fit.errors) < 1))
        return say("a time is uncertain by more than a factor e", Status::not_resolved);
    return Status::ok;
}

}  // namespace

DoubleKwwFit fit_double_kww(const Curve& g2, const DoubleKwwOptions& options) {
    DoubleKwwFit fit;
    const KwwOptions& o = options.kww;
    FitPoints points = fit_points(g2, o.min_lag, o.max_lag, o.weights);
    const std::vector<bool> fixed{
        o.contrast.has_value(), false, o.beta.has_value(), o.baseline.has_value(), false, false, o.beta.has_value()};
    const auto free = static_cast<std::size_t>(std::count(fixed.begin(), fixed.end(), false));
    if (points.size() < free + 2) {
        fit.note = fit.quality.errors = fmt::format("{} lags in the range, {} are needed", points.size(), free + 2);
        return fit;
    }
    fit.first_lag = points.front().lag;
    fit.last_lag = points.back().lag;
    fit.points = points.size();
    // The curve as one decay says where to start and how large things are.
    const KwwFit single = fit_kww(g2, o);
    if (!std::isfinite(single.tau)) {
        fit.status = single.status;
        fit.note = fit.quality.errors = single.note;
        return fit;
    }
    const double first = std::log(points.front().lag / 10);
    const double last = std::log(points.back().lag * 10);
    const Bounds bounds{{1e-9, first, 0.1, o.lowest_baseline, 0, std::log(1.05), 0.1},
                        {10, last, 3, 3, 1, std::max(1.0, last - first), 3}};
    const DoubleKwwLaw law(options.form);
    std::vector<std::vector<double>> starts;
    for (const double w : {0.3, 0.7})
        for (const double ratio : {4.0, 30.0, 200.0})
            for (const double exponent : {1.0, 1.7}) {
                const double beta = o.beta.value_or(exponent);
                auto& p = starts.emplace_back(count);
                p[contrast] = single.contrast;
                p[log_tau1] = std::clamp(std::log(single.tau) - 0.5 * std::log(ratio), first, last);
                p[beta1] = p[beta2] = beta;
                p[baseline] = single.baseline;
                p[share] = w;
                p[log_ratio] = std::log(ratio);
            }
    const Minimum best = fit_law(law, g2, points, bounds, fixed, starts);
    if (!best.converged) {
        fit.status = Status::not_converged;
        fit.note = fit.quality.errors = "no start converged within 200 iterations";
        return fit;
    }
    const auto& p = best.parameters;
    fit.contrast = p[contrast];
    fit.share = p[share];
    fit.baseline = p[baseline];
    fit.tau1 = std::exp(p[log_tau1]);
    fit.tau2 = std::exp(p[log_tau1] + p[log_ratio]);
    fit.beta1 = p[beta1];
    fit.beta2 = p[beta2];
    fit.errors = parameter_errors(law, g2, points, fixed, p);
    fit.note = fmt::format("{} form; {}", options.form == TwoDecays::field ? "field" : "intensity", fit.errors.note);
    fit.quality = quality_of_curve_fit(law, g2, points, fixed, p);
    fit.note += "; " + describe(fit.quality);
    fit.status = judged_by(fit.quality, o.rejection_level, judge(fit, fixed, points, bounds, p));
    return fit;
}

std::vector<Estimate> estimates_of(const DoubleKwwFit& fit, const std::string& time_unit) {
    std::vector<Estimate> rows;
    const bool known = fit.errors.covariance.size() > 0;
    const double freedom = fit.errors.degrees_of_freedom;
    const std::string note =
        fit.points == 0 ? fit.note
                        : fmt::format("lags {:.6g} to {:.6g} {}; {}", fit.first_lag, fit.last_lag, time_unit, fit.note);
    const auto add = [&](const char* what, double value, double error, bool is_time) {
        const double given = error > 0 ? error : not_a_number;
        rows.push_back(make_estimate(what, {}, value, is_time ? value * given : given, freedom, fit.status, note));
        if (!is_time) return;
        rows.back().unit = time_unit;
        if (freedom > 0 && std::isfinite(given)) {  // symmetric in ln tau
            const double factor = student_factor(freedom);
            rows.back().lower = value * std::exp(-factor * given);
            rows.back().upper = value * std::exp(factor * given);
        }
    };
    const auto error = [&](int k) { return known ? error_of(fit.errors, k) : not_a_number; };
    add("tau_fast", fit.tau1, error(log_tau1), true);
    add("tau_slow", fit.tau2, known ? tau2_error(fit.errors) : not_a_number, true);
    add("beta_fast", fit.beta1, error(beta1), false);
    add("beta_slow", fit.beta2, error(beta2), false);
    add("fast_share", fit.share, error(share), false);
    add("contrast", fit.contrast, error(contrast), false);
    add("baseline", fit.baseline, error(baseline), false);
    rows.push_back(quality_row("double_kww_p", {}, fit.quality));
    return rows;
}

}  // namespace vitrum::analysis
