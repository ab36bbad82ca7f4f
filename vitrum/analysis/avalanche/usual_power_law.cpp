#include "vitrum/analysis/avalanche/usual_power_law.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "vitrum/analysis/avalanche/power_law.hpp"
#include "vitrum/analysis/fit/weighted_line.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

namespace {

void check_positive(const char* what, double value) {
    if (!(value > 0) || !std::isfinite(value))
        throw InputError(fmt::format("{} = {}: it is positive and finite", what, value));
}

// Of the sizes from x_min on.
std::vector<double> logarithms(const std::vector<double>& sizes, double x_min) {
    std::vector<double> out;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        expect_size(sizes[i], i);
        if (sizes[i] >= x_min) out.push_back(std::log(sizes[i] / x_min));
    }
    return out;
}

Estimate none(std::string note) {
    return make_estimate("power_law_exponent", {}, not_a_number, not_a_number, std::numeric_limits<double>::infinity(),
                         Status::no_data, std::move(note));
}

Estimate binned(const std::vector<double>& logarithm, const UsualOptions& o) {
    const double width = std::numbers::ln10 / o.bins_per_decade;
    std::map<double, double> count;
    for (const double t : logarithm) count[std::floor(t / width)] += 1;
    LinePoints points;
    for (const auto& [bin, found] : count) {
        const double middle = (bin + 0.5) * width;
        points.x.push_back(middle);
        points.y.push_back(std::log(found) - middle);  // the width of a bin is proportional to its middle
    }
    if (!enough(points)) return none(fmt::format("{} bins hold sizes; three are needed", count.size()));
    const Line line = weighted_line(points);
    return make_estimate("power_law_exponent", {}, -line.slope, std::sqrt(line.covariance(1, 1)),
                         line.degrees_of_freedom, Status::ok,
                         fmt::format("{} sizes from x_min = {} on in {} bins, {:.4g} a decade; least squares of the "
                                     "logarithms, common practice and biased",
                                     logarithm.size(), o.x_min, count.size(), o.bins_per_decade));
}

Estimate half_step(const std::vector<double>& logarithm, const UsualOptions& o) {
    const auto n = static_cast<double>(logarithm.size());
    double spread = 0;
    for (const double t : logarithm) spread += t;
    if (logarithm.size() < 3 || !(spread > 0))
        return none(fmt::format("{} sizes from x_min = {} on; three that are not all equal to it are needed",
                                logarithm.size(), o.x_min));
    const double excess = n / (spread - n * std::log1p(-0.5 * o.step / o.x_min));
    return make_estimate("power_law_exponent", {}, 1 + excess, excess / std::sqrt(n),
                         std::numeric_limits<double>::infinity(), Status::ok,
                         fmt::format("{} sizes from x_min = {} on; the continuous formula from half a step below, good "
                                     "from six steps on",
                                     logarithm.size(), o.x_min));
}

}  // namespace

std::vector<Estimate> usual_power_law(const EventCatalogue& events, const UsualOptions& options) {
    check_positive("x_min", options.x_min);
    check_positive("bins_per_decade", options.bins_per_decade);
    check_positive("step", options.step);
    if (options.fit == UsualFit::half_step && options.x_min < options.step)
        throw InputError(fmt::format("x_min = {}: at least one step of {}", options.x_min, options.step));
    const std::vector<double> logarithm = logarithms(events.size, options.x_min);
    std::vector<Estimate> rows{options.fit == UsualFit::binned ? binned(logarithm, options)
                                                               : half_step(logarithm, options)};
    FitQuality untested;
    untested.errors = "the common fits test no law";
    rows.push_back(quality_row("power_law_p", {}, untested));
    return rows;
}

}  // namespace vitrum::analysis
