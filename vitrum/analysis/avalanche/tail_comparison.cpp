#include "vitrum/analysis/avalanche/tail_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <utility>

#include <boost/math/quadrature/exp_sinh.hpp>
#include <boost/math/tools/minima.hpp>
#include <fmt/format.h>

#include "vitrum/analysis/avalanche/power_law.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

namespace {

struct Tail {
    std::vector<double> y, t;  // x/x_min and its logarithm
    double n = 0;
    double mean_y = 0, mean_t = 0, mean_t2 = 0;
};

Tail tail_of(std::span<const double> sizes, double x_min) {
    if (!(x_min > 0) || !std::isfinite(x_min))
        throw InputError(fmt::format("x_min = {}: the smallest size is positive and finite", x_min));
    Tail tail;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        expect_size(sizes[i], i);
        if (sizes[i] < x_min) continue;
        tail.y.push_back(sizes[i] / x_min);
        tail.t.push_back(std::log(tail.y.back()));
    }
    tail.n = static_cast<double>(tail.y.size());
    for (std::size_t i = 0; i < tail.y.size(); ++i) {
        tail.mean_y += tail.y[i] / tail.n;
        tail.mean_t += tail.t[i] / tail.n;
        tail.mean_t2 += tail.t[i] * tail.t[i] / tail.n;
    }
    return tail;
}

// Smallest value of a function with one minimum, and where it lies.
std::pair<double, double> smallest(const std::function<double(double)>& f, double low, double high) {
    constexpr int bits = 40;
    return boost::math::tools::brent_find_minima(f, low, high, bits);
}

// ln of exp(z^2) erfc(z).
double log_erfcx(double z) {
    if (z < 25) return z * z + std::log(std::erfc(z));
    const double w = 1 / (2 * z * z);
    return std::log((1 - w * (1 - w * (3 - 15 * w))) / (z * std::sqrt(std::numbers::pi)));
}

// Of y: log densities, and the parameters.
struct Fitted {
    std::array<double, 2> parameters{};
    std::function<double(double y, double t)> log_density;
};

Fitted exponential(const Tail& tail) {
    const double lambda = 1 / (tail.mean_y - 1);
    return {{lambda, 0}, [lambda](double y, double) { return std::log(lambda) - lambda * (y - 1); }};
}

// In t: a Gaussian from 0 on, exp(a t - b t^2/2) with b > 0; ln of its norm.
double log_norm(double a, double b) {
    return 0.5 * std::log(std::numbers::pi / (2 * b)) + log_erfcx(-a / std::sqrt(2 * b));
}

Fitted log_normal(const Tail& tail) {
    const double scale = 1 / tail.mean_t;
    const auto cost = [&](double a, double b) { return log_norm(a, b) - a * tail.mean_t + b * tail.mean_t2 / 2; };
    // Concave in a and b; both in units of 1/<t>.
    const auto best_a = [&](double b) {
        return smallest([&](double a) { return cost(a * scale, b); }, -20, 200 * (1 + b * tail.mean_t * tail.mean_t));
    };
    const double log_b = smallest([&](double l) { return best_a(std::exp(l) * scale * scale).second; }, -18, 12).first;
    const double b = std::exp(log_b) * scale * scale;
    const double a = best_a(b).first * scale;
    return {{a / b, 1 / std::sqrt(b)},
            [a, b, norm = log_norm(a, b)](double, double t) { return a * t - b * t * t / 2 - norm - t; }};
}

Fitted stretched(const Tail& tail) {
    const auto lambda_of = [&](double beta) {
        double sum = 0;
        for (const double t : tail.t) sum += std::expm1(beta * t);
        return tail.n / sum;
    };
    const auto cost = [&](double log_beta) {
        const double beta = std::exp(log_beta);
        return -(std::log(beta * lambda_of(beta)) + (beta - 1) * tail.mean_t - 1);
    };
    const double beta = std::exp(smallest(cost, std::log(1e-3), std::log(20.0)).first);
    const double lambda = lambda_of(beta);
    return {{beta, lambda}, [beta, lambda](double, double t) {
                return std::log(beta * lambda) + (beta - 1) * t - lambda * std::expm1(beta * t);
            }};
}

// ln of the integral of y^-alpha exp(-lambda (y - 1)) from 1 on, lambda > 0.
double log_norm_cut(double alpha, double lambda) {
    static thread_local boost::math::quadrature::exp_sinh<double> rule;
    const double integral =
        rule.integrate([&](double s) { return std::exp(-alpha * std::log1p(s) - lambda * s); }, 1e-9);
    return std::log(integral);
}

