#include "vitrum/validation/bounds/simple_bounds.hpp"

#include <cmath>
#include <vector>

#include <Eigen/Dense>
#include <boost/random/exponential_distribution.hpp>
#include <ceres/jet.h>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/analysis/avalanche/power_law.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/model/avalanche/power_law_source.hpp"

namespace vitrum::validation {
namespace {

// Errors that are all alike: sigma^2/sum (x - mean)^2 and sigma^2 (1/n + mean^2/sum (x - mean)^2). Unlike: S/D and
// Sxx/D, S = sum 1/error^2, D = S Sxx - Sx^2.
TEST(Bounds, StraightLineOfTextbooks) {
    const auto alike = line_bounds({1, 2, 3, 4, 5}, std::vector<double>(5, 0.5));
    EXPECT_EQ(alike[0].quantity, "intercept");
    EXPECT_EQ(alike[1].kind, BoundKind::exact);
    EXPECT_NEAR(alike[0].variance, 0.25 * (1.0 / 5 + 9.0 / 10), 1e-14);
    EXPECT_NEAR(alike[1].variance, 0.25 / 10, 1e-14);
    const std::vector<double> x{-1, 0.5, 2, 7};
    const std::vector<double> error{1, 0.5, 2, 0.1};
    double s = 0;
    double sx = 0;
    double sxx = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double w = 1 / (error[i] * error[i]);
        s += w;
        sx += w * x[i];
        sxx += w * x[i] * x[i];
    }
    const auto unlike = line_bounds(x, error, "tau_0", "rate");
    EXPECT_EQ(unlike[1].quantity, "rate");
    EXPECT_NEAR(unlike[0].variance, sxx / (s * sxx - sx * sx), 1e-12);
    EXPECT_NEAR(unlike[1].variance, s / (s * sxx - sx * sx), 1e-12);
    const auto upright = line_bounds({3, 3}, {1, 1});
    EXPECT_EQ(upright[0].kind, BoundKind::none);
    EXPECT_TRUE(std::isnan(upright[0].variance));
    EXPECT_MESSAGE(line_bounds({1, 2}, {1}), "2 points with 1 errors");
    EXPECT_MESSAGE(line_bounds({1, 2}, {1, 0}), "not positive definite");
}

// Efficiency and its jackknife against the definition: the variance of each set with one estimate left out.
TEST(Bounds, EfficiencyByHand) {
    const std::vector<double> x{1, 2, 4, 4, 9, 10};
    const Bound bound{"tau", 3, BoundKind::exact, ""};
    const auto variance = [](const std::vector<double>& v) {
        double mean = 0;
        for (const double a : v) mean += a / static_cast<double>(v.size());
        double sum = 0;
        for (const double a : v) sum += (a - mean) * (a - mean);
        return sum / static_cast<double>(v.size() - 1);
    };
    std::vector<double> left;
    for (std::size_t i = 0; i < x.size(); ++i) {
        auto rest = x;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
        left.push_back(3 / variance(rest));
    }
    const Measure m = efficiency(bound, x);
    EXPECT_NEAR(m.value, 3 / variance(x), 1e-14);
    EXPECT_NEAR(m.mcse, std::sqrt(variance(left) * 25.0 / 6), 1e-13);
    EXPECT_NEAR(m.upper - m.value, 1.959964 * m.mcse, 1e-6);
    EXPECT_EQ(m.replicates, 6U);
    EXPECT_NEAR(efficiency(with_bias(bound, 0.5), x).value, 2.25 * m.value, 1e-14);
    EXPECT_TRUE(std::isnan(efficiency({"tau", 3, BoundKind::none, ""}, x).value));
    EXPECT_TRUE(std::isnan(efficiency(bound, {1, 2}).value));
    EXPECT_TRUE(std::isnan(efficiency(bound, {2, 2, 2}).value));
}

std::vector<double> exponents(double alpha, std::size_t n, std::size_t replicates) {
    model::PowerLaw law;
    law.alpha = alpha;
    std::vector<double> sizes(n);
    std::vector<double> estimates;
    for (std::size_t r = 0; r < replicates; ++r) {
        model::draw_sizes(law, {3, cell_id("bounds"), r}, sizes);
        estimates.push_back(analysis::fit_power_law(sizes, {}).alpha);
    }
    return estimates;
}

// Maximum likelihood at n = 50 has 1/1.0846 of the bound for unbiased estimators and (n-2)/n of the bound with its own
// bias; at n = 1000 it reaches the bound to 0.4 %. 40000 and 8000 replicates, 4.9 jackknife errors (1e-6 each).
TEST(Bounds, MaximumLikelihoodReachesThatOfAPowerLaw) {
    const Bound fifty = power_law_bound(2.5, 50);
    EXPECT_NEAR(fifty.variance, 1.5 * 1.5 / 50, 1e-14);
    const auto estimates = exponents(2.5, 50, 40000);
    const Measure m = efficiency(fifty, estimates);
    EXPECT_NEAR(m.value, 1 / 1.0846, 4.9 * m.mcse);
    EXPECT_LT(m.mcse, 0.01);
    // Relative error of a variance, from the kurtosis of 1/Gamma(50).
    EXPECT_NEAR(m.mcse / m.value, std::sqrt((2 + 6 * 239.0 / (47 * 46)) / 40000), 0.1 * m.mcse);
    const Measure biased = efficiency(with_bias(fifty, 1.0 / 49), estimates);
    EXPECT_NEAR(biased.value, 48.0 / 50, 4.9 * biased.mcse);
    const Measure many = efficiency(power_law_bound(2.5, 1000), exponents(2.5, 1000, 8000));
    EXPECT_NEAR(many.value, 999.0 * 999 * 998 / 1e9, 4.9 * many.mcse);
    EXPECT_MESSAGE(power_law_bound(1, 50), "alpha = 1 with 50 sizes");
}

// Dwell times of 2n jumps; each rate by maximum likelihood n/sum is the power law's case, so variance over bound is
// n^3/((n-1)^2 (n-2)); tau = 1/(sum of rates) reaches its bound to order 1/n. 20000 replicates, 4.9 errors (1e-6 each).
TEST(Bounds, RatesFromJumpsAreReached) {
    const TwoLevelRates rates{3, 0.5};
    constexpr std::size_t n = 60;
    constexpr double size = n;
    std::vector<double> up;
    std::vector<double> down;
    std::vector<double> tau;
    for (std::size_t r = 0; r < 20000; ++r) {
        Stream stream({4, cell_id("jumps"), r}, Purpose::test, 0);
        double before_up = 0;
        double before_down = 0;
        for (std::size_t i = 0; i < n; ++i) {
            before_up += boost::random::exponential_distribution<double>(rates.up)(stream);
            before_down += boost::random::exponential_distribution<double>(rates.down)(stream);
        }
        up.push_back(size / before_up);
        down.push_back(size / before_down);
        tau.push_back(1 / (up.back() + down.back()));
    }
    const auto bounds = jump_bounds(rates, 2 * n);
    const double exact = (size - 1) * (size - 1) * (size - 2) / (size * size * size);
    const Measure of_up = efficiency(bounds[0], up);
    const Measure of_down = efficiency(bounds[1], down);
    const Measure of_tau = efficiency(bounds[2], tau);
    EXPECT_NEAR(of_up.value, exact, 4.9 * of_up.mcse);
    EXPECT_NEAR(of_down.value, exact, 4.9 * of_down.mcse);
    EXPECT_EQ(bounds[2].quantity, "tau");
    EXPECT_NEAR(bounds[2].variance, std::pow(3.5, -4) * (9 + 0.25) / size, 1e-14);
    EXPECT_NEAR(of_tau.value, 1, 2 / size + 4.9 * of_tau.mcse);
    // An odd number has one jump up more; one alone says nothing of the way down.
    EXPECT_NEAR(jump_bounds(rates, 3)[0].variance, 9.0 / 2, 1e-13);
    EXPECT_NEAR(jump_bounds(rates, 3)[1].variance, 0.25, 1e-13);
    EXPECT_NEAR(jump_bounds(rates, 1)[0].variance, 9, 1e-13);
    EXPECT_EQ(jump_bounds(rates, 1)[2].kind, BoundKind::none);
    EXPECT_EQ(jump_bounds(rates, 0)[0].kind, BoundKind::none);
    EXPECT_MESSAGE(jump_bounds({0, 1}, 4), "rates 0 and 1 1/s");
}

using Jet2 = ceres::Jet<double, 2>;
using Jet4 = ceres::Jet<double, 4>;

// Derivatives by automatic differentiation of the law itself, information and inverse written out.
TEST(Bounds, RatesFromARelaxation) {
    const TwoLevelRates rates{0.8, 0.3};
    const std::vector<double> times{0.1, 0.5, 1, 2, 6};
    const std::vector<double> error{0.01, 0.02, 0.02, 0.01, 0.05};
    Eigen::Matrix2d information = Eigen::Matrix2d::Zero();
    const Jet2 up(rates.up, 0);
    const Jet2 down(rates.down, 1);
    for (std::size_t i = 0; i < times.size(); ++i) {
        const Jet2 equilibrium = up / (up + down);
        const Jet2 p = equilibrium + (0.9 - equilibrium) * exp(-(up + down) * times[i]);
        information += p.v * p.v.transpose() / (error[i] * error[i]);
    }
    const Jet2 tau = 1.0 / (up + down);
    const Eigen::Matrix2d inverse = information.inverse();
    const auto bounds = relaxation_bounds(rates, 0.9, times, error);
    EXPECT_NEAR(bounds[0].variance, inverse(0, 0), 1e-10 * inverse(0, 0));
    EXPECT_NEAR(bounds[1].variance, inverse(1, 1), 1e-10 * inverse(1, 1));
    EXPECT_NEAR(bounds[2].variance, tau.v.dot(inverse * tau.v), 1e-10 * bounds[2].variance);
    // Long after the relaxation only the ratio of the rates is left.
    EXPECT_EQ(relaxation_bounds(rates, 0.9, {1000, 2000}, {0.01, 0.01})[2].kind, BoundKind::none);
}

TEST(Bounds, KwwCurveWithCorrelatedErrors) {
    const std::vector<double> lags{0, 0.5, 1, 2, 4, 8, 16};
    const Eigen::Index n = 7;
    Eigen::MatrixXd covariance(n, n);
    Eigen::MatrixXd derivatives(n, 4);
    const Jet4 tau(3, 0);
    const Jet4 beta(1.3, 1);
    const Jet4 contrast(0.2, 2);
    const Jet4 baseline(1, 3);
    for (Eigen::Index i = 0; i < n; ++i) {
        for (Eigen::Index j = 0; j < n; ++j)
            covariance(i, j) = 1e-4 * std::exp(-0.7 * std::abs(static_cast<double>(i - j)));
        const double lag = lags[static_cast<std::size_t>(i)];
        const Jet4 y = baseline + contrast * (lag > 0 ? exp(-2.0 * pow(lag / tau, beta)) : Jet4(1));
        derivatives.row(i) = y.v.transpose();
    }
    const Eigen::MatrixXd all = (derivatives.transpose() * covariance.inverse() * derivatives).inverse();
    const auto bounds = kww_curve_bounds({3, 1.3, 0.2, false}, lags, covariance);
    ASSERT_EQ(bounds.size(), 4U);
    for (Eigen::Index k = 0; k < 4; ++k)
        EXPECT_NEAR(bounds[static_cast<std::size_t>(k)].variance, all(k, k), 1e-8 * all(k, k)) << k;
    const Eigen::MatrixXd fixed =
        (derivatives.leftCols(3).transpose() * covariance.inverse() * derivatives.leftCols(3)).inverse();
    const auto known = kww_curve_bounds({3, 1.3, 0.2, true}, lags, covariance);
    ASSERT_EQ(known.size(), 3U);
    EXPECT_NEAR(known[0].variance, fixed(0, 0), 1e-8 * fixed(0, 0));
    EXPECT_LT(known[0].variance, bounds[0].variance);
}

// The information as its definition says, sum of p (d ln p/dcontrast)^2 over counts, ln p differentiated numerically;
// and mean counts and contrast do not mix.
TEST(Bounds, ContrastOfNegativeBinomialCounts) {
    const auto log_p = [](double k, double mean, double contrast) {
        const double m = 1 / contrast;
        return std::lgamma(k + m) - std::lgamma(m) - std::lgamma(k + 1) - m * std::log1p(mean / m) +
               k * std::log(mean / (m + mean));
    };
    for (const double mean : {0.01, 0.5, 20.0})
        for (const double contrast : {0.1, 0.4, 1.0}) {
            double information = 0;
            double mixed = 0;
            const double h = 1e-4 * contrast;
            for (double k = 0; k < 600; ++k) {
                const double p = std::exp(log_p(k, mean, contrast));
                const double by_contrast = (log_p(k, mean, contrast + h) - log_p(k, mean, contrast - h)) / (2 * h);
                const double by_mean =
                    (log_p(k, mean * 1.0001, contrast) - log_p(k, mean * 0.9999, contrast)) / (0.0002 * mean);
                information += p * by_contrast * by_contrast;
                mixed += p * by_contrast * by_mean;
            }
            const Bound b = contrast_bound(contrast, mean, 3);
            EXPECT_NEAR(b.variance * 3 * information, 1, 1e-5) << mean << " " << contrast;
            EXPECT_NEAR(mixed / information, 0, 1e-4);
        }
    // Few counts: pairs of photons, mean^2/(2 (1 + contrast)) of them.
    EXPECT_NEAR(contrast_bound(0.3, 1e-4, 1).variance * 1e-8 / (2 * 1.3), 1, 1e-3);
    EXPECT_MESSAGE(contrast_bound(0, 1, 1), "contrast = 0");
}

}  // namespace
}  // namespace vitrum::validation
