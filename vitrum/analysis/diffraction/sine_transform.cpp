#include "vitrum/analysis/diffraction/sine_transform.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Core>
#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

using std::numbers::pi;

double sinc(double x) { return std::abs(x) < 1e-4 ? 1 - x * x / 6 : std::sin(x) / x; }

// Spherical Bessel function of order 1.
double bessel1(double x) {
    if (std::abs(x) < 0.02) return x / 3 * (1 - x * x / 10);
    return (std::sin(x) / x - std::cos(x)) / x;
}

double window_at(Window window, double x, double end) { return window == Window::none ? 1 : sinc(pi * x / end); }

// Weights w of int f(x) sin(x y) dx = sum_i w_i f_i for f linear between the points.
std::vector<double> sine_weights(const std::vector<double>& x, double y) {
    std::vector<double> w(x.size(), 0.0);
    double last = 0;  // steps are mostly equal
    double of_mean = 0;
    double of_slope = 0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
        const double h = x[i + 1] - x[i];
        if (std::abs(h - last) > 1e-9 * h) {
            last = h;
            of_mean = sinc(h * y / 2) / 2;
            of_slope = bessel1(h * y / 2) / 2;
        }
        const double middle = (x[i] + x[i + 1]) / 2 * y;
        const double mean = h * of_mean * std::sin(middle);
        const double slope = h * of_slope * std::cos(middle);
        w[i] += mean - slope;
        w[i + 1] += mean + slope;
    }
    return w;
}

void check(const Curve& curve, const char* what) {
    if (curve.size() < 3) throw InputError(fmt::format("{} '{}' has fewer than 3 points", what, curve.name));
    for (std::size_t i = 0; i < curve.size(); ++i) {
        if (!std::isfinite(curve.x[i]) || !std::isfinite(curve.y[i]))
            throw InputError(fmt::format("{} '{}': point {} is not a finite number", what, curve.name, i));
        if (curve.x[i] < 0 || (i > 0 && curve.x[i] <= curve.x[i - 1]))
            throw InputError(fmt::format("{} '{}': {} = {} at point {}; it must increase from 0 or above", what,
                                         curve.name, curve.x_name, curve.x[i], i));
    }
}

std::size_t points_to(const Curve& curve, double end) {
    if (end <= 0) return curve.size();
    const auto n = static_cast<std::size_t>(std::upper_bound(curve.x.begin(), curve.x.end(), end) - curve.x.begin());
    if (n < 3) throw InputError(fmt::format("'{}' has fewer than 3 points up to {}", curve.name, end));
    return n;
}

std::vector<double> grid(double low, double high, double step) {
    if (!(step > 0) || !(high > low) || !(low >= 0) || (high - low) / step > 1e7)
        throw InputError(fmt::format("a grid from {} to {} in steps of {} cannot be made", low, high, step));
    std::vector<double> x;
    for (std::size_t i = 0; low + static_cast<double>(i) * step <= high * (1 + 1e-12); ++i)
        x.push_back(low + static_cast<double>(i) * step);
    return x;
}

// out.y = offset + sum_i weights(x)_i in.y_i, with errors.
template <class Weights>
void apply(const Curve& in, Curve& out, std::size_t points, Weights&& weights) {
    const Eigen::Index replicates = in.covariance_factor.cols();
    out.y.assign(out.size(), 0.0);
    if (replicates > 0)
        out.covariance_factor = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(out.size()), replicates);
    const bool errors = !in.y_error.empty();
    if (errors) out.y_error.assign(out.size(), 0.0);
    for_each_block(out.size(), 16, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t j = begin; j < end; ++j) {
            double offset = 0;
            const std::vector<double> w = weights(out.x[j], offset);
            double sum = 0;
            double variance = 0;
            for (std::size_t i = 0; i < points; ++i) {
                sum += w[i] * in.y[i];
                if (errors) variance += w[i] * w[i] * in.y_error[i] * in.y_error[i];
            }
            out.y[j] = offset + sum;
            const auto row = static_cast<Eigen::Index>(j);
            for (Eigen::Index b = 0; b < replicates; ++b)
                for (std::size_t i = 0; i < points; ++i)
                    out.covariance_factor(row, b) += w[i] * in.covariance_factor(static_cast<Eigen::Index>(i), b);
            if (replicates > 0) {
                variance = 0;
                for (Eigen::Index b = 0; b < replicates; ++b)
                    variance += out.covariance_factor(row, b) * out.covariance_factor(row, b);
            }
            if (errors) out.y_error[j] = std::sqrt(variance);
        }
    });
    out.degrees_of_freedom = in.degrees_of_freedom;
    out.error_method = errors ? in.error_method + ", propagated" : in.error_method;
}

}  // namespace

std::string_view name(Window window) { return window == Window::none ? "none" : "lorch"; }

Window window_from(std::string_view text) {
    if (text == "none") return Window::none;
    if (text == "lorch") return Window::lorch;
    throw InputError("no window '" + std::string(text) + "'; known are none, lorch");
}