// lambda = 0 if no cut is nearer than none.
Fitted cut_off(const Tail& tail) {
    const double plain = 1 + 1 / tail.mean_t;
    const auto cost = [&](double alpha, double lambda) {
        return log_norm_cut(alpha, lambda) + alpha * tail.mean_t + lambda * (tail.mean_y - 1);
    };
    const auto best_alpha = [&](double lambda) {
        return smallest([&](double alpha) { return cost(alpha, lambda); }, -10, plain + 1);
    };
    const double most = 50 / (tail.mean_y - 1);
    const auto [log_lambda, least] =
        smallest([&](double l) { return best_alpha(std::exp(l)).second; }, std::log(1e-9 * most), std::log(most));
    const double none = -std::log(plain - 1) + plain * tail.mean_t;
    if (!(least < none)) return {{plain, 0}, [plain](double, double t) { return std::log(plain - 1) - plain * t; }};
    const double lambda = std::exp(log_lambda);
    const double alpha = best_alpha(lambda).first;
    return {{alpha, lambda}, [alpha, lambda, norm = log_norm_cut(alpha, lambda)](double y, double t) {
                return -alpha * t - lambda * (y - 1) - norm;
            }};
}

Fitted fit(OtherLaw law, const Tail& tail) {
    switch (law) {
        case OtherLaw::exponential: return exponential(tail);
        case OtherLaw::log_normal: return log_normal(tail);
        case OtherLaw::stretched_exponential: return stretched(tail);
        case OtherLaw::cut_off: return cut_off(tail);
    }
    return {};
}

LawComparison compare(OtherLaw law, const Tail& tail) {
    const double alpha = 1 + 1 / tail.mean_t;
    const Fitted other = fit(law, tail);
    LawComparison out;
    out.law = law;
    out.parameters = other.parameters;
    out.ratio = 0;
    out.log_likelihood = 0;
    double squares = 0;
    for (std::size_t i = 0; i < tail.y.size(); ++i) {
        const double theirs = other.log_density(tail.y[i], tail.t[i]);
        const double d = std::log(alpha - 1) - alpha * tail.t[i] - theirs;
        out.log_likelihood += theirs;
        out.ratio += d;
        squares += d * d;
    }
    const double mean = out.ratio / tail.n;
    const double spread = std::sqrt(std::max(0.0, squares / tail.n - mean * mean));
    out.normalised = out.ratio / (spread * std::sqrt(tail.n));
    if (law == OtherLaw::cut_off)
        out.p = out.ratio < 0 && other.parameters[1] > 0 ? std::erfc(std::sqrt(-out.ratio)) / 2 : 1;
    else
        out.p = std::erfc(std::abs(out.normalised) / std::numbers::sqrt2);
    return out;
}

}  // namespace

std::string_view name(OtherLaw law) {
    switch (law) {
        case OtherLaw::exponential: return "exponential";
        case OtherLaw::log_normal: return "log-normal";
        case OtherLaw::stretched_exponential: return "stretched exponential";
        case OtherLaw::cut_off: return "cut-off power law";
    }
    return "";
}

std::vector<LawComparison> compare_laws(std::span<const double> sizes, double x_min) {
    constexpr double fewest = 10;
    const Tail tail = tail_of(sizes, x_min);
    std::vector<LawComparison> all;
    for (const OtherLaw law : other_laws) {
        if (tail.n >= fewest && tail.mean_t2 > tail.mean_t * tail.mean_t * (1 + 1e-12)) {
            all.push_back(compare(law, tail));
        } else {
            all.emplace_back();
            all.back().law = law;
        }
    }
    return all;
}

std::vector<Estimate> rows_of(const std::vector<LawComparison>& found) {
    std::vector<Estimate> rows;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const LawComparison& c = found[i];
        const Abscissa at{named("law", static_cast<std::int64_t>(i), std::string(name(c.law)))};
        const bool there = std::isfinite(c.ratio);
        const std::string note =
            !there ? "too few sizes"
            : c.law == OtherLaw::cut_off
                ? (c.parameters[1] > 0 ? fmt::format("alpha {:.4g}, cut at {:.4g} x_min; it holds the power law",
                                                     c.parameters[0], 1 / c.parameters[1])
                                       : std::string("no cut is nearer"))
                : fmt::format("{} is nearer; R/(sigma sqrt n) = {:.3g}", c.ratio > 0 ? "the power law" : "the other",
                              c.normalised);
        for (const auto& [what, value] : {std::pair{"likelihood_ratio", c.ratio}, {"likelihood_ratio_p", c.p}})
            rows.push_back(make_estimate(what, at, value, not_a_number, std::numeric_limits<double>::infinity(),
                                         there ? Status::ok : Status::no_data, note));
    }
    return rows;
}

}  // namespace vitrum::analysis
