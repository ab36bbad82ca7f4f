#include "vitrum/analysis/thermo/crossover_pressure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "vitrum/analysis/fit/curve_fit.hpp"
#include "vitrum/analysis/fit/fit_test.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t points_of_law = 5;

// ln tau against pressure, sorted, with errors.
Curve log_tau(const Curve& tau) {
    std::vector<std::size_t> order(tau.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return tau.x[a] < tau.x[b]; });
    Curve curve = make_curve("log_tau", "pressure", "GPa", "ln tau", "");
    for (const std::size_t i : order) {
        if (!(tau.y[i] > 0) || !std::isfinite(tau.y[i]) || i >= tau.y_error.size() || !(tau.y_error[i] > 0) ||
            !std::isfinite(tau.y_error[i]))
            continue;
        if (curve.size() > 0 && !(tau.x[i] > curve.x.back()))
            throw InputError(fmt::format("two values of tau at the same pressure {} GPa", tau.x[i]));
        curve.x.push_back(tau.x[i]);
        curve.y.push_back(std::log(tau.y[i]));
        curve.y_error.push_back(tau.y_error[i] / tau.y[i]);
    }
    return curve;
}

// Parameters a, v, w, P_x.
class TwoWells : public CurveLaw {
public:
    [[nodiscard]] std::size_t parameters() const override { return 4; }
    [[nodiscard]] double value(double pressure, const double* p, double* gradient) const override {
        const double x = pressure - p[3];
        const double u = std::abs(p[2] * x);
        const double slope = std::tanh(p[2] * x);
        if (gradient) {
            gradient[0] = 1;
            gradient[1] = pressure;
            gradient[2] = -slope * x;
            gradient[3] = slope * p[2];
        }
        return p[0] + p[1] * pressure - (u + std::log1p(std::exp(-2 * u)) - std::log(2.0));
    }
};

double maximum(const double* p) { return p[3] + std::atanh(p[1] / p[2]) / p[2]; }

struct Judged {
    Estimate row;
    FitQuality quality;
};

Judged judged(Estimate row, FitQuality quality, double level) {
    row.status = judged_by(quality, level, row.status);
    row.note += (row.note.empty() ? "" : "; ") + describe(quality);
    return {std::move(row), std::move(quality)};
}

Judged untested(Estimate row) {
    const std::string why = row.note.empty() ? std::string(name(row.status)) : row.note;
    return {std::move(row), {.errors = why}};
}

Judged by_law(Curve curve, double level) {
    const auto row = [](double value, double error, Status status, std::string note) {
        return make_estimate("crossover_pressure", {}, value, error, infinite, status, std::move(note));
    };
    if (curve.size() < points_of_law)
        return untested(row(not_a_number, not_a_number, Status::no_data,
                            fmt::format("{} pressures with tau; the law needs {}", curve.size(), points_of_law)));
    // The fit takes points at positive places only: pressures are counted from one range below the lowest.
    const double range = curve.x.back() - curve.x.front();
    const double shift = range - curve.x.front();
    for (double& x : curve.x) x += shift;
    const double low = curve.x.front();
    const double high = curve.x.back();
    const auto top = static_cast<std::size_t>(std::max_element(curve.y.begin(), curve.y.end()) - curve.y.begin());
    const FitPoints points = fit_points(curve, -infinite, infinite, KwwWeights::errors);
    const Bounds bounds{{-1e4, -1e3 / range, 1e-3 / range, low - range}, {1e4, 1e3 / range, 1e3 / range, high + range}};
    std::vector<std::vector<double>> starts;
    for (const double steepness : {1.0, 4.0, 16.0})
        for (const double aside : {-0.15, 0.0, 0.15})
            starts.push_back({curve.y[top], 0, steepness / range,
                              std::clamp(curve.x[top] + aside * range, low - range, high + range)});
    const TwoWells law;
    const Minimum found = best_of_starts(law, points, bounds, std::vector<bool>(4, false), starts);
    if (found.parameters.empty() || !found.converged)
        return untested(row(not_a_number, not_a_number, Status::not_converged, ""));
    const double* p = found.parameters.data();
    if (!(std::abs(p[1]) < p[2]))
        return untested(row(not_a_number, not_a_number, Status::no_data, "tau has no maximum"));
    const double at = maximum(p);
    // Gradient of the maximum by the parameters, by central differences.
    Eigen::Vector4d gradient;
    for (Eigen::Index k = 0; k < 4; ++k) {
        std::array<double, 4> up{p[0], p[1], p[2], p[3]};
        std::array<double, 4> down = up;
        const double step = 1e-6 * std::max(1e-3, std::abs(p[k]));
        up[static_cast<std::size_t>(k)] += step;
        down[static_cast<std::size_t>(k)] -= step;
        gradient[k] = (maximum(up.data()) - maximum(down.data())) / (2 * step);
    }
    const ParameterErrors errors = parameter_errors(law, curve, points, std::vector<bool>(4, false), found.parameters);
    const double error = std::sqrt(gradient.dot(errors.covariance * gradient));
    Status status = Status::ok;
    if (at < low || at > high) status = Status::at_bound;
    if (!(error < range / 2)) status = Status::not_resolved;
    return judged(row(at - shift, error, status, fmt::format("law of two wells through {} pressures", curve.size())),
                  quality_of_curve_fit(law, curve, points, std::vector<bool>(4, false), found.parameters), level);
}

