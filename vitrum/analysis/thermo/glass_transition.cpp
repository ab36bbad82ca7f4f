#include "vitrum/analysis/thermo/glass_transition.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "vitrum/analysis/fit/weighted_line.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/least_squares.hpp"
#include "vitrum/core/numerics/minimise.hpp"

namespace vitrum::analysis {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double break_threshold = 9.84;  // Andrews, Econometrica 61 (1993) 821: one parameter, inner 90 %, 5 %
constexpr std::size_t fewest = 6;

LinearFit least_squares(const Eigen::MatrixXd& columns, const LinePoints& points) {
    return fit_linear(columns, Eigen::Map<const Eigen::VectorXd>(points.y.data(), columns.rows()), points.error);
}

LinearFit kink_at(const LinePoints& points, double tg, double width) {
    const auto n = static_cast<Eigen::Index>(points.x.size());
    Eigen::MatrixXd columns(n, 3);
    for (Eigen::Index i = 0; i < n; ++i) {
        const double d = points.x[static_cast<std::size_t>(i)] - tg;
        columns.row(i) << 1, d, std::hypot(d, width);
    }
    return least_squares(columns, points);
}

class KinkFit {
public:
    KinkFit(const LinePoints& points, const GlassTransitionOptions& o) : points_(points), o_(o) {
        std::tie(low_, high_) = std::pair(*std::min_element(points.x.begin(), points.x.end()),
                                          *std::max_element(points.x.begin(), points.x.end()));
        std::set<double> temperatures(points.x.begin(), points.x.end());
        // Two temperatures on each side: else the branch has no slope.
        inner_low_ = *std::next(temperatures.begin(), 1);
        inner_high_ = *std::prev(temperatures.end(), 2);
    }

    [[nodiscard]] double width_at(double t) const {
        if (!o_.free_width) return o_.width;
        return minimise([&](double w) { return kink_at(points_, t, w).chi_square; }, 0, (high_ - low_) / 2, 24);
    }
    [[nodiscard]] double profile(double t) const { return kink_at(points_, t, width_at(t)).chi_square; }

    void run() {
        constexpr int cells = 200;
        tg = minimise([&](double t) { return profile(t); }, inner_low_, inner_high_, o_.free_width ? 60 : cells);
        width = width_at(tg);
        fit = kink_at(points_, tg, width);
        freedom = static_cast<double>(points_.x.size()) - (o_.free_width ? 5 : 4);
        variance = points_.error.empty() ? fit.chi_square / freedom : 1;
        Eigen::MatrixXd line(static_cast<Eigen::Index>(points_.x.size()), 2);
        for (Eigen::Index i = 0; i < line.rows(); ++i) line.row(i) << 1, points_.x[static_cast<std::size_t>(i)] - tg;
        const double drop = least_squares(line, points_).chi_square - fit.chi_square;
        const double factor = points_.error.empty() ? student_factor(freedom) / normal_factor(0.95) : 1;
        kinked = drop > break_threshold * factor * factor * variance;
        rises = fit.parameters(2) > 0;
    }

    // Tg on its profile is a parameter like the others: the least chi^2 of all.
    [[nodiscard]] FitQuality quality() const {
        if (points_.error.empty()) return {.errors = "scatter about the law"};
        return chi_square_quality(fit.chi_square, freedom, "those of the points");
    }

    // The end of the interval beyond tg: where chi^2 has risen by `rise`; NaN if it does not before the window's end.
    [[nodiscard]] double interval_end(double end, double rise) const {
        const double wanted = fit.chi_square + rise;
        constexpr int steps = 400;
        double inside = tg;
        for (int i = 1; i <= steps; ++i) {
            const double t = tg + (end - tg) * i / steps;
            if (profile(t) < wanted) {
                inside = t;
                continue;
            }
            double outside = t;
            for (int k = 0; k < 50; ++k) {
                const double middle = (inside + outside) / 2;
                (profile(middle) < wanted ? inside : outside) = middle;
            }
            return (inside + outside) / 2;
        }
        return not_a_number;
    }
    [[nodiscard]] double lower(double rise) const { return interval_end(inner_low_, rise); }
    [[nodiscard]] double upper(double rise) const { return interval_end(inner_high_, rise); }

