// Performance measures: a hand-worked table, exact cases, and the estimator whose bias and variance are known exactly.
#include "vitrum/validation/measures/performance.hpp"

#include <cmath>
#include <map>

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "vitrum/core/stream.hpp"

namespace vitrum::validation {
namespace {

std::map<std::string, Measure> by_name(const std::vector<Measure>& rows) {
    std::map<std::string, Measure> named;
    for (const auto& row : rows) named[row.name] = row;
    return named;
}

// Worked by hand: errors -1, 1, 2, 0, 3 of truth 10; their mean 1, deviations -2, 0, 1, -1, 2.
TEST(Performance, FiveReplicatesByHand) {
    Replicates r;
    r.estimate = {9, 11, 12, 10, 13};
    r.standard_error = {1, 1, 2, 2, 1};
    r.truth.assign(5, 10);
    auto m = by_name(performance(r));
    EXPECT_DOUBLE_EQ(m["mean"].value, 11);
    EXPECT_DOUBLE_EQ(m["bias"].value, 1);
    EXPECT_DOUBLE_EQ(m["bias"].mcse, std::sqrt(2.5 / 5));
    EXPECT_DOUBLE_EQ(m["relative_bias"].value, 0.1);
    EXPECT_DOUBLE_EQ(m["empirical_se"].value, std::sqrt(2.5));
    EXPECT_DOUBLE_EQ(m["empirical_se"].mcse, std::sqrt(2.5 / 8));
    // Fourth powers 16, 0, 1, 1, 16: kurtosis 5 * 34 / 100.
    EXPECT_DOUBLE_EQ(m["empirical_se_kurtosis"].mcse, std::sqrt(2.5) * std::sqrt(0.7 / 20));
    EXPECT_DOUBLE_EQ(m["mse"].value, 3);
    // Squares 1, 1, 4, 0, 9 about 3: 4 + 4 + 1 + 9 + 36 = 54.
    EXPECT_DOUBLE_EQ(m["mse"].mcse, std::sqrt(54.0 / 20));
    EXPECT_DOUBLE_EQ(m["rmse"].mcse, std::sqrt(54.0 / 20) / (2 * std::sqrt(3.0)));
    // Variances 1, 1, 4, 4, 1: mean 2.2, sum of squares about it 10.8.
    EXPECT_DOUBLE_EQ(m["model_se"].value, std::sqrt(2.2));
    EXPECT_NEAR(m["model_se"].mcse, std::sqrt(2.7 / (4 * 5 * 2.2)), 1e-14);
    EXPECT_NEAR(m["model_se_error"].value, 100 * (std::sqrt(2.2 / 2.5) - 1), 1e-12);
    EXPECT_NEAR(m["model_se_error"].mcse, 100 * std::sqrt(2.2 / 2.5) * std::sqrt(2.7 / (20 * 2.2 * 2.2) + 1.0 / 8),
                1e-12);
    EXPECT_DOUBLE_EQ(m["coverage"].value, 0.8);                  // 13 +- 1.96 leaves out 10
    EXPECT_DOUBLE_EQ(m["bias_eliminated_coverage"].value, 0.6);  // 9 + 1.96 and 13 - 1.96 against 11
    EXPECT_DOUBLE_EQ(m["power"].value, 1);
    EXPECT_DOUBLE_EQ(m["pull_mean"].value, (-1 + 1 + 1 + 0 + 3) / 5.0);
}

TEST(Performance, MissingErrorsCountForBiasOnly) {
    Replicates r;
    r.estimate = {1, 2, 3, 6};
    r.standard_error = {1, not_a_number, 1, 1};
    r.truth.assign(4, 3);
    auto m = by_name(performance(r));
    EXPECT_EQ(m["bias"].replicates, 4U);
    EXPECT_DOUBLE_EQ(m["bias"].value, 0);
    EXPECT_EQ(m["coverage"].replicates, 3U);
    EXPECT_EQ(m["model_se"].replicates, 3U);
    r.standard_error.clear();
    m = by_name(performance(r));
    EXPECT_EQ(m.count("coverage"), 0U);
    EXPECT_EQ(m.count("model_se"), 0U);
    r.truth.clear();
    EXPECT_EQ(by_name(performance(r)).count("bias"), 0U);
}

// Wilson's limits of 8 of 10, as in textbooks: 0.4902 and 0.9433; never outside 0 .. 1.
TEST(Performance, WilsonLimits) {
    const Measure m = share("p", 8, 10);
    EXPECT_NEAR(m.lower, 0.4902, 5e-5);
    EXPECT_NEAR(m.upper, 0.9433, 5e-5);
    EXPECT_NEAR(share("p", 0, 20).lower, 0, 1e-12);
    EXPECT_NEAR(share("p", 20, 20).upper, 1, 1e-12);
}

TEST(Performance, PrecisionGain) {
    const std::vector<double> a{-2, 2, -2, 2, 0};
    const std::vector<double> b{-1, 1, -1, 1, 0};
    EXPECT_DOUBLE_EQ(precision_gain(a, b).value, 300);
    EXPECT_NEAR(precision_gain(a, b).mcse, 0, 1e-6);  // perfectly correlated
    const std::vector<double> c{-1, -1, 1, 1, 0};     // uncorrelated with a
    EXPECT_DOUBLE_EQ(precision_gain(a, c).value, 300);
    EXPECT_DOUBLE_EQ(precision_gain(a, c).mcse, 200 * 4 / std::sqrt(4.0));
    EXPECT_DOUBLE_EQ(paired_difference(a, b).value, 0);
}

// The exponent of a power law by maximum likelihood, 1 + n/sum ln(x/x_min): bias (alpha-1)/(n-1), variance
// (alpha-1)^2 n^2/((n-1)^2 (n-2)), and error (alpha_hat - 1)/sqrt(n). 20000 replicates of n = 50, alpha = 2.5; bias and
// empirical SE within 4.5 MCSE of the exact ones (the SE by its kurtosis MCSE): false alarm 1.4e-5.
TEST(Performance, PowerLawExponent) {
    constexpr int n = 50;
    constexpr double alpha = 2.5;
    Replicates r;
    for (std::uint64_t i = 0; i < 20000; ++i) {
        Stream stream({5, cell_id("power law"), i}, Purpose::test, 0);
        boost::random::exponential_distribution<double> log_of_x(alpha - 1);
        double sum = 0;
        for (int k = 0; k < n; ++k) sum += log_of_x(stream);
        r.estimate.push_back(1 + n / sum);
        r.standard_error.push_back(n / sum / std::sqrt(n));
        r.truth.push_back(alpha);
    }
    auto m = by_name(performance(r));
    const double bias = (alpha - 1) / (n - 1);
    const double sd = (alpha - 1) * n / ((n - 1) * std::sqrt(n - 2.0));
    EXPECT_NEAR(m["bias"].value, bias, 4.5 * m["bias"].mcse);
    EXPECT_NEAR(m["empirical_se"].value, sd, 4.5 * m["empirical_se_kurtosis"].mcse);
    EXPECT_GT(m["empirical_se_kurtosis"].mcse, m["empirical_se"].mcse) << "its distribution has a tail";
    EXPECT_LT(m["bias"].mcse / bias, 0.1);
}

}  // namespace
}  // namespace vitrum::validation
