#include "vitrum/analysis/thermo/equation_of_state.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "vitrum/analysis/fit/weighted_line.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/least_squares.hpp"
#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::analysis {

namespace {

void check(const Curve& points) {
    for (std::size_t i = 0; i < points.size(); ++i)
        if (!(points.x[i] > 0) || !std::isfinite(points.x[i]))
            throw InputError(fmt::format("volume {} in row {}; a volume is positive", points.x[i], i + 1));
}

// P and its derivatives by V0, K, K'.
double law(double volume, double v0, double k, double k1, double* gradient) {
    const double s = std::cbrt(v0 / volume);
    const double y = s * s;      // x^(2/3)
    const double a = y * y * s;  // x^(5/3)
    const double e = y - 1;
    const double bend = 1 + 0.75 * (k1 - 4) * e;
    const double p = 1.5 * k * a * e * bend;
    if (gradient) {
        // dP/dx x = 1.5 k [5/3 a e bend + a 2/3 y bend + a e 0.75 (k1 - 4) 2/3 y]
        const double x_derivative = 1.5 * k * a * (5.0 / 3 * e * bend + 2.0 / 3 * y * bend + 0.5 * (k1 - 4) * e * y);
        gradient[0] = x_derivative / v0;
        gradient[1] = p / k;
        gradient[2] = 1.5 * k * a * e * 0.75 * e;
    }
    return p;
}

struct Parameters {
    double v0, k, k1;
    bool good;
};

// All free: P V^(5/3) = c0 + c1 u + c2 u^2 with u = V^(-2/3).
Parameters direct(const LinePoints& points) {
    const auto n = static_cast<Eigen::Index>(points.x.size());
    // In units of the mean volume: the columns are then of one size.
    const double unit = mean(points.x);
    Eigen::MatrixXd a(n, 3);
    const Eigen::Map<const Eigen::VectorXd> values(points.y.data(), n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const double v = points.x[k] / unit;
        const double u = std::pow(v, -2.0 / 3);
        const double scale = std::pow(v, -5.0 / 3);
        a.row(i) << scale, scale * (u - 1), scale * (u - 1) * (u - 1);
    }
    const Eigen::Vector3d c = LeastSquares(a, points.error).parameters(values);
    // Root of c0 + c1 e + c2 e^2 in e = u - 1, the one where P rises with u.
    const double discriminant = c(1) * c(1) - 4 * c(0) * c(2);
    if (!(discriminant > 0)) return {0, 0, 0, false};
    const double root = -2 * c(0) / (c(1) + std::sqrt(discriminant));
    const double u0 = 1 + root;
    if (!(u0 > 0)) return {0, 0, 0, false};
    const double slope = c(1) + 2 * c(2) * root;  // d(P V^(5/3))/du at V0
    const double v0 = std::pow(u0, -1.5);
    // P V^(5/3) = 1.5 K V0^(5/3) e (1 + 3/4 (K' - 4) e), e = u/u0 - 1.
    const double k = slope * u0 / (1.5 * std::pow(v0, 5.0 / 3));
    const double k1 = 4 + 4.0 / 3 * c(2) * u0 / slope;
    return {v0 * unit, k, k1, k > 0 && std::isfinite(k1)};
}

// K' fixed: Gauss-Newton in ln V0 and ln K from the straight line through the two ends.
Parameters iterated(const LinePoints& points, double k1) {
    const auto [low, high] = std::minmax_element(points.x.begin(), points.x.end());
    const auto at = [&](auto it) { return points.y[static_cast<std::size_t>(it - points.x.begin())]; };
    double k = -(at(high) - at(low)) / std::log(*high / *low);
    if (!(k > 0)) return {0, 0, k1, false};
    double v0 = *high * std::exp(std::clamp(at(high) / k, -1.0, 1.0));
    constexpr int most = 200;
    Eigen::MatrixXd gradient(static_cast<Eigen::Index>(points.x.size()), 2);
    Eigen::VectorXd residual(gradient.rows());
    for (int step = 0; step < most; ++step) {
        for (std::size_t i = 0; i < points.x.size(); ++i) {
            std::array<double, 3> g{};
            const auto row = static_cast<Eigen::Index>(i);
            residual(row) = points.y[i] - law(points.x[i], v0, k, k1, g.data());
            gradient.row(row) << g[0] * v0, g[1] * k;
        }
        Eigen::Vector2d change = LeastSquares(gradient, points.error).parameters(residual);
        if (!change.allFinite()) return {0, 0, k1, false};
        const double largest = change.cwiseAbs().maxCoeff();
        constexpr double longest = 0.3;
        if (largest > longest) change *= longest / largest;
        v0 *= std::exp(change(0));
        k *= std::exp(change(1));
        if (largest < 1e-13) return {v0, k, k1, true};
    }
    return {v0, k, k1, false};
}

}  // namespace

double birch_murnaghan(double volume, double v0, double modulus, double derivative) {
    return law(volume, v0, modulus, derivative, nullptr);
}

