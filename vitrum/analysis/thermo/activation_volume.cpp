#include "vitrum/analysis/thermo/activation_volume.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "vitrum/analysis/fit/weighted_line.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::analysis {

std::vector<Estimate> activation_volume(const Curve& tau, const ActivationVolumeOptions& options) {
    if (!(options.temperature > 0))
        throw InputError(fmt::format("temperature = {} K: a temperature is positive", options.temperature));
    std::vector<std::size_t> order(tau.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return tau.x[a] < tau.x[b]; });
    const double kt = boltzmann_gpa_a3 * options.temperature;
    std::vector<Estimate> rows;
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
        const std::size_t a = order[i];
        const std::size_t b = order[i + 1];
        const double step = tau.x[b] - tau.x[a];
        if (!(step > 0)) throw InputError(fmt::format("two values of tau at the same pressure {} GPa", tau.x[a]));
        const Abscissa at{{"pressure", static_cast<std::int64_t>(i), (tau.x[a] + tau.x[b]) / 2, "GPa"}};
        const double value = kt * std::log(tau.y[b] / tau.y[a]) / step;
        const double error = tau.y_error.empty()
                                 ? not_a_number
                                 : kt / step * std::hypot(tau.y_error[a] / tau.y[a], tau.y_error[b] / tau.y[b]);
        const bool ok = std::isfinite(value);
        rows.push_back(make_estimate(
            "activation_volume", at, ok ? value : not_a_number, ok ? error : not_a_number,
            std::numeric_limits<double>::infinity(), ok ? Status::ok : Status::no_data,
            fmt::format("between {:.6g} and {:.6g} GPa at {:.6g} K", tau.x[a], tau.x[b], options.temperature)));
    }
    if (tau.size() < 3) return rows;
    LinePoints points{tau.x, {}, {}, {}, 0};
    for (std::size_t i = 0; i < tau.size(); ++i) {
        points.y.push_back(std::log(tau.y[i]));
        if (!tau.y_error.empty()) points.error.push_back(tau.y_error[i] / tau.y[i]);
    }
    points = usable(points);
    const FitQuality quality = enough(points) ? weighted_line(points).quality : FitQuality{.errors = "too few tau"};
    rows.push_back(quality_row("activation_volume_p", {}, quality));
    rows.back().note = "one activation volume for all pressures: " + rows.back().note;
    return rows;
}

}  // namespace vitrum::analysis
