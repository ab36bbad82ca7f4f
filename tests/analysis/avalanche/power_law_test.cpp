// The estimator whose bias, variance and coverage are known exactly, on sizes drawn by the model.
#include "vitrum/analysis/avalanche/power_law.hpp"

#include <array>
#include <cmath>
#include <vector>

#include <boost/math/distributions/chi_squared.hpp>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/model/avalanche/power_law_source.hpp"

namespace vitrum::analysis {
namespace {

// n = 4, S = 0 + 1 + 2 + 1: by hand, limits from half of a chi-squared variable with 2n degrees of freedom.
TEST(PowerLaw, FourSizesByHand) {
    const std::vector<double> sizes{2, 2 * std::exp(1.0), 2 * std::exp(2.0), 2 * std::exp(1.0), 1.9, 0.1};
    PowerLawOptions options;
    options.x_min = 2;
    auto fit = fit_power_law(sizes, options);
    EXPECT_EQ(fit.used, 4U);
    EXPECT_EQ(fit.below, 2U);
    EXPECT_NEAR(fit.alpha, 2, 1e-14);
    EXPECT_NEAR(fit.standard_error, 1 / std::sqrt(3.0), 1e-14);
    const boost::math::chi_squared chi2(8);
    EXPECT_NEAR(fit.lower, 1 + quantile(chi2, 0.025) / 2 / 4, 1e-12);
    EXPECT_NEAR(fit.upper, 1 + quantile(complement(chi2, 0.025)) / 2 / 4, 1e-12);
    options.bias_corrected = true;
    options.level = 0.68;
    const auto corrected = fit_power_law(sizes, options);
    EXPECT_NEAR(corrected.alpha, 1.75, 1e-14);
    EXPECT_NEAR(corrected.standard_error, 0.75 / std::sqrt(3.0), 1e-14);
    EXPECT_NEAR(corrected.lower, 1 + quantile(chi2, 0.16) / 2 / 4, 1e-12);
    const auto rows = power_law({"events", "um", sizes, {}, {}}, options);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].quantity, "power_law_exponent");
    EXPECT_EQ(rows[0].level, 0.68);
    EXPECT_EQ(rows[0].note, "4 sizes from x_min = 2 um, 2 below left out; bias removed; exact interval");
}

struct Study {
    double bias = 0, variance = 0, mean_square_error_bar = 0, coverage = 0;
};

Study study(double alpha, std::size_t n, std::size_t replicates, const PowerLawOptions& options,
            double drawn_from = 1) {
    model::PowerLaw law;
    law.alpha = alpha;
    law.x_min = drawn_from;
    std::vector<double> sizes(n);
    double sum = 0;
    double square = 0;
    Study s;
    const auto total = static_cast<double>(replicates);
    for (std::size_t r = 0; r < replicates; ++r) {
        model::draw_sizes(law, {11, cell_id("power_law study"), r}, sizes);
        const auto fit = fit_power_law(sizes, options);
        sum += fit.alpha - alpha;
        square += (fit.alpha - alpha) * (fit.alpha - alpha);
        s.mean_square_error_bar += fit.standard_error * fit.standard_error / total;
        s.coverage += (fit.lower <= alpha && alpha <= fit.upper ? 1 : 0) / total;
    }
    s.bias = sum / total;
    s.variance = (square - sum * sum / total) / (total - 1);
    return s;
}

