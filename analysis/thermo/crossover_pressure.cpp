#include "analysis/thermo/crossover_pressure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "analysis/correlation/curve_fit.hpp"
#include "core/error.hpp"

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

Estimate by_law(Curve curve) {
    const auto row = [](double value, double error, Status status, std::string note) {
        return make_estimate("crossover_pressure", {}, value, error, infinite, status, std::move(note));
    };
    if (curve.size() < points_of_law)
        return row(not_a_number, not_a_number, Status::no_data,
                   fmt::format("{} pressures with tau; the law needs {}", curve.size(), points_of_law));
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
    if (found.parameters.empty() || !found.converged) return row(not_a_number, not_a_number, Status::not_converged, "");
    const double* p = found.parameters.data();
    if (!(std::abs(p[1]) < p[2])) return row(not_a_number, not_a_number, Status::no_data, "tau has no maximum");
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
    double chi_square = 0;
    for (std::size_t i = 0; i < curve.size(); ++i)
        chi_square += std::pow((curve.y[i] - law.value(curve.x[i], p, nullptr)) / curve.y_error[i], 2);
    Status status = Status::ok;
    if (at < low || at > high) status = Status::at_bound;
    if (!(error < range / 2)) status = Status::not_resolved;
    return row(at - shift, error, status,
               fmt::format("law of two wells through {} pressures, chi^2 = {:.3g} for {} degrees of freedom",
                           curve.size(), chi_square, curve.size() - 4));
}

// Vertex of the parabola through three points.
double vertex(const std::array<double, 3>& x, const std::array<double, 3>& y) {
    const double d1 = (y[1] - y[0]) / (x[1] - x[0]);
    const double d2 = (y[2] - y[1]) / (x[2] - x[1]);
    const double curvature = (d2 - d1) / (x[2] - x[0]);
    return (x[0] + x[1]) / 2 - d1 / (2 * curvature);
}

Estimate by_parabola(const Curve& curve) {
    const auto top = static_cast<std::size_t>(std::max_element(curve.y.begin(), curve.y.end()) - curve.y.begin());
    if (curve.size() < 3 || top == 0 || top + 1 == curve.size())
        return make_estimate("crossover_pressure_parabola", {}, not_a_number, not_a_number, infinite, Status::no_data,
                             curve.size() < 3 ? fmt::format("{} pressures with tau; three are needed", curve.size())
                                              : fmt::format("tau is longest at the end, {:.6g} GPa", curve.x[top]));
    std::array<double, 3> x{};
    std::array<double, 3> y{};
    for (std::size_t k = 0; k < 3; ++k) x[k] = curve.x[top + k - 1], y[k] = curve.y[top + k - 1];
    double variance = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        const double step = 1e-4 * curve.y_error[top + k - 1];
        auto up = y;
        auto down = y;
        up[k] += step;
        down[k] -= step;
        const double slope = (vertex(x, up) - vertex(x, down)) / (2 * step);
        variance += std::pow(slope * curve.y_error[top + k - 1], 2);
    }
    const double error = std::sqrt(variance);
    return make_estimate("crossover_pressure_parabola", {}, vertex(x, y), error, infinite,
                         error < (x[2] - x[0]) / 2 ? Status::ok : Status::not_resolved,
                         fmt::format("parabola through {:.6g}, {:.6g} and {:.6g} GPa", x[0], x[1], x[2]));
}

}  // namespace

std::vector<Estimate> crossover_pressure(const Curve& tau) {
    const Curve curve = log_tau(tau);
    return {by_law(curve), by_parabola(curve)};
}

}  // namespace vitrum::analysis
