#include "vitrum/validation/measures/performance.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::validation {

namespace {

struct Moments {
    double n = 0, mean = 0, sum2 = 0, sum4 = 0;  // sums of powers of the deviation

    explicit Moments(const std::vector<double>& x) : n(static_cast<double>(x.size())) {
        mean = vitrum::mean(x);
        for (const double v : x) {
            const double d2 = (v - mean) * (v - mean);
            sum2 += d2;
            sum4 += d2 * d2;
        }
    }
    [[nodiscard]] double sd() const { return std::sqrt(sum2 / (n - 1)); }
    [[nodiscard]] double error_of_mean() const { return sd() / std::sqrt(n); }
    [[nodiscard]] double kurtosis() const { return n * sum4 / (sum2 * sum2); }
};

Measure measure(std::string name, double value, double mcse, std::size_t n) {
    const double z = normal_factor(0.95);
    return {std::move(name), value, mcse, value - z * mcse, value + z * mcse, n};
}

Measure mean_of(std::string name, const std::vector<double>& x) {
    const Moments m(x);
    return measure(std::move(name), m.mean, m.error_of_mean(), x.size());
}

}  // namespace

Measure share(std::string name, std::size_t k, std::size_t n) {
    const auto total = static_cast<double>(n);
    const double p = static_cast<double>(k) / total;
    const double z = normal_factor(0.95);
    const double z2 = z * z;
    const double centre = (p + z2 / (2 * total)) / (1 + z2 / total);
    const double half = z / (1 + z2 / total) * std::sqrt(p * (1 - p) / total + z2 / (4 * total * total));
    return {std::move(name), p, std::sqrt(p * (1 - p) / total), centre - half, centre + half, n};
}

Measure precision_gain(const std::vector<double>& a, const std::vector<double>& b) {
    const Moments ma(a);
    const Moments mb(b);
    double product = 0;
    for (std::size_t i = 0; i < a.size(); ++i) product += (a[i] - ma.mean) * (b[i] - mb.mean);
    const double rho2 = product * product / (ma.sum2 * mb.sum2);
    const double ratio = ma.sum2 / mb.sum2;
    return measure("precision_gain", 100 * (ratio - 1), 200 * ratio * std::sqrt((1 - rho2) / (ma.n - 1)), a.size());
}

Measure paired_difference(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> difference(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) difference[i] = b[i] - a[i];
    return mean_of("paired_difference", difference);
}

std::vector<Measure> against(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() < 2) return {};
    return {precision_gain(a, b), paired_difference(a, b)};
}

void Replicates::add(double value, double error, double low, double high, double true_value) {
    estimate.push_back(value);
    standard_error.push_back(error);
    lower.push_back(low);
    upper.push_back(high);
    truth.push_back(true_value);
}

void Replicates::complete() {
    const auto finite = [](double x) { return std::isfinite(x); };
    if (!std::all_of(truth.begin(), truth.end(), finite)) truth.clear();
    if (std::any_of(lower.begin(), lower.end(), finite)) return;
    lower.clear();
    upper.clear();
}

std::vector<Measure> performance(const Replicates& r, double level) {
    std::vector<Measure> rows;
    const std::size_t n = r.estimate.size();
    if (n < 2) return rows;
    rows.push_back(mean_of("mean", r.estimate));

    const bool known = !r.truth.empty();
    std::vector<double> error(n);
    for (std::size_t i = 0; i < n; ++i) error[i] = r.estimate[i] - (known ? r.truth[i] : 0);
    const Moments e(error);
    if (known) {
        rows.push_back(mean_of("bias", error));
        std::vector<double> relative;
        for (std::size_t i = 0; i < n; ++i)
            if (r.truth[i] != 0) relative.push_back(error[i] / r.truth[i]);
        if (relative.size() == n) rows.push_back(mean_of("relative_bias", relative));
    }
    rows.push_back(measure("empirical_se", e.sd(), e.sd() / std::sqrt(2 * (e.n - 1)), n));
    rows.push_back(measure("empirical_se_kurtosis", e.sd(), e.sd() * std::sqrt((e.kurtosis() - 1) / (4 * e.n)), n));
    if (known) {
        std::vector<double> square(n);
        for (std::size_t i = 0; i < n; ++i) square[i] = error[i] * error[i];
        const Measure mse = mean_of("mse", square);
        rows.push_back(mse);
        rows.push_back(measure("rmse", std::sqrt(mse.value), mse.mcse / (2 * std::sqrt(mse.value)), n));
    }

    std::vector<double> variance;
    std::vector<double> pull;
    for (std::size_t i = 0; i < n; ++i) {
        const double se = i < r.standard_error.size() ? r.standard_error[i] : not_a_number;
        if (!std::isfinite(se)) continue;
        variance.push_back(se * se);
        if (known && se > 0) pull.push_back(error[i] / se);
    }
    if (variance.size() >= 2) {
        const Moments v(variance);
        const double model = std::sqrt(v.mean);
        const double of_variance = v.sum2 / (v.n - 1);
        rows.push_back(measure("model_se", model, std::sqrt(of_variance / (4 * v.n * v.mean)), variance.size()));
        const double ratio = model / e.sd();
        rows.push_back(measure("model_se_error", 100 * (ratio - 1),
                               100 * ratio * std::sqrt(of_variance / (4 * v.n * v.mean * v.mean) + 1 / (2 * (e.n - 1))),
                               variance.size()));
    }

    const double z = normal_factor(level);
    std::size_t intervals = 0;
    std::size_t covered = 0;
    std::size_t covered_without_bias = 0;
    std::size_t powerful = 0;
    std::vector<double> width;
    for (std::size_t i = 0; i < n; ++i) {
        const double se = i < r.standard_error.size() ? r.standard_error[i] : not_a_number;
        const double lower = i < r.lower.size() ? r.lower[i] : r.estimate[i] - z * se;
        const double upper = i < r.upper.size() ? r.upper[i] : r.estimate[i] + z * se;
        if (!std::isfinite(upper - lower)) continue;
        ++intervals;
        width.push_back(upper - lower);
        if (known) {
            covered += lower <= r.truth[i] && r.truth[i] <= upper ? 1 : 0;
            const double shifted = r.truth[i] + e.mean;
            covered_without_bias += lower <= shifted && shifted <= upper ? 1 : 0;
        }
        powerful += lower > 0 || upper < 0 ? 1 : 0;
    }
    if (intervals > 0) {
        if (known) {
            rows.push_back(share("coverage", covered, intervals));
            rows.push_back(share("bias_eliminated_coverage", covered_without_bias, intervals));
        }
        rows.push_back(share("power", powerful, intervals));
    }
    if (pull.size() >= 2) {
        const Moments p(pull);
        rows.push_back(measure("pull_mean", p.mean, p.error_of_mean(), pull.size()));
        rows.push_back(measure("pull_width", p.sd(), p.sd() / std::sqrt(2 * (p.n - 1)), pull.size()));
    }
    if (width.size() >= 2) rows.push_back(mean_of("interval_width", width));
    return rows;
}

}  // namespace vitrum::validation
