#include "analysis/correlation/siegert.hpp"

#include <cmath>

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

}  // namespace vitrum::analysis
