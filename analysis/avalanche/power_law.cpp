#include "analysis/avalanche/power_law.hpp"

#include <cmath>

#include <boost/math/special_functions/gamma.hpp>
#include <fmt/format.h>

#include "analysis/avalanche/discrete_power_law.hpp"
#include "core/error.hpp"

namespace vitrum::analysis {

namespace {

// Quantile of Gamma(n, 1). In double throughout: 1e-13 is far beyond what an interval needs, and ten times as fast.
double gamma_quantile(double n, double p) {
    using Fast = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
    return p < 0.5 ? boost::math::gamma_p_inv(n, p, Fast()) : boost::math::gamma_q_inv(n, 1 - p, Fast());
}

}  // namespace

PowerLawFit fit_power_law(std::span<const double> sizes, const PowerLawOptions& options) {
    if (!(options.x_min > 0) || !std::isfinite(options.x_min))
        throw InputError(fmt::format("x_min = {}: the smallest size is positive and finite", options.x_min));
    if (!(options.level > 0 && options.level < 1))
        throw InputError(fmt::format("level = {}: a level lies between 0 and 1", options.level));
    PowerLawFit fit;
    double sum = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const double x = sizes[i];
        if (!(x > 0) || !std::isfinite(x))
            throw InputError(fmt::format("size {} of event {} is not positive and finite", x, i + 1));
        if (x < options.x_min) {
            ++fit.below;
            continue;
        }
        ++fit.used;
        sum += std::log(x / options.x_min);
    }
    if (fit.used < 3 || !(sum > 0)) {
        fit.status = Status::no_data;
        return fit;
    }
    const auto n = static_cast<double>(fit.used);
    const double excess = (options.bias_corrected ? n - 1 : n) / sum;
    const double tail = (1 - options.level) / 2;
    fit.alpha = 1 + excess;
    fit.standard_error = excess / std::sqrt(n - 1);
    fit.lower = 1 + gamma_quantile(n, tail) / sum;
    fit.upper = 1 + gamma_quantile(n, 1 - tail) / sum;
    return fit;
}

std::vector<Estimate> estimates_of(const PowerLawFit& fit, const PowerLawOptions& options, std::string_view unit) {
    std::vector<Estimate> rows(1);
    Estimate& e = rows.front();
    e.quantity = "power_law_exponent";
    e.value = fit.alpha;
    e.standard_error = fit.standard_error;
    e.lower = fit.lower;
    e.upper = fit.upper;
    e.level = options.level;
    e.status = fit.status;
    e.note = fmt::format("{} sizes from x_min = {}{}{}", fit.used, options.x_min, unit.empty() ? "" : " ", unit);
    if (fit.below > 0) e.note += fmt::format(", {} below left out", fit.below);
    if (fit.step > 0 && fit.status != Status::no_data) e.note += fmt::format("; discrete law in steps of {}", fit.step);
    if (fit.status != Status::no_data)
        e.note += fmt::format("; {}; {} interval", options.bias_corrected ? "bias removed" : "maximum likelihood",
                              fit.step > 0 ? "third-order" : "exact");
    else
        e.note += fit.used < 3 ? "; three or more are needed" : "; all equal to x_min";
    return rows;
}

std::vector<Estimate> power_law(const EventCatalogue& events, const PowerLawOptions& options) {
    double step = 0;
    if (options.kind != SizeKind::continuous)
        step = options.step > 0 ? options.step : step_of(events.size, options.x_min);
    if (options.kind == SizeKind::discrete && step == 0) step = 1;
    const PowerLawFit fit =
        step > 0 ? fit_discrete_power_law(events.size, step, options) : fit_power_law(events.size, options);
    return estimates_of(fit, options, events.unit);
}

}  // namespace vitrum::analysis