    double tg = not_a_number;
    double width = 0;
    LinearFit fit;
    double freedom = 0;
    double variance = 1;
    bool kinked = false;
    bool rises = false;

private:
    const LinePoints& points_;
    const GlassTransitionOptions& o_;
    double low_ = 0, high_ = 0;
    double inner_low_ = 0, inner_high_ = 0;
};

LinePoints within(const LinePoints& points, double low, double high) {
    LinePoints out;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        if (points.x[i] < low || points.x[i] > high) continue;
        out.x.push_back(points.x[i]);
        out.y.push_back(points.y[i]);
        if (!points.error.empty()) out.error.push_back(points.error[i]);
    }
    return out;
}

bool enough_for_kink(const LinePoints& points) {
    return std::set<double>(points.x.begin(), points.x.end()).size() >= fewest;
}

std::string why_not(const KinkFit& kink) {
    if (!kink.kinked) return "the slopes do not differ";
    if (!kink.rises) return "the slope falls with temperature: no glass transition";
    return "the interval reaches the end of the window";
}

// Tg of one window with its interval.
Estimate transition(const KinkFit& kink, const GlassTransitionOptions& o, double low, double high, bool errors_given) {
    const double factor = errors_given ? normal_factor(o.level) : student_factor(kink.freedom);
    const double rise = factor * factor * kink.variance;
    const std::string window = fmt::format("window {:.6g} to {:.6g} K", low, high);
    const double lower = kink.lower(rise);
    const double upper = kink.upper(rise);
    if (!kink.kinked || !kink.rises || !std::isfinite(lower) || !std::isfinite(upper))
        return make_estimate("glass_transition_temperature", {}, not_a_number, not_a_number, infinite,
                             Status::not_resolved, fmt::format("{}: {}", window, why_not(kink)));
    Estimate row = make_estimate("glass_transition_temperature", {}, kink.tg, (upper - lower) / (2 * factor),
                                 errors_given ? infinite : kink.freedom, Status::ok,
                                 fmt::format("{}; profile interval; errors: {}; the choice of the window is not in it",
                                             window, errors_given ? "those of the points" : "scatter about the law"));
    row.status = judged_by(kink.quality(), o.rejection_level, row.status);
    row.note += "; " + describe(kink.quality());
    row.lower = lower;
    row.upper = upper;
    row.level = errors_given ? o.level : 0.95;
    return row;
}

// Slopes and width at fixed Tg and w move with them: their errors from all parameters at once.
void add_parameters(Findings& out, Curve fit, const KinkFit& kink, const LinePoints& points,
                    const GlassTransitionOptions& o) {
    const auto n = static_cast<Eigen::Index>(points.x.size());
    const Eigen::VectorXd& p = kink.fit.parameters;
    Eigen::MatrixXd derivatives(n, o.free_width ? 5 : 4);
    Eigen::VectorXd residuals(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const double d = points.x[k] - kink.tg;
        const double h = std::hypot(d, kink.width);
        derivatives.row(i).head(4) << 1, d, h, -p(1) - (h > 0 ? p(2) * d / h : 0);
        if (o.free_width) derivatives(i, 4) = h > 0 ? p(2) * kink.width / h : 0;
        const double value = p(0) + p(1) * d + p(2) * h;
        residuals(i) = points.y[k] - value;
        fit.x.push_back(points.x[k]);
        fit.y.push_back(value);
    }
    const auto [covariance, freedom, note, unused] = parameter_covariance(points, derivatives, residuals);
    const auto slope = [&](double sign, const char* quantity) {
        const double variance = covariance(1, 1) + covariance(2, 2) + 2 * sign * covariance(1, 2);
        return make_estimate(
            quantity, {}, p(1) + sign * p(2), std::sqrt(variance), freedom,
            judged_by(kink.quality(), o.rejection_level, kink.kinked ? Status::ok : Status::not_resolved), note);
    };
    out.estimates.push_back(slope(-1, "slope_below"));
    out.estimates.push_back(slope(1, "slope_above"));
    for (std::size_t i = 1; i < 3; ++i) out.estimates[i].unit = fit.y_unit.empty() ? "1/K" : fit.y_unit + "/K";
    out.curves.push_back(std::move(fit));
    if (!o.free_width) return;
    const double error = std::sqrt(covariance(4, 4));
    const bool resolved = kink.kinked && std::isfinite(error) && error < kink.width;
    out.estimates.push_back(make_estimate(
        "transition_width", {}, kink.width, error, freedom,
        judged_by(kink.quality(), o.rejection_level, resolved ? Status::ok : Status::not_resolved), note));
}

}  // namespace

