#include "analysis/correlation/siegert.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

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
    return rows;
}

}  // namespace vitrum::analysis