// Vertex of the parabola through three points.
double vertex(const std::array<double, 3>& x, const std::array<double, 3>& y) {
    const double d1 = (y[1] - y[0]) / (x[1] - x[0]);
    const double d2 = (y[2] - y[1]) / (x[2] - x[1]);
    const double curvature = (d2 - d1) / (x[2] - x[0]);
    return (x[0] + x[1]) / 2 - d1 / (2 * curvature);
}

// Place of the largest value between low and high of the cubic through four points from `first` on.
double cubic_top(const Curve& curve, std::size_t first, double low, double high) {
    const auto value = [&](double at) {
        double sum = 0;
        for (std::size_t i = first; i < first + 4; ++i) {
            double term = curve.y[i];
            for (std::size_t j = first; j < first + 4; ++j)
                if (j != i) term *= (at - curve.x[j]) / (curve.x[i] - curve.x[j]);
            sum += term;
        }
        return sum;
    };
    constexpr int cells = 1000;
    double best = low;
    for (int k = 1; k <= cells; ++k)
        if (const double at = low + (high - low) * k / cells; value(at) > value(best)) best = at;
    return best;
}

// How far the top would move if another tau, less than two errors shorter, were the longest.
double choice_of_top(const Curve& curve, std::size_t top, double at) {
    double most = 0;
    for (std::size_t i = 0; i < curve.size(); ++i) {
        const double below = curve.y[top] - curve.y[i];
        if (i == top || !(below < 2 * std::hypot(curve.y_error[top], curve.y_error[i]))) continue;
        double other = curve.x[i];
        if (i > 0 && i + 1 < curve.size()) {
            const std::array x{curve.x[i - 1], curve.x[i], curve.x[i + 1]};
            const std::array y{curve.y[i - 1], curve.y[i], curve.y[i + 1]};
            if ((y[1] - y[0]) / (x[1] - x[0]) > (y[2] - y[1]) / (x[2] - x[1]))
                other = std::clamp(vertex(x, y), x[0], x[2]);
        }
        most = std::max(most, std::abs(other - at));
    }
    return most;
}

// One parabola through the points first .. last.
FitQuality parabola_quality(const Curve& curve, std::size_t first, std::size_t last) {
    const auto n = static_cast<Eigen::Index>(last - first + 1);
    if (n < 4) return {.errors = "three points"};
    Eigen::MatrixXd columns(n, 3);
    Eigen::VectorXd y(n);
    Eigen::VectorXd error(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const std::size_t k = first + static_cast<std::size_t>(i);
        const double x = (curve.x[k] - curve.x[first]) / (curve.x[last] - curve.x[first]);
        columns.row(i) << 1, x, x * x;
        y(i) = curve.y[k];
        error(i) = curve.y_error[k];
    }
    return quality_of_independent({columns.col(1), y, y, columns}, error,
                                  fmt::format("those of {} points about the longest tau", n));
}

Judged by_parabola(const Curve& curve, double level) {
    const auto top = static_cast<std::size_t>(std::max_element(curve.y.begin(), curve.y.end()) - curve.y.begin());
    const std::size_t n = curve.size();
    if (n < 3 || top == 0 || top + 1 == n)
        return untested(make_estimate("crossover_pressure_parabola", {}, not_a_number, not_a_number, infinite,
                                      Status::no_data,
                                      n < 3 ? fmt::format("{} pressures with tau; three are needed", n)
                                            : fmt::format("tau is longest at the end, {:.6g} GPa", curve.x[top])));
    std::array<double, 3> x{};
    std::array<double, 3> y{};
    std::array<double, 3> e{};
    for (std::size_t k = 0; k < 3; ++k)
        x[k] = curve.x[top + k - 1], y[k] = curve.y[top + k - 1], e[k] = curve.y_error[top + k - 1];
    double variance = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        const double step = 1e-4 * e[k];
        auto up = y;
        auto down = y;
        up[k] += step;
        down[k] -= step;
        const double slope = (vertex(x, up) - vertex(x, down)) / (2 * step);
        variance += std::pow(slope * e[k], 2);
    }
    const double at = vertex(x, y);
    double form = 0;
    if (top >= 2) form = std::abs(cubic_top(curve, top - 2, x[0], x[2]) - at);
    if (top + 2 < n) form = std::max(form, std::abs(cubic_top(curve, top - 1, x[0], x[2]) - at));
    const double choice = choice_of_top(curve, top, at);
    const double error = std::hypot(std::sqrt(variance), std::max(form, choice));
    std::string note = fmt::format("parabola through {:.6g}, {:.6g} and {:.6g} GPa; errors: {:.2g} GPa of the points",
                                   x[0], x[1], x[2], std::sqrt(variance));
    note += n > 3 ? fmt::format(", {:.2g} GPa of the form by cubics", form) : ", none of the form: three points";
    if (choice > 0) note += fmt::format(", {:.2g} GPa of which tau is the longest", choice);
    const bool resolved = error < (x[2] - x[0]) / 2;
    return judged(make_estimate("crossover_pressure_parabola", {}, at, error, infinite,
                                resolved ? Status::ok : Status::not_resolved, std::move(note)),
                  parabola_quality(curve, top < 2 ? 0 : top - 2, std::min(top + 2, n - 1)), level);
}

}  // namespace

std::vector<Estimate> crossover_pressure(const Curve& tau, double level) {
    const Curve curve = log_tau(tau);
    const Judged law = by_law(curve, level);
    const Judged parabola = by_parabola(curve, level);
    return {law.row, parabola.row, quality_row("crossover_p", {}, law.quality),
            quality_row("crossover_parabola_p", {}, parabola.quality)};
}

Estimate crossover_parabola(const Curve& tau, double level) { return by_parabola(log_tau(tau), level).row; }

}  // namespace vitrum::analysis
