#include "vitrum/analysis/diffraction/fsdp.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/tools/minima.hpp>
#include <fmt/format.h>

#include "vitrum/analysis/fit/curve_fit.hpp"
#include "vitrum/analysis/structure/curve_error.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array quantities{"fsdp_position", "fsdp_height", "fsdp_width", "fsdp_area"};

struct Range {
    double low, high;
};

// x where the line between points i and i + 1 crosses the level.
double crossing(const Curve& c, std::size_t i, double level) {
    return c.x[i] + (level - c.y[i]) / (c.y[i + 1] - c.y[i]) * (c.x[i + 1] - c.x[i]);
}

std::size_t highest(const Curve& c, const Range& range) {
    std::size_t top = c.size();
    for (std::size_t i = 0; i < c.size(); ++i)
        if (c.x[i] >= range.low && c.x[i] <= range.high && (top == c.size() || c.y[i] > c.y[top])) top = i;
    return top;
}

// Integrals over the part of the peak around `top` above the level: of S, of (S - level), of q (S - level); and its
// ends.
struct Part {
    double low = nan, high = nan, whole = 0, above = 0, moment = 0;
};

Part part_above(const Curve& c, std::size_t top, double level) {
    Part part;
    std::size_t left = top;
    while (left > 0 && c.y[left] > level) --left;
    std::size_t right = top;
    while (right + 1 < c.size() && c.y[right] > level) ++right;
    if (c.y[left] > level || c.y[right] > level) return part;  // a flank is missing
    part.low = crossing(c, left, level);
    part.high = crossing(c, right - 1, level);
    const auto add = [&](double x0, double y0, double x1, double y1) {  // y above the level
        const double h = x1 - x0;
        part.above += h * (y0 + y1) / 2;
        part.moment += h * (x0 * (2 * y0 + y1) + x1 * (y0 + 2 * y1)) / 6;
    };
    double x = part.low;
    double y = 0;
    for (std::size_t i = left + 1; i < right; ++i) {
        add(x, y, c.x[i], c.y[i] - level);
        x = c.x[i];
        y = c.y[i] - level;
    }
    add(x, y, part.high, 0);
    part.whole = part.above + level * (part.high - part.low);
    return part;
}

// Position, height, width, area from the points alone.
std::vector<double> from_points(const Curve& c, const FsdpOptions& o, double fraction, const Range& range) {
    const std::size_t top = highest(c, range);
    std::vector<double> out{nan, nan, nan, nan};
    if (o.method == PeakMethod::parabola) {
        const std::vector<double> found = parabola_top(c, range.low, range.high, 1 - fraction);
        out[0] = found[0];
        out[1] = found[1];
    } else if (top > 0 && top + 1 < c.size()) {
        const Part part = part_above(c, top, (1 - fraction) * c.y[top]);
        out[0] = part.above > 0 ? part.moment / part.above : nan;
        out[1] = std::isfinite(out[0]) ? c.y[top] : nan;
    }
    if (std::isfinite(out[1])) {
        const Part half = part_above(c, top, out[1] / 2);
        out[2] = half.high - half.low;
        if (std::isfinite(out[2])) out[3] = half.whole;
    }
    return out;
}

class Law final : public CurveLaw {
public:
    [[nodiscard]] std::size_t parameters() const override { return 6; }
    [[nodiscard]] double value(double q, const double* p, double* d) const override {
        const double u = (q - p[2] + p[3] / 2) / p[4];
        const double v = (q - p[2] - p[3] / 2) / p[5];
        const double s1 = 1 / (1 + std::exp(-u));
        const double t = 1 / (1 + std::exp(v));  // 1 - s2
        if (d) {
            const double by_u = p[1] * s1 * (1 - s1) * t;
            const double by_v = -p[1] * s1 * t * (1 - t);
            d[0] = 1;
            d[1] = s1 * t;
            d[2] = -by_u / p[4] - by_v / p[5];
            d[3] = by_u / (2 * p[4]) - by_v / (2 * p[5]);
            d[4] = -by_u * u / p[4];
            d[5] = -by_v * v / p[5];
        }
        return p[0] + p[1] * s1 * t;
    }
};

DoubleSigmoid law_of(const std::vector<double>& p) { return {p[0], p[1], p[2], p[3], p[4], p[5]}; }

std::vector<double> numbers(const std::vector<double>& p) {
    const PeakShape s = shape(law_of(p));
    return {s.position, s.height, s.width, s.area};
}

