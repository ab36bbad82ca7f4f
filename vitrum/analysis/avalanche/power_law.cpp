#include "vitrum/analysis/avalanche/power_law.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <boost/math/special_functions/gamma.hpp>
#include <fmt/format.h>

#include "vitrum/analysis/avalanche/discrete_power_law.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

namespace {

// Quantile of Gamma(n, 1). In double throughout: 1e-13 is far beyond what an interval needs, and ten times as fast.
double gamma_quantile(double n, double p) {
    using Fast = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
    return p < 0.5 ? boost::math::gamma_p_inv(n, p, Fast()) : boost::math::gamma_q_inv(n, 1 - p, Fast());
}

// Quantiles of A^2 (1 + 0.6/n) of n exponential variables about their own mean that are exceeded with probability p;
// 1e6 (n = 300) to 6e6 simulated samples each.
constexpr std::array probabilities{0.9,  0.75,  0.5,    0.25,  0.1,  0.05,   0.025,
                                   0.01, 0.005, 0.0025, 0.001, 5e-4, 2.5e-4, 1e-4};
struct Tabulated {
    double n;
    std::array<double, probabilities.size()> quantile;
};
constexpr std::array null_distribution{Tabulated{5,
                                                 {0.2857, 0.3757, 0.5318, 0.7751, 1.0972, 1.3478, 1.6131, 2.0153,
                                                  2.4117, 2.8543, 3.4639, 3.9453, 4.4483, 5.1440}},
                                       Tabulated{10,
                                                 {0.2675, 0.3585, 0.5138, 0.7567, 1.0839, 1.3431, 1.6162, 2.0097,
                                                  2.3416, 2.7033, 3.2361, 3.6588, 4.1074, 4.7216}},
                                       Tabulated{20,
                                                 {0.2597, 0.3506, 0.5048, 0.7471, 1.0738, 1.3338, 1.6049, 1.9861,
                                                  2.2912, 2.6172, 3.0799, 3.4448, 3.8175, 4.3597}},
                                       Tabulated{50,
                                                 {0.2559, 0.3463, 0.4994, 0.7400, 1.0660, 1.3257, 1.5956, 1.9691,
                                                  2.2658, 2.5665, 2.9748, 3.2982, 3.6328, 4.0936}},
                                       Tabulated{300,
                                                 {0.2537, 0.3438, 0.4961, 0.7345, 1.0564, 1.3217, 1.5891, 1.9605,
                                                  2.2244, 2.5300, 2.8715, 3.1653, 3.4198, 3.8627}}};

// p of the statistic: ln p linear between the quantiles, these linear in 1/n.
double probability_above(double statistic, double n) {
    std::size_t row = 0;
    while (row + 2 < null_distribution.size() && null_distribution.at(row + 1).n < n) ++row;
    const Tabulated& few = null_distribution.at(row);
    const Tabulated& many = null_distribution.at(row + 1);
    const double share = (1 / n - 1 / few.n) / (1 / many.n - 1 / few.n);
    const auto quantile = [&](std::size_t k) {
        return few.quantile.at(k) + share * (many.quantile.at(k) - few.quantile.at(k));
    };
    std::size_t k = 0;
    while (k + 2 < probabilities.size() && quantile(k + 1) < statistic) ++k;
    const double place = (statistic - quantile(k)) / (quantile(k + 1) - quantile(k));
    return std::min(1.0, probabilities.at(k) * std::pow(probabilities.at(k + 1) / probabilities.at(k), place));
}

// `logarithms` of x/x_min and their mean.
FitQuality anderson_darling(std::vector<double> logarithms, double mean) {
    const std::size_t n = logarithms.size();
    FitQuality q;
    q.errors = "fewer than 5 sizes";
    if (n < static_cast<std::size_t>(null_distribution.front().n)) return q;
    std::sort(logarithms.begin(), logarithms.end());
    const auto count = static_cast<double>(n);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        sum += static_cast<double>(2 * i + 1) *
               (std::log(-std::expm1(-logarithms[i] / mean)) - logarithms[n - 1 - i] / mean);
    q.chi2 = (-count - sum / count) * (1 + 0.6 / count);
    q.degrees_of_freedom = count;
    q.errors = "Anderson and Darling";
    // Sizes equal to x_min have no place under a continuous law.
    q.p = std::isfinite(q.chi2) ? probability_above(q.chi2, count) : 0;
    return q;
}

}  // namespace

void expect_size(double size, std::size_t i) {
    if (!(size > 0) || !std::isfinite(size))
        throw InputError(fmt::format("size {} of event {} is not positive and finite", size, i + 1));
}

double step_taken(std::span<const double> sizes, double x_min, SizeKind kind, double given) {
    if (kind == SizeKind::continuous) return 0;
    const double step = given > 0 ? given : step_of(sizes, x_min);
    return kind == SizeKind::discrete && step == 0 ? 1 : step;
}

PowerLawFit fit_power_law(std::span<const double> sizes, const PowerLawOptions& options) {
    if (!(options.x_min > 0) || !std::isfinite(options.x_min))
        throw InputError(fmt::format("x_min = {}: the smallest size is positive and finite", options.x_min));
    if (!(options.level > 0 && options.level < 1))
        throw InputError(fmt::format("level = {}: a level lies between 0 and 1", options.level));
    PowerLawFit fit;
    double sum = 0;
    std::vector<double> logarithms;
    logarithms.reserve(sizes.size());
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const double x = sizes[i];
        expect_size(x, i);
        if (x < options.x_min) {
            ++fit.below;
            continue;
        }
        ++fit.used;
        logarithms.push_back(std::log(x / options.x_min));
        sum += logarithms.back();
    }
    if (fit.used < 3 || !(sum > 0)) {
        fit.status = Status::no_data;
        fit.quality.errors = "no fit";
        return fit;
    }
    const auto n = static_cast<double>(fit.used);
    const double excess = (options.bias_corrected ? n - 1 : n) / sum;
    const double tail = (1 - options.level) / 2;
    fit.alpha = 1 + excess;
    fit.standard_error = excess / std::sqrt(n - 1);
    fit.lower = 1 + gamma_quantile(n, tail) / sum;
    fit.upper = 1 + gamma_quantile(n, 1 - tail) / sum;
    fit.quality = anderson_darling(std::move(logarithms), sum / n);
    fit.status = judged_by(fit.quality, options.rejection_level, fit.status);
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
    rows.push_back(quality_row("power_law_p", {}, fit.quality));
    if (std::isfinite(fit.quality.p)) {
        rows.back().note =
            fmt::format("Anderson and Darling's A^2{} = {:.4g}, n = {}, p = {:.2g}",
                        fit.step > 0 ? " of the counts" : " (1 + 0.6/n)", fit.quality.chi2, fit.used, fit.quality.p);
        rows.front().note += "; " + rows.back().note;
    }
    return rows;
}

std::vector<Estimate> power_law(const EventCatalogue& events, const PowerLawOptions& options) {
    const double step = step_taken(events.size, options.x_min, options.kind, options.step);
    const PowerLawFit fit =
        step > 0 ? fit_discrete_power_law(events.size, step, options) : fit_power_law(events.size, options);
    return estimates_of(fit, options, events.unit);
}

}  // namespace vitrum::analysis
