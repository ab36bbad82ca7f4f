#include "vitrum/analysis/correlation/errors/g2_formula.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "vitrum/analysis/correlation/errors/pair_noise.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

std::vector<double> by_frames_apart(std::size_t frames, const SpeckleNoise& noise) {
    std::vector<double> g1(frames);
    for (std::size_t l = 0; l < frames; ++l) g1[l] = noise.g1(l);
    return g1;
}

class NoiseLaw {
public:
    NoiseLaw(std::size_t frames, const SpeckleNoise& noise)
        : frames_(static_cast<std::int64_t>(frames)),
          mu_(noise.mean),
          pair_(noise.modes, by_frames_apart(frames, noise)) {
        constexpr double nothing = 1e-4;
        while (reach_ + 1 < frames_ && pair_.g(reach_) > nothing) ++reach_;
        // Sums over a smooth law may take every k-th term: k is at most a twentieth of the decay time.
        std::int64_t decay = 0;
        while (decay + 1 < frames_ && pair_.g(decay) > std::exp(-1.0)) ++decay;
        stride_ = std::max<std::int64_t>(1, decay / 20);
    }

    // Sum over pairs (t, t+a), (t', t'+b) of the covariance of their deviations, per pixel.
    [[nodiscard]] double sum(std::size_t a, std::size_t b) const {
        const auto la = static_cast<std::int64_t>(a);
        const auto lb = static_cast<std::int64_t>(b);
        const std::int64_t na = frames_ - la;
        const std::int64_t nb = frames_ - lb;
        double total = 0;
        for (const auto& [first, last] : windows(la, lb, na, nb))
            for (std::int64_t u = first; u <= last; u += stride_) {
                const std::int64_t pairs = std::min(na, nb - u) - std::max<std::int64_t>(0, -u);
                const std::int64_t weight = std::min(stride_, last - u + 1);
                if (pairs > 0) total += static_cast<double>(pairs * weight) * pair_.speckle(la, lb, u);
            }
        total += 2 * static_cast<double>(std::min(na, nb)) * pair_.one_common_frame(la, lb, la - lb) / mu_;
        total += 2 * static_cast<double>(std::max<std::int64_t>(0, frames_ - la - lb)) *
                 pair_.one_common_frame(la, lb, la + lb) / mu_;
        if (a == b) total += static_cast<double>(na) * pair_.mean_product(la) / (mu_ * mu_);
        return total;
    }

private:
    // Ranges of u, apart and in order, where one frame of a pair is near one of the other pair.
    [[nodiscard]] std::vector<std::pair<std::int64_t, std::int64_t>> windows(std::int64_t a, std::int64_t b,
                                                                             std::int64_t na, std::int64_t nb) const {
        std::array<std::int64_t, 4> centres{0, a - b, a, -b};
        std::sort(centres.begin(), centres.end());
        std::vector<std::pair<std::int64_t, std::int64_t>> out;
        for (const std::int64_t c : centres) {
            const std::int64_t first = std::max(c - reach_, 1 - na);
            const std::int64_t last = std::min(c + reach_, nb - 1);
            if (first > last) continue;
            if (!out.empty() && first <= out.back().second + 1)
                out.back().second = std::max(out.back().second, last);
            else
                out.emplace_back(first, last);
        }
        return out;
    }

    std::int64_t frames_;
    double mu_;
    PairNoise pair_;
    std::int64_t reach_ = 0;
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
