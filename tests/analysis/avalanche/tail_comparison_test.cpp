#include "vitrum/analysis/avalanche/tail_comparison.hpp"

#include <cmath>
#include <functional>
#include <vector>

#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/core/uniform.hpp"

namespace vitrum::analysis {
namespace {

std::vector<double> drawn(std::size_t n, std::uint64_t replicate, const std::function<double(Stream&)>& one) {
    Stream stream({1, cell_id("tail comparison"), replicate}, Purpose::test, 0);
    std::vector<double> x(n);
    for (double& v : x) v = one(stream);
    return x;
}

double pareto(Stream& stream) { return 2 * std::pow(uniform(stream), -1 / 1.5); }

// ln of a density of y = x/x_min, not normalised, and its norm by the midpoint rule in ln y.
double log_likelihood(const std::vector<double>& x, double x_min, const std::function<double(double)>& log_density) {
    double norm = 0;
    constexpr double h = 1e-3;
    for (double t = h / 2; t < 60; t += h) norm += h * std::exp(t + log_density(std::exp(t)));
    double sum = 0;
    for (const double v : x) sum += log_density(v / x_min) - std::log(norm);
    return sum;
}

// Densities normalised another way give the likelihoods, and no neighbour of the parameters is better.
TEST(TailComparison, LikelihoodsAreTheLargest) {
    const auto x = drawn(400, 1, [](Stream& s) { return 2 - 3 * std::log(uniform(s)) * uniform(s); });
    const auto found = compare_laws(x, 2);
    ASSERT_EQ(found.size(), 4U);
    using Density = std::function<double(double, double, double)>;
    const std::vector<Density> densities{
        [](double y, double a, double) { return -a * y; },
        [](double y, double mu, double sigma) { return -std::pow((std::log(y) - mu) / sigma, 2) / 2 - std::log(y); },
        [](double y, double beta, double lambda) { return (beta - 1) * std::log(y) - lambda * std::pow(y, beta); },
        [](double y, double alpha, double lambda) { return -alpha * std::log(y) - lambda * y; }};
    for (std::size_t k = 0; k < 4; ++k) {
        const auto [a, b] = found[k].parameters;
        const auto at = [&](double u, double v) {
            return log_likelihood(x, 2, [&](double y) { return densities[k](y, u, v); });
        };
        const double best = at(a, b);
        EXPECT_NEAR(found[k].log_likelihood, best, 1e-4) << name(found[k].law);
        for (const double step : {-0.01, 0.01}) {
            EXPECT_LE(at(a * (1 + step), b), best + 1e-6) << name(found[k].law);
            if (k > 0) {
                EXPECT_LE(at(a, b * (1 + step)), best + 1e-6) << name(found[k].law);
            }
        }
    }
    // By hand: exponential.
    double mean = 0;
    for (const double v : x) mean += v / 2 / 400;
    EXPECT_NEAR(found[0].parameters[0], 1 / (mean - 1), 1e-12);
}

// Power laws: a cut is found with p below 0.05 in one of twenty runs, below 0.1 in one of ten (half of chi^2, since a
// cut cannot be negative); 1000 runs, four standard deviations.
TEST(TailComparison, FalseAlarmsOfACut) {
    double low = 0;
    double lower = 0;
    constexpr double runs = 1000;
    for (std::uint64_t r = 0; r < 1000; ++r) {
        const double p = compare_laws(drawn(300, 1000 + r, pareto), 2)[3].p;
        low += p < 0.1 ? 1 : 0;
        lower += p < 0.05 ? 1 : 0;
    }
    EXPECT_NEAR(low / runs, 0.1, 4 * std::sqrt(0.1 * 0.9 / runs));
    EXPECT_NEAR(lower / runs, 0.05, 4 * std::sqrt(0.05 * 0.95 / runs));
}

// Each law against sizes of its own: it is nearer, and the power law is where sizes are of it.
TEST(TailComparison, EachLawKnowsItsOwn) {
    const auto exponential = compare_laws(drawn(300, 2, [](Stream& s) { return 1 - std::log(uniform(s)); }), 1);
    EXPECT_LT(exponential[0].ratio, 0);
    EXPECT_LT(exponential[0].p, 0.01);
    EXPECT_LT(exponential[3].p, 0.01);
    const auto normal = [](Stream& s) { return 1 + std::exp(boost::random::normal_distribution<double>(1, 0.4)(s)); };
    const auto log_normal = compare_laws(drawn(300, 3, normal), 1);
    EXPECT_LT(log_normal[1].ratio, 0);
    EXPECT_LT(log_normal[1].p, 0.01);
    EXPECT_GT(log_normal[1].log_likelihood, log_normal[0].log_likelihood);
    const auto stretched =
        compare_laws(drawn(2000, 4, [](Stream& s) { return std::pow(1 - std::log(uniform(s)), 2.0); }), 1);
    EXPECT_LT(stretched[2].ratio, 0);
    EXPECT_NEAR(stretched[2].parameters[0], 0.5, 0.06);
    const auto power = compare_laws(drawn(2000, 5, pareto), 2);
    EXPECT_GT(power[0].ratio, 0);
    EXPECT_LT(power[0].p, 1e-3);
    EXPECT_NEAR(power[3].parameters[0], 2.5, 0.15);
}

TEST(TailComparison, FewSizesAndBadOnes) {
    const auto few = compare_laws(std::vector<double>{1, 2, 3}, 1);
    ASSERT_EQ(few.size(), 4U);
    EXPECT_TRUE(std::isnan(few[0].ratio));
    EXPECT_EQ(rows_of(few)[0].status, Status::no_data);
    EXPECT_TRUE(std::isnan(compare_laws(std::vector<double>(20, 2.0), 1)[1].ratio));
    EXPECT_MESSAGE(compare_laws(std::vector<double>{1, 0}, 1), "size 0 of event 2");
    EXPECT_MESSAGE(compare_laws(std::vector<double>{1, 2}, -1), "x_min = -1");
    const auto rows = rows_of(compare_laws(drawn(300, 6, pareto), 2));
    ASSERT_EQ(rows.size(), 8U);
    EXPECT_EQ(rows[0].abscissa.front().text, "exponential");
    EXPECT_NE(rows[0].note.find("the power law is nearer"), std::string::npos);
}

}  // namespace
}  // namespace vitrum::analysis