std::string_view name(LowQ low_q) {
    return low_q == LowQ::left_out ? "left_out" : low_q == LowQ::constant ? "constant" : "parabola";
}

LowQ low_q_from(std::string_view text) {
    if (text == "left_out") return LowQ::left_out;
    if (text == "constant") return LowQ::constant;
    if (text == "parabola") return LowQ::parabola;
    throw InputError("no filling '" + std::string(text) + "' of low q; known are left_out, constant, parabola");
}

Transformed reduced_pair_distribution(const Curve& s, const ToDistanceOptions& options) {
    check(s, "structure factor");
    const std::size_t points = points_to(s, options.q_max);
    const double first = s.x[0];
    const double end = s.x[points - 1];
    // The gap below the first point is filled with points as dense as the data's first step.
    std::vector<double> q;
    if (options.low_q != LowQ::left_out && first > 0) {
        const auto steps = static_cast<std::size_t>(std::clamp(std::ceil(first / (s.x[1] - first)), 8.0, 10000.0));
        for (std::size_t i = 0; i < steps; ++i)
            q.push_back(first * static_cast<double>(i) / static_cast<double>(steps));
    }
    const std::size_t filled = q.size();
    q.insert(q.end(), s.x.begin(), s.x.begin() + static_cast<std::ptrdiff_t>(points));

    Transformed result{make_curve("reduced_pair_distribution", "r", "angstrom", "G", "1/angstrom^2"), ""};
    result.curve.x = grid(options.r_step, options.r_max, options.r_step);
    apply(s, result.curve, points, [&](double r, double& offset) {
        const std::vector<double> w = sine_weights(q, r);
        std::vector<double> of_data(points, 0.0);
        for (std::size_t i = 0; i < q.size(); ++i) {
            const double k = 2 / pi * w[i] * q[i] * window_at(options.window, q[i], end);
            offset -= k;  // of S - 1
            if (i >= filled) {
                of_data[i - filled] += k;
            } else {
                const double share = options.low_q == LowQ::constant ? 1 : q[i] / first * q[i] / first;
                of_data[0] += k * share;
                if (options.low_q == LowQ::parabola) offset += k * (1 - share) * options.s_zero;
            }
        }
        return of_data;
    });
    result.note =
        fmt::format("window {} to {:.5g} 1/angstrom; below {:.4g} 1/angstrom S {}", name(options.window), end, first,
                    options.low_q == LowQ::left_out   ? std::string("left out")
                    : options.low_q == LowQ::constant ? fmt::format("constant, {:.4g}", s.y[0])
                                                      : fmt::format("a parabola from S(0) = {:.4g}", options.s_zero));
    return result;
}

Transformed structure_factor_of(const Curve& g, double density, const ToWavevectorOptions& options) {
    check(g, "pair distribution");
    if (!(density > 0)) throw InputError(fmt::format("a number density must be positive, not {}", density));
    const std::size_t points = points_to(g, options.r_max);
    const double end = g.x[points - 1];
    std::vector<double> r(g.x.begin(), g.x.begin() + static_cast<std::ptrdiff_t>(points));
    const std::size_t extra = r[0] > 0 ? 1 : 0;  // r = 0, where r (g - 1) is 0 exactly
    if (extra) r.insert(r.begin(), 0.0);

    Transformed result{make_curve("structure_factor_transform", "q", "1/angstrom", "S", ""), ""};
    result.curve.x = grid(options.q_low, options.q_high, options.q_step);
    apply(g, result.curve, points, [&](double q, double& offset) {
        std::vector<double> w = q > 0 ? sine_weights(r, q) : std::vector<double>(r.size(), 0.0);
        offset = 1;
        std::vector<double> of_data(points, 0.0);
        for (std::size_t i = extra; i < r.size(); ++i) {
            // q = 0: int r G dr by the rule of trapezoids.
            const double weight =
                q > 0 ? w[i] / q
                      : r[i] * ((i + 1 < r.size() ? r[i + 1] - r[i] : 0) + (i > 0 ? r[i] - r[i - 1] : 0)) / 2;
            const double k = 4 * pi * density * r[i] * window_at(options.window, r[i], end) * weight;
            of_data[i - extra] = k;
            offset -= k;
        }
        return of_data;
    });
    result.note = fmt::format("window {} to {:.5g} angstrom", name(options.window), end);
    return result;
}

Curve pair_distribution_of(const Curve& reduced, double density) {
    if (!(density > 0)) throw InputError(fmt::format("a number density must be positive, not {}", density));
    Curve g = reduced;
    g.name = "pair_distribution";
    g.y_name = "g";
    g.y_unit = "";
    for (std::size_t i = 0; i < g.size(); ++i) {
        const double k = 1 / (4 * pi * g.x[i] * density);
        g.y[i] = 1 + k * g.y[i];
        if (!g.y_error.empty()) g.y_error[i] *= k;
        if (g.covariance_factor.cols() > 0) g.covariance_factor.row(static_cast<Eigen::Index>(i)) *= k;
    }
    return g;
}

}  // namespace vitrum::analysis
