#include "analysis/correlation/correlated_noise.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace vitrum::analysis {

namespace {

using Times = std::vector<std::size_t>;

struct Moments {
    double modes;
    double mean;
    const std::vector<double>& g1;  // by frames apart

    [[nodiscard]] double field(std::size_t a, std::size_t b) const {
        const std::size_t apart = a > b ? a - b : b - a;
        return apart < g1.size() ? g1[apart] : 0.0;
    }

    // <I(t_1) .. I(t_n)>
    [[nodiscard]] double intensity(const Times& t) const {
        std::vector<std::size_t> sigma(t.size());
        std::iota(sigma.begin(), sigma.end(), std::size_t{0});
        double sum = 0;
        do {
            double term = 1;
            for (std::size_t i = 0; i < t.size(); ++i) term *= field(t[i], t[sigma[i]]);
            if (term == 0) continue;
            int cycles = 0;
            std::vector<bool> seen(t.size(), false);
            for (std::size_t i = 0; i < t.size(); ++i) {
                if (seen[i]) continue;
                ++cycles;
                for (std::size_t j = i; !seen[j]; j = sigma[j]) seen[j] = true;
            }
            sum += term * std::pow(modes, cycles - static_cast<int>(t.size()));
        } while (std::next_permutation(sigma.begin(), sigma.end()));
        return sum;
    }

    // <x(t_1) .. x(t_n)> of counts over their mean; no frame stands in it more than twice.
    [[nodiscard]] double counts(const Times& t, std::size_t from = 0) const {
        for (std::size_t i = from; i < t.size(); ++i)
            for (std::size_t j = i + 1; j < t.size(); ++j)
                if (t[i] == t[j]) {
                    Times once = t;
                    once.erase(once.begin() + static_cast<std::ptrdiff_t>(j));
                    return counts(t, i + 1) + counts(once, i + 1) / mean;
                }
        return intensity(t);
    }
};

}  // namespace

std::vector<double> entry_covariance(const EntryNoise& noise, std::size_t lag, std::size_t values) {
    std::vector<double> g1;
    for (std::size_t k = 0; k <= lag + values; ++k) {
        g1.push_back(std::exp(-std::pow(static_cast<double>(k) / noise.tau, noise.beta)));
        if (g1.back() < 1e-9) break;
    }
    const Moments m{noise.modes, noise.mean, g1};
    const double c = m.counts({0, lag});
    std::vector<double> covariance(values, 0.0);
    for (std::size_t s = 0; s < values; ++s) {
        if (s > lag + g1.size()) break;  // nothing in common
        // Of r = x1 x2 - C (x1 + x2 - 1), the first order of C in the sums over pixels.
        const std::size_t u = s + lag;
        const double both = m.counts({0, lag, s, u});
        const double first = m.counts({0, lag, s}) + m.counts({0, lag, u});
        const double second = m.counts({0, s, u}) + m.counts({lag, s, u});
        const double single = m.counts({0, s}) + m.counts({0, u}) + m.counts({lag, s}) + m.counts({lag, u});
        // <r r'> with <x> = 1: the constants of the four terms add to -C^2.
        covariance[s] = (both - c * (first + second) + c * c * single + 2 * c * c - 4 * c * c + c * c) / noise.pixels;
    }
    return covariance;
}

double in_run_variance(const std::vector<double>& covariance, std::size_t n) {
    const auto count = static_cast<double>(n);
    double sum = count * covariance.at(0);
    for (std::size_t k = 1; k < std::min(n, covariance.size()); ++k)
        sum += 2 * (count - static_cast<double>(k)) * covariance[k];
    return count / (count - 1) * (covariance[0] - sum / (count * count));
}

}  // namespace vitrum::analysis
