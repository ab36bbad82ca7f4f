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

namespace {

Curve between(const Curve& tau, double low, double high) {
    Curve kept = tau;
    kept.x.clear();
    kept.y.clear();
    kept.y_error.clear();
    for (std::size_t i = 0; i < tau.size(); ++i) {
        if (tau.x[i] < low || tau.x[i] > high) continue;
        kept.x.push_back(tau.x[i]);
        kept.y.push_back(tau.y[i]);
        if (!tau.y_error.empty()) kept.y_error.push_back(tau.y_error[i]);
    }
    return kept;
}

// One line through ln tau at all pressures, and whether it holds.
void add_slope(const Curve& tau, double kt, double level, std::vector<Estimate>& rows) {
    LinePoints points{tau.x, {}, {}, {}, 0};
    for (std::size_t i = 0; i < tau.size(); ++i) {
        points.y.push_back(std::log(tau.y[i]));
        if (!tau.y_error.empty()) points.error.push_back(tau.y_error[i] / tau.y[i]);
    }
    points = usable(points);
    if (!enough(points)) {
        rows.push_back(make_estimate("activation_volume_slope", {}, not_a_number, not_a_number, 1, Status::no_data,
                                     "needs tau with errors at two pressures, or at three without"));
        rows.push_back(quality_row("activation_volume_p", {}, {.errors = "too few tau"}));
        return;
    }
    const Line line = weighted_line(points);
    std::vector<Estimate> slope{
        make_estimate("activation_volume_slope", {}, kt * line.slope, kt * std::sqrt(line.covariance(1, 1)),
                      line.degrees_of_freedom, Status::ok,
                      fmt::format("one line through {} pressures from {:.6g} to {:.6g} GPa; {}", points.x.size(),
                                  *std::min_element(points.x.begin(), points.x.end()),
                                  *std::max_element(points.x.begin(), points.x.end()), line.note))};
    judge_by(line.quality, level, slope);
    rows.push_back(std::move(slope.front()));
    rows.push_back(quality_row("activation_volume_p", {}, line.quality));
    rows.back().note = "one activation volume for all pressures: " + rows.back().note;
}

}  // namespace

std::vector<Estimate> activation_volume(const Curve& all, const ActivationVolumeOptions& options) {
    const Curve tau = between(all, options.low, options.high);
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
    if (tau.size() > 2) add_slope(tau, kt, options.rejection_level, rows);
    return rows;
}

}  // namespace vitrum::analysis