EquationOfState equation_of_state(const Curve& points, const EquationOfStateOptions& options) {
    check(points);
    const LinePoints used = usable({points.x, points.y, points.y_error, {}, 0});
    const bool fixed = options.fixed_derivative.has_value();
    const std::size_t parameters = fixed ? 2 : 3;
    const std::size_t needed = parameters + (used.error.empty() ? 1 : 0);
    const auto infinite = std::numeric_limits<double>::infinity();
    EquationOfState out;
    const auto rows = [&](Status status, const std::string& note) {
        out.status = status;
        for (const char* quantity : {"equilibrium_volume", "bulk_modulus", "bulk_modulus_derivative"})
            out.estimates.push_back(make_estimate(quantity, {}, not_a_number, not_a_number, infinite, status, note));
        out.quality.errors = note;
        out.estimates.push_back(quality_row("equation_of_state_p", {}, out.quality));
    };
    const std::set<double> volumes(used.x.begin(), used.x.end());
    if (volumes.size() < needed) {
        rows(Status::no_data,
             fmt::format("{} different volumes; at least {} for {} parameters{}", volumes.size(), needed, parameters,
                         used.error.empty() ? " without errors of the points" : ""));
        return out;
    }
    const Parameters p = fixed ? iterated(used, *options.fixed_derivative) : direct(used);
    if (!p.good) {
        rows(Status::not_converged, "no Birch-Murnaghan law with positive volume and modulus through these points");
        return out;
    }
    out.status = Status::ok;
    out.volume = p.v0;
    out.modulus = p.k;
    out.derivative = p.k1;
    const auto n = static_cast<Eigen::Index>(used.x.size());
    Eigen::MatrixXd derivatives(n, static_cast<Eigen::Index>(parameters));
    Eigen::VectorXd residuals(n);
    double beyond = not_a_number;
    out.fit = make_curve("equation_of_state", points.x_name, points.x_unit, "pressure", "GPa");
    for (Eigen::Index i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        std::array<double, 3> g{};
        const double value = law(used.x[k], p.v0, p.k, p.k1, g.data());
        residuals(i) = used.y[k] - value;
        if (!(g[0] > 0) && !(used.x[k] <= beyond)) beyond = used.x[k];  // -V dP/dV = V0 dP/dV0
        for (Eigen::Index j = 0; j < derivatives.cols(); ++j) derivatives(i, j) = g[static_cast<std::size_t>(j)];
        out.fit.x.push_back(used.x[k]);
        out.fit.y.push_back(value);
    }
    const ParameterCovariance found = parameter_covariance(used, derivatives, residuals);
    const Eigen::MatrixXd& covariance = found.matrix;
    out.quality = found.quality;
    const std::array<double, 3> value{p.v0, p.k, p.k1};
    const std::array names{"equilibrium_volume", "bulk_modulus", "bulk_modulus_derivative"};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto k = static_cast<Eigen::Index>(i);
        const bool fitted = i < parameters;
        out.estimates.push_back(
            make_estimate(names[i], {}, value[i], fitted ? std::sqrt(covariance(k, k)) : not_a_number,
                          found.degrees_of_freedom, Status::ok, fitted ? found.note : "fixed, not fitted"));
    }
    out.estimates.front().unit = points.x_unit;
    judge_by(out.quality, options.rejection_level, out.estimates);
    if (std::isfinite(beyond))
        for (Estimate& row : out.estimates) {
            row.status = Status::law_rejected;
            row.note += fmt::format("; V = {:.6g} lies beyond the spinodal of this law", beyond);
        }
    out.status = out.estimates.front().status;
    out.estimates.push_back(quality_row("equation_of_state_p", {}, out.quality));
    return out;
}

std::vector<Estimate> local_bulk_modulus(const Curve& points, const std::vector<double>& volume_error) {
    check(points);
    std::vector<std::size_t> order(points.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return points.x[a] > points.x[b]; });
    std::vector<Estimate> rows;
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
        const std::size_t a = order[i];
        const std::size_t b = order[i + 1];
        const double step = std::log(points.x[a] / points.x[b]);
        if (!(step > 0)) throw InputError(fmt::format("two pressures at the same volume {}", points.x[a]));
        const double value = (points.y[b] - points.y[a]) / step;
        double error = points.y_error.empty() ? not_a_number : std::hypot(points.y_error[a], points.y_error[b]) / step;
        if (!volume_error.empty()) {
            const double from_volumes = std::abs(value) * std::hypot(volume_error[a], volume_error[b]) / step;
            error = std::isfinite(error) ? std::hypot(error, from_volumes) : from_volumes;
        }
        Status status = std::isfinite(value) ? Status::ok : Status::no_data;
        if (std::isfinite(error) && error >= std::abs(value)) status = Status::not_resolved;
        // No matter at rest grows under pressure: these are no points of an equation of state.
        const bool grows = status == Status::ok && value <= 0;
        if (grows) status = Status::law_rejected;
        rows.push_back(make_estimate(
            "local_bulk_modulus", {{"pressure", static_cast<std::int64_t>(i), (points.y[a] + points.y[b]) / 2, "GPa"}},
            value, error, std::numeric_limits<double>::infinity(), status,
            fmt::format("between {:.6g} and {:.6g} GPa{}", points.y[a], points.y[b],
                        grows ? "; the volume does not shrink with pressure" : "")));
    }
    return rows;
}

}  // namespace vitrum::analysis
