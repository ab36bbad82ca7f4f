// Moments of the noise of two entries of a two-time map, for M equal modes of a stationary complex Gaussian field of
// real g1, <I> = 1. To order 1/N of N independent pixels, per pixel (divide by N); counts of mean mu are Poisson. The
// covariance of two entries has two parts:
//   speckle    from the joint cumulants of M Gaussian modes, kappa(I1..Ik) = M^(1-k) times the sum over cycles of g1
//   counting   independent between frames given the intensities: one_common_frame / mu for each frame that stands in
//              both, and mean_product / mu^2 where both frames do
// Derived from the moments; the tests sum over all permutations instead (Wick's theorem).
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace vitrum::analysis {

class PairNoise {
public:
    // g1 by frames apart, 1 at 0; 0 beyond its end.
    PairNoise(double modes, std::vector<double> g1) : m_(modes), g_(std::move(g1)) {}

    [[nodiscard]] double g(std::int64_t lag) const {
        const auto l = static_cast<std::size_t>(lag < 0 ? -lag : lag);
        return l < g_.size() ? g_[l] : 0;
    }

    // C = <I I_lag>
    [[nodiscard]] double mean_product(std::int64_t lag) const { return 1 + pair(lag); }

    // <I (I_a - C_a)(I_b - C_b)>, both a lag away from the frame of I and `between` apart.
    [[nodiscard]] double one_common_frame(std::int64_t a, std::int64_t b, std::int64_t between) const {
        return 1 + pair(a) + pair(b) + pair(between) + triple(a, b, between) - mean_product(a) * mean_product(b);
    }

    // Of the intensities alone, entries C(0, a) and C(u, u + b).
    [[nodiscard]] double speckle(std::int64_t a, std::int64_t b, std::int64_t u) const {
        // Frames 1, 2 = 0, a and 3, 4 = u, u + b.
        const double g12 = g(a);
        const double g34 = g(b);
        const double g13 = g(u);
        const double g14 = g(u + b);
        const double g23 = g(u - a);
        const double g24 = g(u + b - a);
        const double k13 = g13 * g13 / m_;
        const double k14 = g14 * g14 / m_;
        const double k23 = g23 * g23 / m_;
        const double k24 = g24 * g24 / m_;
        const double three = 2 / (m_ * m_);
        const double k123 = three * g12 * g13 * g23;
        const double k124 = three * g12 * g14 * g24;
        const double k134 = three * g13 * g14 * g34;
        const double k234 = three * g23 * g24 * g34;
        const double k1234 =
            2 * (g12 * g23 * g34 * g14 + g12 * g24 * g34 * g13 + g13 * g23 * g24 * g14) / (m_ * m_ * m_);
        const double singles = k13 + k14 + k23 + k24;
        const double ca = 1 + g12 * g12 / m_;
        const double cb = 1 + g34 * g34 / m_;
        const double products = k1234 + k123 + k124 + k134 + k234 + singles + k13 * k24 + k14 * k23;
        const double with_second_mean = k123 + k13 + k23 + k124 + k14 + k24;
        const double with_first_mean = k134 + k13 + k14 + k234 + k23 + k24;
        return products - cb * with_second_mean - ca * with_first_mean + ca * cb * singles;
    }

private:
    [[nodiscard]] double pair(std::int64_t lag) const { return g(lag) * g(lag) / m_; }
    [[nodiscard]] double triple(std::int64_t a, std::int64_t b, std::int64_t between) const {
        return 2 * g(a) * g(b) * g(between) / (m_ * m_);
    }

    double m_;
    std::vector<double> g_;
};

}  // namespace vitrum::analysis
