// The noise of two entries against a sum over all permutations of the field's correlations.
#include "vitrum/analysis/correlation/errors/pair_noise.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "vitrum/analysis/correlation/errors/correlated_noise.hpp"

namespace vitrum::analysis {
namespace {

using Times = std::vector<std::int64_t>;

// Wick's theorem for M modes, <I_1 .. I_n> = sum_sigma M^(cycles of sigma - n) prod_i g1(t_i - t_sigma(i)), <I> = 1.
struct Wick {
    double modes;
    double mean;
    double tau, beta;

    [[nodiscard]] double field(std::int64_t a, std::int64_t b) const {
        return std::exp(-std::pow(std::abs(static_cast<double>(a - b)) / tau, beta));
    }

    [[nodiscard]] double intensity(const Times& t) const {
        std::vector<std::size_t> sigma(t.size());
        std::iota(sigma.begin(), sigma.end(), std::size_t{0});
        double sum = 0;
        do {
            double term = 1;
            int cycles = 0;
            std::vector<bool> seen(t.size(), false);
            for (std::size_t i = 0; i < t.size(); ++i) {
                term *= field(t[i], t[sigma[i]]);
                cycles += seen[i] ? 0 : 1;
                for (std::size_t j = i; !seen[j]; j = sigma[j]) seen[j] = true;
            }
            sum += term * std::pow(modes, cycles - static_cast<int>(t.size()));
        } while (std::next_permutation(sigma.begin(), sigma.end()));
        return sum;
    }

    // <x(t_1) .. x(t_n)> of counts over their mean, <x^2 | I> = I^2 + I/mu; no frame stands in it more than twice.
    [[nodiscard]] double counts(const Times& t, std::size_t from = 0) const {
        for (std::size_t i = from; i < t.size(); ++i)
            for (std::size_t j = i + 1; j < t.size(); ++j)
                if (t[i] == t[j]) {
                    Times once;
                    for (std::size_t k = 0; k < t.size(); ++k)
                        if (k != j) once.push_back(t[k]);
                    return counts(t, i + 1) + counts(once, i + 1) / mean;
                }
        return intensity(t);
    }

    // <r r'> of r = x_1 x_2 - C (x_1 + x_2 - 1), the first order of an entry in the sums over pixels.
    [[nodiscard]] double covariance(std::int64_t a, std::int64_t b, std::int64_t u) const {
        const double ca = counts({0, a});
        const double cb = counts({u, u + b});
        const double both = counts({0, a, u, u + b});
        const double first = counts({0, a, u}) + counts({0, a, u + b});
        const double second = counts({0, u, u + b}) + counts({a, u, u + b});
        const double single = counts({0, u}) + counts({0, u + b}) + counts({a, u}) + counts({a, u + b});
        // With <x> = 1 the constants come to -ca cb.
        return both - cb * first - ca * second + ca * cb * single - ca * cb;
    }
};

// Moments of at most 24 terms near 1 (of 1/mu^2 where frames are shared): rounding is far below 1e-11 of them.
double rounding(double mean) { return 1e-11 * (1 + 1 / (mean * mean)); }

TEST(PairNoise, IsTheSumOverPermutations) {
    for (const double modes : {1.0, 2.5, 20.0})
        for (const double mean : {0.05, 3.0})
            for (const double beta : {0.7, 1.6}) {
                const Wick wick{modes, mean, 4, beta};
                std::vector<double> g1;
                for (std::int64_t k = 0; k < 40; ++k) g1.push_back(wick.field(0, k));
                const PairNoise pair(modes, g1);
                for (const std::int64_t a : {1, 5})
                    for (const std::int64_t b : {1, 3, 5})
                        for (std::int64_t u = -12; u <= 12; ++u) {
                            double sum = pair.speckle(a, b, u);
                            const Times other{u, u + b};
                            for (const std::int64_t mine : {std::int64_t{0}, a})
                                for (const auto its : other)
                                    if (mine == its)
                                        sum += pair.one_common_frame(a, b, (a - mine) - (u + u + b - its)) / mean;
                            if (u == 0 && a == b) sum += pair.mean_product(a) / (mean * mean);
                            EXPECT_NEAR(sum, wick.covariance(a, b, u), rounding(mean)) << a << " " << b << " " << u;
                        }
            }
}

TEST(PairNoise, AlongOneDiagonal) {
    for (const double modes : {1.0, 7.0})
        for (const double mean : {0.02, 2.0})
            for (const std::size_t lag : {1UL, 6UL}) {
                const Wick wick{modes, mean, 6, 1.5};
                const auto k = entry_covariance({10, modes, mean, 6, 1.5}, lag, 30);
                for (std::size_t s = 0; s < k.size(); ++s)
                    EXPECT_NEAR(10 * k[s],
                                wick.covariance(static_cast<std::int64_t>(lag), static_cast<std::int64_t>(lag),
                                                static_cast<std::int64_t>(s)),
                                rounding(mean))
                        << lag << " " << s;
            }
}

}  // namespace
}  // namespace vitrum::analysis
