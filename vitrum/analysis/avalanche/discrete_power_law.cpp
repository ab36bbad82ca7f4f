#include "vitrum/analysis/avalanche/discrete_power_law.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <fmt/format.h>

#include "vitrum/analysis/avalanche/discrete_quality.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {

namespace {

constexpr double lowest_alpha = 1 + 1e-6;
constexpr double highest_alpha = 100;
constexpr double whole = 1e-6;  // of a step: sizes this near to a multiple are one

// sum over k >= q of (k/q)^-alpha ln(k/q)^j, j = 0 .. 3: terms up to a, then Euler and Maclaurin's formula.
std::array<double, 4> power_sums(double alpha, double q) {
    constexpr int terms = 24;
    std::array<double, 4> sum{};
    for (int i = 0; i < terms; ++i) {
        const double y = std::log1p(i / q);
        double term = std::exp(-alpha * y);
        for (double& s : sum) {
            s += term;
            term *= y;
        }
    }
    const double a = q + terms;
    const double y = std::log(a / q);
    const double f = std::exp(-alpha * y);
    double integral = 0;  // over (k/q)^-alpha ln(k/q)^j from a on, per a f
    double power = 1;     // y^j
    for (std::size_t j = 0; j < 4; ++j) {
        integral = (power + static_cast<double>(j) * integral) / (alpha - 1);
        // Derivatives: x^-alpha L^j -> a polynomial in L = ln(x/q) over x^m.
        std::array<double, 4> polynomial{};
        polynomial[j] = 1;
        double scale = f;
        double rest = 0;
        constexpr std::array coefficients{-1.0 / 12, 0.0, 1.0 / 720, 0.0, -1.0 / 30240, 0.0, 1.0 / 1209600};
        for (std::size_t m = 1; m <= coefficients.size(); ++m) {
            std::array<double, 4> next{};
            for (std::size_t i = 0; i < 4; ++i) {
                next[i] -= (alpha + static_cast<double>(m) - 1) * polynomial[i];
                if (i > 0) next[i - 1] += static_cast<double>(i) * polynomial[i];
            }
            polynomial = next;
            scale /= a;
            const double value = ((polynomial[3] * y + polynomial[2]) * y + polynomial[1]) * y + polynomial[0];
            rest += coefficients[m - 1] * scale * value;
        }
        sum[j] += a * f * integral + f * power / 2 + rest;
        power *= y;
    }
    return sum;
}

// x in (low, high) where the falling function is 0; an end where it has one sign.
double root(const std::function<double(double)>& falling, double low, double high) {
    if (!(falling(low) > 0)) return low;
    if (!(falling(high) < 0)) return high;
    for (int i = 0; i < 200 && high - low > 1e-13 * high; ++i) {
        const double middle = (low + high) / 2;
        (falling(middle) > 0 ? low : high) = middle;
    }
    return (low + high) / 2;
}

// Probability that T is at most t: a Gamma distribution, shifted, with the first three cumulants of T.
double below(const DiscreteMoments& m, double n, double t) {
    const double shape = 4 * n * m.variance * m.variance * m.variance / (m.third * m.third);
    const double scale = m.third / (2 * m.variance);
    const double x = (t - n * m.mean) / scale + shape;
    using Fast = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
    return x > 0 ? boost::math::gamma_p(shape, x, Fast()) : 0.0;
}

}  // namespace

DiscreteMoments discrete_moments(double alpha, double q) {
    const std::array<double, 4> s = power_sums(alpha, q);
    DiscreteMoments m;
    m.zeta = s[0];
    m.mean = s[1] / s[0];
    const double second = s[2] / s[0];
    m.variance = second - m.mean * m.mean;
    m.third = s[3] / s[0] - 3 * m.mean * second + 2 * m.mean * m.mean * m.mean;
    return m;
}

double discrete_alpha(double mean, double k_min) {
    return root([&](double a) { return discrete_moments(a, k_min).mean - mean; }, lowest_alpha, highest_alpha);
}

double discrete_survival(double alpha, double k_min, double k) {
    return std::exp(-alpha * std::log(k / k_min)) * power_sums(alpha, k)[0] / power_sums(alpha, k_min)[0];
}

double step_of(std::span<const double> sizes, double x_min) {
    std::vector<double> used;
    for (const double x : sizes)
        if (x >= x_min) used.push_back(x);
    const auto multiples = [&](double step) {
        return std::all_of(used.begin(), used.end(), [&](double x) {
            const double k = x / step;
            return std::abs(k - std::nearbyint(k)) <= whole && k >= 0.5;
        });
    };
    if (used.empty()) return 0;
    const bool integers = multiples(1);
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    if (used.size() < 3) return integers ? 1 : 0;
    double step = used.front();
    for (std::size_t i = 1; i < used.size(); ++i) step = std::min(step, used[i] - used[i - 1]);
    // The largest size fixes the step best.
    if (const double k = std::nearbyint(used.back() / step); std::abs(used.back() / step - k) < 0.1)
        step = used.back() / k;
    constexpr double fine = 0.05;
    if (step >= fine * x_min && (step > 1 || !integers) && multiples(step)) return step;
    return integers ? 1 : 0;
}

PowerLawFit fit_discrete_power_law(std::span<const double> sizes, double step, const PowerLawOptions& options) {
    if (!(step > 0) || !std::isfinite(step)) throw InputError(fmt::format("step = {}: a step is positive", step));
    PowerLawFit fit = fit_power_law({}, options);  // checks the options
    fit.step = step;
    fit.status = Status::ok;
    fit.quality.errors = "no fit";
    const double k_min = std::max(1.0, std::ceil(options.x_min / step - whole));
    double sum = 0;
    std::vector<double> multiples;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const double x = sizes[i];
        expect_size(x, i);
        const double k = std::nearbyint(x / step);
        if (k < k_min) {
            ++fit.below;
            continue;
        }
        if (std::abs(x / step - k) > whole)
            throw InputError(fmt::format("size {} of event {} is no whole multiple of the step {}", x, i + 1, step));
        ++fit.used;
        multiples.push_back(k);
        sum += std::log(k / k_min);
    }
    if (fit.used < 3 || !(sum > 0)) {
        fit.status = Status::no_data;
        return fit;
    }
    const auto n = static_cast<double>(fit.used);
    const double mean = sum / n;
    const double alpha = discrete_alpha(mean, k_min);
    if (alpha <= lowest_alpha || alpha >= highest_alpha) fit.status = Status::at_bound;
    const DiscreteMoments m = discrete_moments(alpha, k_min);
    fit.alpha = options.bias_corrected ? alpha - m.third / (2 * n * m.variance * m.variance) : alpha;
    fit.standard_error = 1 / std::sqrt((n - 1) * discrete_moments(std::max(fit.alpha, lowest_alpha), k_min).variance);
    // Small T go with large alpha.
    const double tail = (1 - options.level) / 2;
    const auto limit = [&](double p) {
        return root([&](double a) { return p - below(discrete_moments(a, k_min), n, sum); }, lowest_alpha,
                    highest_alpha);
    };
    fit.lower = limit(tail);
    fit.upper = limit(1 - tail);
    if (fit.status == Status::ok) {
        fit.quality = discrete_quality(multiples, k_min, alpha, options.rejection_level);
        fit.status = judged_by(fit.quality, options.rejection_level, fit.status);
    }
    return fit;
}

}  // namespace vitrum::analysis
