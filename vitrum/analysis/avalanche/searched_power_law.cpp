#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "vitrum/analysis/avalanche/discrete_power_law.hpp"
#include "vitrum/analysis/avalanche/x_min_search.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/parallel.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/core/uniform.hpp"

namespace vitrum::analysis {

namespace {

// Whole numbers k >= k_min with p(k) ~ k^-alpha: from Pareto's law cut to whole numbers, by rejection; exact.
class Counts {
public:
    Counts(double alpha, double k_min) : alpha_(alpha), k_min_(k_min), most_(ratio(k_min)) {}
    double operator()(Stream& stream) const {
        constexpr double largest = 1e15;  // whole numbers are exact
        for (;;) {
            const double k = std::min(largest, std::floor(k_min_ * std::pow(uniform(stream), -1 / (alpha_ - 1))));
            if (uniform(stream) * most_ <= ratio(k)) return k;
        }
    }

private:
    // k^-alpha over the chance of the proposal: falls with k.
    [[nodiscard]] double ratio(double k) const { return 1 / (k * -std::expm1((1 - alpha_) * std::log1p(1 / k))); }

    double alpha_, k_min_, most_;
};

// Sizes as they might have come: the semi-parametric bootstrap.
std::vector<double> redrawn(const std::vector<double>& body, std::size_t n, const XMin& found, double step,
                            Stream& stream) {
    const double share = static_cast<double>(body.size()) / static_cast<double>(n);
    const double unit = step > 0 ? step : 1;
    const Counts counts(found.alpha, std::nearbyint(found.x_min / unit));
    std::vector<double> sizes(n);
    for (double& x : sizes) {
        if (uniform(stream) <= share)
            x = body[std::min(body.size() - 1,
                              static_cast<std::size_t>(uniform(stream) * static_cast<double>(body.size())))];
        else
            x = step > 0 ? counts(stream) * step : found.x_min * std::pow(uniform(stream), -1 / (found.alpha - 1));
    }
    return sizes;
}

// Of sorted values, between them.
double quantile(const std::vector<double>& v, double p) {
    const double place = p * static_cast<double>(v.size() - 1);
    const auto i = std::min(v.size() - 2, static_cast<std::size_t>(place));
    return v[i] + (place - static_cast<double>(i)) * (v[i + 1] - v[i]);
}

}  // namespace

double smallest_of(std::span<const double> sizes) {
    return sizes.empty() ? 1 : *std::min_element(sizes.begin(), sizes.end());
}

SearchedPowerLaw searched_power_law(std::span<const double> sizes, const SearchedOptions& options) {
    if (!(options.level > 0 && options.level < 1))
        throw InputError(fmt::format("level = {}: a level lies between 0 and 1", options.level));
    SearchedPowerLaw out;
    out.found = find_x_min(sizes, options.search);
    out.quality.errors = "no fit";
    if (!std::isfinite(out.found.alpha)) return out;
    out.status = Status::ok;
    out.alpha = out.found.alpha;
    constexpr std::size_t fewest = 50;
    if (options.replicates == 0) return out;
    if (options.replicates < fewest)
        throw InputError(fmt::format("replicates = {}; at least {}, or 0", options.replicates, fewest));

    std::vector<double> body;
    for (const double x : sizes)
        if (x < out.found.x_min * (1 - 1e-12)) body.push_back(x);
    std::vector<XMin> drawn(options.replicates);
    for_each_block(options.replicates, 1, [&](std::size_t r, std::size_t, std::size_t) {
        check_interrupt();
        Stream stream({options.seed, cell_id("analysis/searched_power_law"), 0}, Purpose::bootstrap, r);
        drawn[r] = find_x_min(redrawn(body, sizes.size(), out.found, options.search.step, stream), options.search);
    });
    std::vector<double> logs;
    std::vector<double> places;
    double reached = 0;
    for (const XMin& d : drawn) {
        if (!std::isfinite(d.alpha)) continue;
        if (d.distance >= out.found.distance) ++reached;
        logs.push_back(std::log(d.alpha - 1));
        places.push_back(d.x_min);
    }
    if (logs.size() < fewest) {
        out.status = Status::no_data;
        return out;
    }
    const auto n = static_cast<double>(logs.size());
    std::sort(logs.begin(), logs.end());
    std::sort(places.begin(), places.end());
    const double at = std::log(out.found.alpha - 1);
    const double tail = (1 - options.level) / 2;
    out.alpha = 1 + std::exp(2 * at - mean(logs));
    out.lower = 1 + std::exp(2 * at - quantile(logs, 1 - tail));
    out.upper = 1 + std::exp(2 * at - quantile(logs, tail));
    out.standard_error = (out.alpha - 1) * std::sqrt(sample_variance(logs));
    out.x_min_lower = quantile(places, tail);
    out.x_min_upper = quantile(places, 1 - tail);
    out.quality.chi2 = out.found.distance;
    out.quality.degrees_of_freedom = static_cast<double>(out.found.tail);
    out.quality.errors = "Kolmogorov and Smirnov";
    // None that reaches it says no more than 1 in so many.
    out.quality.p = std::max(reached, 0.5) / n;
    out.status = judged_by(out.quality, options.rejection_level, out.status);
    return out;
}

std::vector<Estimate> searched_power_law(const EventCatalogue& events, SearchedOptions options) {
    double& step = options.search.step;
    step = step_taken(events.size, smallest_of(events.size), options.kind, step);
    options.search.ties = options.ties.value_or(step > 0 ? Ties::up_to : Ties::below);
    const SearchedPowerLaw fit = searched_power_law(events.size, options);
    std::vector<Estimate> rows(2);
    Estimate& e = rows[0];
    Estimate& from = rows[1];
    e.quantity = "power_law_exponent";
    from.quantity = "power_law_x_min";
    from.unit = events.unit;
    e.level = from.level = options.level;
    e.status = from.status = fit.status;
    if (fit.status == Status::no_data && !std::isfinite(fit.found.alpha)) {
        e.note = from.note = fmt::format("of {} sizes none leaves {} or more from it on that are not all equal",
                                         events.events(), options.search.fewest);
        rows.push_back(quality_row("power_law_p", {}, fit.quality));
        return rows;
    }
    e.value = fit.alpha;
    e.standard_error = fit.standard_error;
    e.lower = fit.lower;
    e.upper = fit.upper;
    from.value = fit.found.x_min;
    const std::string unit = events.unit.empty() ? "" : " " + events.unit;
    e.note = fmt::format(
        "{} of {} sizes from x_min = {:.6g}{}, found by the distance {:.4g} among {} candidates; {}maximum likelihood "
        "{:.5g}",
        fit.found.tail, events.events(), fit.found.x_min, unit, fit.found.distance, fit.found.candidates,
        step > 0 ? fmt::format("discrete law in steps of {}; ", step) : "", fit.found.alpha);
    if (options.replicates > 0)
        e.note += fmt::format(", less what searching adds in {} replicates; interval of the whole search",
                              options.replicates);
    from.note = options.replicates == 0
                    ? std::string()
                    : fmt::format("{:g} to {:g} in the middle {:g} % of the replicates, which is no interval",
                                  fit.x_min_lower, fit.x_min_upper, 100 * options.level);
    rows.push_back(quality_row("power_law_p", {}, fit.quality));
    if (std::isfinite(fit.quality.p))
        rows.back().note =
            fmt::format("Kolmogorov and Smirnov's distance {:.4g}, {} replicates with x_min searched in each",
                        fit.found.distance, options.replicates);
    return rows;
}

}  // namespace vitrum::analysis