Findings glass_transition(const Curve& points, const GlassTransitionOptions& o) {
    if (!(o.width >= 0)) throw InputError(fmt::format("width = {} K; not negative", o.width));
    if (!(o.low < o.high)) throw InputError(fmt::format("the window from {} to {} K is empty", o.low, o.high));
    const LinePoints used = within(usable({points.x, points.y, points.y_error, {}, 0}), o.low, o.high);
    Findings out;
    if (!enough_for_kink(used)) {
        out.estimates.push_back(make_estimate("glass_transition_temperature", {}, not_a_number, not_a_number, infinite,
                                              Status::no_data, fmt::format("fewer than {} temperatures", fewest)));
        out.estimates.push_back(
            quality_row("glass_transition_p", {}, {.errors = fmt::format("fewer than {} temperatures", fewest)}));
        return out;
    }
    KinkFit kink(used, o);
    kink.run();
    const double low = *std::min_element(used.x.begin(), used.x.end());
    const double high = *std::max_element(used.x.begin(), used.x.end());
    out.estimates.push_back(transition(kink, o, low, high, !used.error.empty()));
    add_parameters(out, make_curve("glass_transition_fit", "temperature", "K", points.y_name, points.y_unit), kink,
                   used, o);
    const auto with_quality = [&] {
        out.estimates.push_back(quality_row("glass_transition_p", {}, kink.quality()));
        return std::move(out);
    };
    const Status whole = out.estimates.front().status;
    if ((whole != Status::ok && whole != Status::law_rejected) || !o.windows) return with_quality();
    double smallest = infinite;
    double largest = -infinite;
    int resolved = 0;
    constexpr std::array parts{1.0, 0.75, 0.5};
    for (std::size_t k = 0; k < parts.size() * parts.size(); ++k) {
        const double from = kink.tg - parts[k / parts.size()] * (kink.tg - low);
        const double to = kink.tg + parts[k % parts.size()] * (high - kink.tg);
        const LinePoints part = within(used, from, to);
        const Abscissa at{{"window", static_cast<std::int64_t>(k + 1), static_cast<double>(k + 1), ""}};
        if (!enough_for_kink(part)) {
            out.estimates.push_back(
                make_estimate("glass_transition_temperature", at, not_a_number, not_a_number, infinite, Status::no_data,
                              fmt::format("window {:.6g} to {:.6g} K: fewer than {} temperatures", from, to, fewest)));
            continue;
        }
        KinkFit own(part, o);
        own.run();
        Estimate row = transition(own, o, from, to, !part.error.empty());
        row.abscissa = at;
        if (row.status == Status::ok) {
            smallest = std::min(smallest, row.value);
            largest = std::max(largest, row.value);
            ++resolved;
        }
        out.estimates.push_back(std::move(row));
    }
    const bool known = resolved > 1;
    out.estimates.push_back(
        make_estimate("glass_transition_spread", {}, known ? largest - smallest : not_a_number, not_a_number, infinite,
                      known ? Status::ok : Status::not_resolved,
                      known ? fmt::format("from {:.6g} to {:.6g} K over {} of 9 windows", smallest, largest, resolved)
                            : "fewer than two windows resolve a transition"));
    return with_quality();
}

}  // namespace vitrum::analysis
