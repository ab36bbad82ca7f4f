#include "analysis/correlation/g2_formula.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "core/error.hpp"
#include "core/estimate.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"

namespace vitrum::analysis {

namespace {

class NoiseLaw {
public:
    NoiseLaw(std::size_t frames, const SpeckleNoise& noise) : m_(noise.modes), mu_(noise.mean) {
        constexpr double nothing = 1e-4;
        g_.resize(frames);
        for (std::size_t l = 0; l < frames; ++l) g_[l] = noise.g1(l);
        while (reach_ + 1 < frames && g_[reach_] > nothing) ++reach_;
        // Sums over a smooth law may take every k-th term: k is at most a twentieth of the decay time.
        std::size_t decay = 0;
        while (decay + 1 < frames && g_[decay] > std::exp(-1.0)) ++decay;
        stride_ = std::max<std::int64_t>(1, static_cast<std::int64_t>(decay) / 20);
    }

    // Sum over pairs (t, t+a), (t', t'+b) of the covariance of their deviations, per pixel.
    [[nodiscard]] double sum(std::size_t a, std::size_t b) const {
        const auto frames = static_cast<std::int64_t>(g_.size());
        const auto la = static_cast<std::int64_t>(a);
        const auto lb = static_cast<std::int64_t>(b);
        const std::int64_t na = frames - la;
        const std::int64_t nb = frames - lb;
        double total = 0;
        for (const auto& [first, last] : windows(la, lb, na, nb))
            for (std::int64_t u = first; u <= last; u += stride_) {
                const std::int64_t pairs = std::min(na, nb - u) - std::max<std::int64_t>(0, -u);
                const std::int64_t weight = std::min(stride_, last - u + 1);
                if (pairs > 0) total += static_cast<double>(pairs * weight) * speckle(la, lb, u);
            }
        total += 2 * static_cast<double>(std::min(na, nb)) * one_common_frame(la, lb, la - lb) / mu_;
        total += 2 * static_cast<double>(std::max<std::int64_t>(0, frames - la - lb)) *
                 one_common_frame(la, lb, la + lb) / mu_;
        if (a == b) total += static_cast<double>(na) * mean_product(la) / (mu_ * mu_);
        return total;
    }

private:
    [[nodiscard]] double g(std::int64_t lag) const {
        const auto l = static_cast<std::size_t>(lag < 0 ? -lag : lag);
        return l < g_.size() ? g_[l] : 0;
    }
    [[nodiscard]] double pair(std::int64_t lag) const { return g(lag) * g(lag) / m_; }
    [[nodiscard]] double triple(std::int64_t a, std::int64_t b, std::int64_t between) const {
        return 2 * g(a) * g(b) * g(between) / (m_ * m_);
    }
    [[nodiscard]] double mean_product(std::int64_t lag) const { return 1 + pair(lag); }

    // <I (I_a - C_a)(I_b - C_b)>, both a lag away from the frame of I.
    [[nodiscard]] double one_common_frame(std::int64_t a, std::int64_t b, std::int64_t between) const {
        return 1 + pair(a) + pair(b) + pair(between) + triple(a, b, between) - mean_product(a) * mean_product(b);
    }

    // Frames 1, 2 = 0, a and 3, 4 = u, u + b.
    [[nodiscard]] double speckle(std::int64_t a, std::int64_t b, std::int64_t u) const {
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

    // Ranges of u, apart and in order, where one frame of a pair is near one of the other pair.
    [[nodiscard]] std::vector<std::pair<std::int64_t, std::int64_t>> windows(std::int64_t a, std::int64_t b,
                                                                             std::int64_t na, std::int64_t nb) const {
        std::array<std::int64_t, 4> centres{0, a - b, a, -b};
        std::sort(centres.begin(), centres.end());
        std::vector<std::pair<std::int64_t, std::int64_t>> out;
        for (const std::int64_t c : centres) {
            const std::int64_t first = std::max(c - static_cast<std::int64_t>(reach_), 1 - na);
            const std::int64_t last = std::min(c + static_cast<std::int64_t>(reach_), nb - 1);
            if (first > last) continue;
            if (!out.empty() && first <= out.back().second + 1)
                out.back().second = std::max(out.back().second, last);
            else
                out.emplace_back(first, last);
        }
        return out;
    }

    double m_, mu_;
    std::vector<double> g_;
    std::size_t reach_ = 0;
    std::int64_t stride_ = 1;
};

}  // namespace

Eigen::MatrixXd g2_covariance(std::size_t frames, std::size_t lags, const SpeckleNoise& noise) {
    const NoiseLaw law(frames, noise);
    const auto n = static_cast<Eigen::Index>(lags);
    Eigen::MatrixXd covariance(n, n);
    for_each_block(lags, 8, [&](std::size_t, std::size_t begin, std::size_t end) {
        check_interrupt();
        for (std::size_t i = begin; i < end; ++i)
            for (std::size_t j = 0; j <= i; ++j) {
                const double pairs = static_cast<double>(frames - i - 1) * static_cast<double>(frames - j - 1);
                covariance(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
                    law.sum(i + 1, j + 1) / (noise.pixels * pairs);
            }
    });
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < i; ++j) covariance(j, i) = covariance(i, j);
    return covariance;
}

void add_formula_errors(Curve& g2, std::size_t frames, std::size_t lags, const SpeckleNoise& noise) {
    if (lags > most_formula_lags)
        throw InputError(fmt::format("errors = formula: {} lags; at most {}: give a max_lag, or errors = pixels", lags,
                                     most_formula_lags));
    const Eigen::LDLT<Eigen::MatrixXd> parts(g2_covariance(frames, lags, noise));
    const Eigen::MatrixXd lower = parts.matrixL();
    const Eigen::VectorXd root = parts.vectorD().cwiseMax(0.0).cwiseSqrt();
    const Eigen::MatrixXd factor = parts.transpositionsP().transpose() * (lower * root.asDiagonal());
    g2.covariance_factor = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(g2.size()), factor.cols());
    g2.covariance_factor.topRows(factor.rows()) = factor;
    g2.y_error.assign(g2.size(), not_a_number);
    for (std::size_t i = 0; i < lags; ++i) g2.y_error[i] = factor.row(static_cast<Eigen::Index>(i)).norm();
    g2.degrees_of_freedom = std::numeric_limits<double>::infinity();
    g2.error_method = "formula: counting and speckle noise of independent pixels";
}

}  // namespace vitrum::analysis
