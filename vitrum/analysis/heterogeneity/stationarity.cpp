#include "vitrum/analysis/heterogeneity/stationarity.hpp"

#include <cmath>
#include <numbers>

#include <Eigen/Dense>
#include <boost/math/distributions/fisher_f.hpp>
#include <fmt/format.h>

#include "vitrum/analysis/heterogeneity/short_lags.hpp"

namespace vitrum::analysis {

namespace {

constexpr int waves = 4;
constexpr std::size_t fewest_groups = 12;
constexpr std::size_t fewest_frames = 40;
constexpr std::size_t fewest_blocks = 8;
constexpr std::size_t most_blocks = 20;

double upper_tail(double f, double first, double second) {
    return boost::math::cdf(boost::math::complement(boost::math::fisher_f(first, second), f));
}

Estimate row(const char* what, double p, std::string note) {
    return make_estimate(what, {}, p, not_a_number, std::numeric_limits<double>::infinity(),
                         std::isfinite(p) ? Status::ok : Status::no_data, std::move(note));
}

// cos(pi k (t + 1/2)/n) less its mean over the known t.
std::vector<double> wave(const std::vector<double>& trace, int k) {
    const auto n = static_cast<double>(trace.size());
    std::vector<double> phi(trace.size(), 0.0);
    double sum = 0;
    double known = 0;
    for (std::size_t t = 0; t < trace.size(); ++t) {
        if (std::isnan(trace[t])) continue;
        phi[t] = std::cos(std::numbers::pi * k * (static_cast<double>(t) + 0.5) / n);
        sum += phi[t];
        known += 1;
    }
    for (std::size_t t = 0; t < trace.size(); ++t) phi[t] = std::isnan(trace[t]) ? 0 : (phi[t] - sum / known) / known;
    return phi;
}

Estimate by_groups(const GroupTraces& traces, const std::vector<double>& weights) {
    const auto groups = static_cast<Eigen::Index>(traces.groups);
    Eigen::VectorXd x = Eigen::VectorXd::Zero(waves);
    Eigen::MatrixXd share = Eigen::MatrixXd::Zero(waves, groups);
    for (std::size_t d = 0; d < traces.lags.size(); ++d)
        for (int k = 1; k <= waves; ++k) {
            const auto phi = wave(traces.whole[d], k);
            for (std::size_t t = 0; t < phi.size(); ++t) {
                if (phi[t] == 0) continue;
                const double w = weights[d] * phi[t];
                x[k - 1] += w * (traces.whole[d][t] - 1);
                for (Eigen::Index g = 0; g < groups; ++g)
                    share(k - 1, g) += w * traces.share[d][t * traces.groups + static_cast<std::size_t>(g)];
            }
        }
    const auto n = static_cast<double>(groups);
    const Eigen::MatrixXd covariance = share * share.transpose() / (n - 1);
    const double t2 = n * x.dot(covariance.ldlt().solve(x));
    const double f = (n - waves) / (waves * (n - 1)) * t2;
    if (!(f >= 0)) return row("stationarity_p", not_a_number, "the map does not vary");
    return row("stationarity_p", upper_tail(f, waves, n - waves),
               fmt::format("F = {:.3g} on {} and {} degrees of freedom; lags 1 to {} frames, {} groups of pixels", f,
                           waves, groups - waves, traces.lags.back(), groups));
}

Estimate by_blocks(const GroupTraces& traces, const std::vector<double>& weights) {
    const std::size_t longest = traces.lags.back();
    const std::size_t n = traces.frames - longest;
    const std::size_t blocks = std::min(most_blocks, n / std::max<std::size_t>(4 * longest, 8));
    if (blocks < fewest_blocks)
        return row(
            "trend_p", not_a_number,
            fmt::format("fewer than {} blocks of {} frames", fewest_blocks, std::max<std::size_t>(4 * longest, 8)));
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(blocks));
    for (std::size_t d = 0; d < traces.lags.size(); ++d)
        for (std::size_t b = 0; b < blocks; ++b) {
            double sum = 0;
            double known = 0;
            for (std::size_t t = b * n / blocks; t < (b + 1) * n / blocks; ++t)
                if (!std::isnan(traces.whole[d][t])) {
                    sum += traces.whole[d][t] - 1;
                    known += 1;
                }
            if (known == 0) return row("trend_p", not_a_number, "a block of time without a known value");
            mean[static_cast<Eigen::Index>(b)] += weights[d] * sum / known;
        }
    mean.array() -= mean.mean();
    double explained = 0;
    for (int k = 1; k <= 2; ++k) {
        Eigen::VectorXd phi(static_cast<Eigen::Index>(blocks));
        for (Eigen::Index b = 0; b < phi.size(); ++b)
            phi[b] = std::cos(std::numbers::pi * k * (static_cast<double>(b) + 0.5) / static_cast<double>(blocks));
        explained += std::pow(phi.dot(mean), 2) / phi.squaredNorm();
    }
    const double second = static_cast<double>(blocks) - 3;
    const double f = explained / 2 / ((mean.squaredNorm() - explained) / second);
    if (!(f >= 0)) return row("trend_p", not_a_number, "the map does not vary");
    return row("trend_p", upper_tail(f, 2, second),
               fmt::format("F = {:.3g} on 2 and {:.0f} degrees of freedom; {} blocks of {} frames", f, second, blocks,
                           n / blocks));
}

}  // namespace

std::vector<Estimate> stationarity(const GroupTraces& traces) {
    std::vector<Estimate> rows;
    const bool enough = traces.frames >= fewest_frames && traces.frames > 4 * traces.lags.back();
    const auto weights = lag_weights(traces);
    if (traces.groups > 0)
        rows.push_back(enough && traces.groups >= fewest_groups
                           ? by_groups(traces, weights)
                           : row("stationarity_p", not_a_number,
                                 fmt::format("needs {} frames and {} groups of pixels", fewest_frames, fewest_groups)));
    rows.push_back(enough ? by_blocks(traces, weights)
                          : row("trend_p", not_a_number, fmt::format("needs {} frames", fewest_frames)));
    return rows;
}

}  // namespace vitrum::analysis