Findings fitted(const Curve& c, const FsdpOptions& o, std::size_t top) {
    const Range window = o.fit_high > 0 ? Range{o.fit_low, o.fit_high} : Range{0.8 * c.x[top], 1.25 * c.x[top]};
    const FitPoints points = fit_points(c, window.low, window.high, KwwWeights::errors);
    const std::string where =
        fmt::format("double sigmoid, points from {:.4g} to {:.4g} 1/angstrom", window.low, window.high);
    Findings result;
    const auto fail = [&](Status status, const std::string& why) {
        for (const char* q : quantities)
            result.estimates.push_back(make_estimate(q, {}, nan, nan, 0, status, where + "; " + why));
        return result;
    };
    if (points.size() < 8) return fail(Status::no_data, fmt::format("{} points for 6 parameters", points.size()));
    double low = std::numeric_limits<double>::infinity();
    for (const FitPoint& p : points.points) low = std::min(low, p.value);
    const double height = c.y[top] - low;
    const double span = window.high - window.low;
    const Bounds bounds{{low - 3 * height, 0, window.low, 0, span * 1e-3, span * 1e-3},
                        {c.y[top], 100 * height, window.high, 2 * span, 2 * span, 2 * span}};
    std::vector<std::vector<double>> starts;
    for (const double w : {0.05, 0.12})
        for (const double base : {0.0, 0.3})
            starts.push_back({low - base * height, 2 * height, c.x[top], 0.2 * span, w * span, w * span});
    const Law law;
    const std::vector<bool> fixed(6, false);
    const Minimum best = best_of_starts(law, points, bounds, fixed, starts);
    if (best.parameters.empty() || !best.converged) return fail(Status::not_converged, "the fit did not converge");
    const ParameterErrors errors = parameter_errors(law, c, points, fixed, best.parameters);
    const std::vector<double> value = numbers(best.parameters);
    std::vector<double> variance(4, 0.0);
    for (Eigen::Index column = 0; column < errors.factor.cols(); ++column) {
        std::vector<double> up = best.parameters;
        std::vector<double> down = best.parameters;
        // A small share of the error, so that widths stay positive.
        constexpr double share = 1e-3;
        for (std::size_t k = 0; k < 6; ++k) {
            const double d = share * errors.factor(static_cast<Eigen::Index>(k), column);
            up[k] += d;
            down[k] -= d;
        }
        const std::vector<double> high = numbers(up);
        const std::vector<double> less = numbers(down);
        for (std::size_t k = 0; k < 4; ++k) variance[k] += std::pow((high[k] - less[k]) / (2 * share), 2);
    }
    for (std::size_t k = 0; k < 4; ++k) {
        const bool inside = value[0] > window.low && value[0] < window.high;
        result.estimates.push_back(make_estimate(quantities[k], {}, inside ? value[k] : nan,
                                                 inside && errors.factor.cols() > 0 ? std::sqrt(variance[k]) : nan,
                                                 errors.degrees_of_freedom, inside ? Status::ok : Status::at_bound,
                                                 where + (errors.note.empty() ? "" : "; " + errors.note)));
    }
    Curve fit = make_curve("fsdp_fit", c.x_name, c.x_unit, "S", "");
    for (const FitPoint& p : points.points) {
        fit.x.push_back(p.lag);
        fit.y.push_back(law.value(p.lag, best.parameters.data(), nullptr));
    }
    result.curves.push_back(std::move(fit));
    return result;
}

}  // namespace

std::string_view name(PeakMethod method) {
    if (method == PeakMethod::parabola) return "parabola";
    return method == PeakMethod::centre_of_mass ? "centre_of_mass" : "double_sigmoid";
}

PeakMethod peak_method_from(std::string_view text) {
    if (text == "parabola") return PeakMethod::parabola;
    if (text == "centre_of_mass") return PeakMethod::centre_of_mass;
    if (text == "double_sigmoid") return PeakMethod::double_sigmoid;
    throw InputError("no peak method '" + std::string(text) + "'; known are parabola, centre_of_mass, double_sigmoid");
}

double DoubleSigmoid::operator()(double q) const {
    const std::array<double, 6> p{y0, a, qc, w1, w2, w3};
    return Law().value(q, p.data(), nullptr);
}

PeakShape shape(const DoubleSigmoid& law) {
    PeakShape s;
    const double reach = law.w1 / 2 + 40 * std::max(law.w2, law.w3);
    const auto above = [&](double q) { return law(q) - law.y0; };
    s.position =
        boost::math::tools::brent_find_minima([&](double q) { return -above(q); }, law.qc - law.w1 / 2 - 5 * law.w2,
                                              law.qc + law.w1 / 2 + 5 * law.w3, 50)
            .first;
    const double top = above(s.position);
    s.height = law.y0 + top;
    const auto half_at = [&](double sign) {
        double near = 0;
        double far = reach;
        for (int i = 0; i < 100; ++i) {
            const double middle = (near + far) / 2;
            (above(s.position + sign * middle) > top / 2 ? near : far) = middle;
        }
        return near;
    };
    s.width = half_at(1) + half_at(-1);
    using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
    s.area = Rule::integrate(above, s.position - reach, s.position, 12, 1e-10) +
             Rule::integrate(above, s.position, s.position + reach, 12, 1e-10);
    return s;
}

Findings fsdp(const Curve& c, const FsdpOptions& o) {
    const double fraction = o.fraction > 0 ? o.fraction : o.method == PeakMethod::parabola ? 0.2 : 0.5;
    if (o.fraction < 0 || !(fraction < 1))
        throw InputError(fmt::format("fraction = {}; the part of a peak lies between 0 and 1", o.fraction));
    for (std::size_t i = 1; i < c.size(); ++i)
        if (!(c.x[i] > c.x[i - 1]))
            throw InputError(fmt::format("'{}': q = {} at point {}; it must increase", c.name, c.x[i], i));
    const Range range = o.search_high > 0 ? Range{o.search_low, o.search_high}
                                          : Range{o.search_low, std::numeric_limits<double>::infinity()};
    const std::size_t top = highest(c, range);
    if (top == c.size())
        throw InputError(fmt::format("'{}' has no point between {} and {} 1/angstrom", c.name, range.low, range.high));
    if (o.method == PeakMethod::double_sigmoid) return fitted(c, o, top);
    const Propagated found = propagate(c, [&](const Curve& curve) { return from_points(curve, o, fraction, range); });
    Findings result;
    for (std::size_t k = 0; k < 4; ++k)
        result.estimates.push_back(make_estimate(
            quantities[k], {}, found.value[k], found.error[k], found.degrees_of_freedom,
            std::isfinite(found.value[k]) ? Status::ok : Status::no_data,
            fmt::format("{}, part above {:.3g} % of the top{}", name(o.method), 100 * (1 - fraction),
                        c.y_error.empty() ? "; no errors of the curve" : "; errors of the curve propagated")));
    return result;
}

}  // namespace vitrum::analysis
