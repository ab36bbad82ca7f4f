#include "vitrum/analysis/relaxation/siegert.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include <boost/math/distributions/students_t.hpp>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

Curve siegert_inversion(const Curve& g2, const SiegertOptions& options) {
    if (!(options.contrast > 0))
        throw InputError(fmt::format("contrast = {}; a contrast is positive", options.contrast));
    Curve f;
    f.name = f.y_name = "|F|";
    f.x_name = g2.x_name;
    f.x_unit = g2.x_unit;
    f.x = g2.x;
    f.weight = g2.weight;
    f.error_method = g2.error_method;
    for (std::size_t i = 0; i < g2.size(); ++i) {
        const double square = (g2.y[i] - options.baseline) / options.contrast;
        const double of_g2 = g2.y_error.empty() ? 0 : g2.y_error[i];
        const double error =
            std::hypot(of_g2, options.baseline_error, square * options.contrast_error) / options.contrast;
        const bool known = square > 0 && square >= 2 * error;
        f.y.push_back(known ? std::sqrt(square) : not_a_number);
        if (!g2.y_error.empty()) f.y_error.push_back(known ? error / (2 * std::sqrt(square)) : not_a_number);
    }
    return f;
}

namespace {

FitQuality excess(const Curve& g2, const SiegertOptions& o) {
    if (g2.y_error.empty()) return {.errors = "no errors of g2"};
    double most = 0;
    std::size_t lags = 0;
    for (std::size_t i = 0; i < g2.size(); ++i) {
        if (!std::isfinite(g2.y[i]) || !(g2.y_error[i] > 0) || !(g2.x[i] > 0)) continue;
        ++lags;
        const double square = (g2.y[i] - o.baseline) / o.contrast;
        const double error = std::hypot(g2.y_error[i], o.baseline_error, square * o.contrast_error) / o.contrast;
        most = std::max({most, -square / error, (square - 1) / error});
    }
    if (lags == 0) return {.errors = "no errors of g2"};
    FitQuality q;
    q.chi2 = most * most;
    q.degrees_of_freedom = 1;
    q.errors = fmt::format("largest excess of |F|^2 below 0 or above 1 among {} lags, {:.3g} errors", lags, most);
    const double one = g2.degrees_of_freedom > 0 && std::isfinite(g2.degrees_of_freedom)
                           ? boost::math::cdf(boost::math::complement(boost::math::students_t(g2.degrees_of_freedom),
                                                                      std::min(most, 1e6)))
                           : 0.5 * std::erfc(most / std::sqrt(2.0));
    q.p = std::min(1.0, 2 * static_cast<double>(lags) * one);
    return q;
}

}  // namespace

std::vector<Estimate> siegert_rows(const Curve& g2, const SiegertOptions& o) {
    const bool amplitude = o.contrast > 0 && o.contrast > o.contrast_error;
    const Curve f = amplitude ? siegert_inversion(g2, o) : Curve{};
    std::vector<Estimate> rows;
    for (std::size_t i = 0; i < g2.size(); ++i) {
        const bool has_error = !g2.y_error.empty();
        Status status = Status::ok;
        std::string note =
            has_error ? fmt::format("{}; contrast {:.4g}, baseline {:.6g}", g2.error_method, o.contrast, o.baseline)
                      : "without errors of g2";
        const auto because = [&](Status what, std::string why) {
            status = what;
            note = std::move(why);
        };
        if (!std::isfinite(g2.y[i]))
            because(Status::no_data, "g2 is not known here");
        else if (!amplitude)
            because(Status::not_resolved,
                    fmt::format("contrast {:.3g} is not above its error {:.3g}", o.contrast, o.contrast_error));
        else if (!(g2.y[i] > o.baseline))
            because(Status::not_resolved, "g2 lies below the baseline: no root");
        else if (!std::isfinite(f.y[i]))
            because(Status::not_resolved, "|F|^2 is below twice its error");
        rows.push_back(make_estimate(
            "field_correlation", {{g2.x_name, static_cast<std::int64_t>(i + 1), g2.x[i], g2.x_unit}},
            status == Status::ok ? f.y[i] : not_a_number,
            status == Status::ok && has_error ? f.y_error[i] : not_a_number, g2.degrees_of_freedom, status, note));
    }
    const FitQuality quality = amplitude ? excess(g2, o) : FitQuality{.errors = "no contrast"};
    if (quality.rejected(o.rejection_level)) judge_by(quality, o.rejection_level, rows);
    rows.push_back(quality_row("siegert_p", {}, quality));
    return rows;
}

}  // namespace vitrum::analysis