// Exact for every n: bias (alpha-1)/(n-1), variance over the Cramer-Rao bound (alpha-1)^2/n = n^3/((n-1)^2 (n-2)),
// coverage = level, mean squared error bar = variance. 100000 replicates of n = 50; each within 4.9 of its exact
// standard error (1e-6 each, 8 checks). Errors of the second moments from those of 1/S: S is Gamma(n), so 1/S has the
// kurtosis excess 6 (5n - 11)/((n-3)(n-4)); se^2 = n^2/(n-1)/S^2 has the relative variance (n-1)(n-2)/((n-3)(n-4)) - 1.
TEST(PowerLaw, BiasVarianceAndCoverageAreTheExactOnes) {
    constexpr double alpha = 2.5;
    constexpr double n = 50;
    constexpr double replicates = 100000;
    const double bound = (alpha - 1) * (alpha - 1) / n;
    const double excess = 6 * (5 * n - 11) / ((n - 3) * (n - 4));
    const double ratio_error = std::sqrt((excess + 2) / replicates);
    const double bar_error = std::sqrt(((n - 1) * (n - 2) / ((n - 3) * (n - 4)) - 1) / replicates);
    for (const bool corrected : {false, true}) {
        PowerLawOptions options;
        options.bias_corrected = corrected;
        options.level = 0.9;
        const Study s = study(alpha, 50, 100000, options);
        const double ratio = corrected ? n / (n - 2) : n * n * n / ((n - 1) * (n - 1) * (n - 2));
        if (!corrected) {
            EXPECT_NEAR(ratio, 1.0846, 5e-5);
        }
        const double variance = ratio * bound;
        EXPECT_NEAR(s.bias, corrected ? 0 : (alpha - 1) / (n - 1), 4.9 * std::sqrt(variance / replicates));
        EXPECT_NEAR(s.variance / bound, ratio, 4.9 * ratio * ratio_error);
        EXPECT_NEAR(s.mean_square_error_bar / variance, 1, 4.9 * bar_error);
        EXPECT_NEAR(s.coverage, 0.9, 4.9 * std::sqrt(0.09 / replicates));
    }
}

// The interval is as exact at five sizes as at fifty. 40000 replicates, 4.9 standard errors (1e-6).
TEST(PowerLaw, FiveSizesAreCovered) {
    EXPECT_NEAR(study(1.5, 5, 40000, {}).coverage, 0.95, 4.9 * std::sqrt(0.95 * 0.05 / 40000));
}

// A power law looks the same from every x_min on: fitted from 2, sizes drawn from 1 on have no more bias than the
// number that is left. Of 1600 sizes 1600 2^-1.5 = 566 are used; the mean of 1/(n-1) over the binomial n is 1/565
// within 1 %.
TEST(PowerLaw, SizesBelowAreLeftOutWithoutBias) {
    PowerLawOptions options;
    options.x_min = 2;
    const Study s = study(2.5, 1600, 2000, options);
    const double bias = 1.5 / 565;
    EXPECT_NEAR(s.bias, bias, 4.9 * std::sqrt(s.variance / 2000) + 0.01 * bias);
    EXPECT_NEAR(s.coverage, 0.95, 4.9 * std::sqrt(0.95 * 0.05 / 2000));
    const Study all = study(2.5, 1600, 500, {}, 0.5);
    EXPECT_NEAR(all.coverage, 0.95, 4.9 * std::sqrt(0.95 * 0.05 / 500));
}

TEST(PowerLaw, TooFewSizesHaveNoNumber) {
    const auto row = [](const std::vector<double>& sizes) { return power_law({"", "", sizes, {}, {}}, {}).front(); };
    EXPECT_EQ(row({}).status, Status::no_data);
    EXPECT_EQ(row({2.2, 3.1, 0.5}).status, Status::no_data);
    EXPECT_EQ(row({2.2, 3.1, 0.5}).note, "2 sizes from x_min = 1, 1 below left out; three or more are needed");
    EXPECT_TRUE(std::isnan(row({2.2, 3.1, 0.5}).value));
    EXPECT_EQ(row({1, 1, 1}).status, Status::no_data);
    EXPECT_EQ(row({1, 1, 1}).note, "3 sizes from x_min = 1; all equal to x_min");
    EXPECT_EQ(row({2, 3, 4}).status, Status::ok);
}

TEST(PowerLaw, BadInputIsNamed) {
    const auto fit = [](double x, double x_min, double level) {
        PowerLawOptions options;
        options.x_min = x_min;
        options.level = level;
        return fit_power_law(std::array{2.0, x, 3.0, 4.0}, options);
    };
    EXPECT_MESSAGE(fit(0, 1, 0.95), "size 0 of event 2 is not positive and finite");
    EXPECT_MESSAGE(fit(-1, 1, 0.95), "size -1 of event 2");
    EXPECT_MESSAGE(fit(std::nan(""), 1, 0.95), "size nan of event 2");
    EXPECT_MESSAGE(fit(INFINITY, 1, 0.95), "size inf of event 2");
    EXPECT_MESSAGE(fit(2, 0, 0.95), "x_min = 0");
    EXPECT_MESSAGE(fit(2, std::nan(""), 0.95), "x_min = nan");
    EXPECT_MESSAGE(fit(2, 1, 1), "level = 1");
}

}  // namespace
}  // namespace vitrum::analysis
