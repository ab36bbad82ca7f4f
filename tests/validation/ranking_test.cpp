// Interval score and ranks: closed forms, Holm's rule by hand, and the rate of false alarms.
#include "vitrum/validation/measures/ranking.hpp"

#include <cmath>

#include <boost/math/distributions/normal.hpp>
#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "vitrum/core/stream.hpp"

namespace vitrum::validation {
namespace {

TEST(IntervalScore, ByHand) {
    EXPECT_DOUBLE_EQ(interval_score(1, 3, 2, 0.95), 2);
    EXPECT_NEAR(interval_score(1, 3, 0.5, 0.95), 2 + 40 * 0.5, 1e-12);
    EXPECT_NEAR(interval_score(1, 3, 3.25, 0.9), 2 + 20 * 0.25, 1e-12);
    EXPECT_DOUBLE_EQ(interval_score(1, 3, 3, 0.95), 2);
}

// A Gaussian interval mu +- k sigma for a truth from N(mu, sigma): E = 2 k + (4/a) (phi(k) - k (1 - Phi(k))), smallest
// at k = z. At z it is 4 phi(z)/a. 200 000 draws: the mean is within 5 of its standard errors (one false alarm in
// 1.7 million for each k).
TEST(IntervalScore, ExpectationOfGaussianIntervals) {
    const boost::math::normal normal;
    constexpr double level = 0.95;
    constexpr double a = 1 - level;
    const double z = boost::math::quantile(normal, 1 - a / 2);
    const auto expected = [&](double k) {
        return 2 * k + 4 / a * (boost::math::pdf(normal, k) - k * boost::math::cdf(boost::math::complement(normal, k)));
    };
    EXPECT_NEAR(expected(z), 4 * boost::math::pdf(normal, z) / a, 1e-12);
    for (const double k : {1.0, z, 3.0}) {
        Stream stream({11, 0, 0}, Purpose::test, 0);
        boost::random::normal_distribution<double> draw;
        double sum = 0;
        double squares = 0;
        constexpr int n = 200000;
        for (int i = 0; i < n; ++i) {
            const double s = interval_score(-k, k, draw(stream), level);
            sum += s;
            squares += s * s;
        }
        const double error = std::sqrt((squares / n - sum / n * sum / n) / n);
        EXPECT_NEAR(sum / n, expected(k), 5 * error) << k;
    }
    EXPECT_GT(expected(1.0), expected(z));
    EXPECT_GT(expected(3.0), expected(z));
}

// Two-sided p of Student's t with 11 degrees of freedom, in closed form: Abramowitz and Stegun 26.7.3.
double p_of_eleven(double t) {
    const double theta = std::atan(t / std::sqrt(11.0));
    double sum = 0;
    double factor = 1;
    for (int k = 1; k <= 9; k += 2) {
        sum += factor * std::pow(std::cos(theta), k);
        factor *= (k + 1.0) / (k + 2.0);
    }
    return 1 - 2 / std::acos(-1.0) * (theta + std::sin(theta) * sum);
}

// Differences 1, 3 alternating: mean 2, sd sqrt(12/11), error sd/sqrt(12), t = 2 sqrt(11) with 11 degrees of freedom.
TEST(Ranking, TwoMethodsByHand) {
    std::vector<double> a(12, 5.0);
    std::vector<double> b(12);
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = a[i] + (i % 2 ? 3 : 1);
    const auto r = rank_by_loss({b, a});
    ASSERT_EQ(r.pairs.size(), 1U);
    const auto& pair = r.pairs.front();
    EXPECT_DOUBLE_EQ(pair.difference, -2);
    EXPECT_DOUBLE_EQ(pair.mcse, std::sqrt(12.0 / 11 / 12));
    EXPECT_NEAR(pair.p, p_of_eleven(2 * std::sqrt(11.0)), 1e-13);
    EXPECT_TRUE(pair.decided);
    ASSERT_EQ(r.order.size(), 2U);
    EXPECT_EQ(r.order[0].method, 1U);
    EXPECT_EQ(r.order[0].best, 1U);
    EXPECT_EQ(r.order[0].worst, 1U);
    EXPECT_EQ(r.order[1].best, 2U);
    EXPECT_EQ(r.order[1].worst, 2U);
    EXPECT_DOUBLE_EQ(r.order[0].mean, 5);
    EXPECT_DOUBLE_EQ(r.order[1].mean, 7);
}

// One common difference decides; the same losses, too few data sets and noise do not.
TEST(Ranking, TiesAreSaid) {
    const std::vector<double> same(least_common, 1.0);
    std::vector<double> shifted(least_common, 2.0);
    auto r = rank_by_loss({same, same, shifted});
    EXPECT_EQ(r.order[0].best, 1U);
    EXPECT_EQ(r.order[0].worst, 2U);
    EXPECT_EQ(r.order[1].best, 1U);
    EXPECT_EQ(r.order[1].worst, 2U);
    EXPECT_EQ(r.order[2].method, 2U);
    EXPECT_EQ(r.order[2].best, 3U);
    shifted.back() = not_a_number;
    r = rank_by_loss({same, shifted});
    EXPECT_EQ(r.pairs.front().common, least_common - 1);
    EXPECT_FALSE(r.pairs.front().decided);
    EXPECT_EQ(r.order[1].best, 1U);
    r = rank_by_loss({same, std::vector<double>(least_common, not_a_number)});
    EXPECT_EQ(r.order.size(), 1U);
}

// The common data sets alone are compared: elsewhere b is worse by 100, where a has no answer.
TEST(Ranking, PairsAreComparedWhereBothAnswered) {
    std::vector<double> a(20, 3.0);
    std::vector<double> b(20, 2.0);
    for (std::size_t i = 12; i < 20; ++i) {
        a[i] = not_a_number;
        b[i] = 100;
    }
    const auto r = rank_by_loss({a, b});
    EXPECT_EQ(r.pairs.front().common, 12U);
    EXPECT_DOUBLE_EQ(r.pairs.front().difference, -1);
    EXPECT_EQ(r.order[0].method, 1U);
    EXPECT_EQ(r.order[0].data_sets, 20U);
}

// Four methods that are alike, Gaussian losses that share most of their noise, 40 data sets, 2000 challenges: somebody
// is called better in at most 5 % of them (Holm). Bound 0.05 + 4 sqrt(0.05 0.95/2000): false alarm below 1 in 30000.
// The shared noise must not hide a method that is worse by one standard deviation of its own noise.
TEST(Ranking, FalseAlarmsAndPower) {
    std::size_t alarms = 0;
    std::size_t found = 0;
    constexpr std::size_t challenges = 2000;
    for (std::size_t c = 0; c < challenges; ++c) {
        Stream stream({12, 0, c}, Purpose::test, 0);
        boost::random::normal_distribution<double> draw;
        std::vector<std::vector<double>> loss(4, std::vector<double>(40));
        for (std::size_t i = 0; i < 40; ++i) {
            const double shared = 30 * draw(stream);
            for (auto& method : loss) method[i] = shared + draw(stream);
        }
        const auto any = rank_by_loss(loss);
        for (const auto& own : any.order)
            if (own.best > 1) {
                ++alarms;
                break;
            }
        for (double& v : loss[2]) v += 1;
        const auto r = rank_by_loss(loss);
        found += r.order.back().method == 2 && r.order.back().best == 4 ? 1 : 0;
    }
    EXPECT_LT(static_cast<double>(alarms), challenges * (0.05 + 4 * std::sqrt(0.05 * 0.95 / challenges)));
    EXPECT_GT(alarms, 0U);
    EXPECT_GT(found, challenges * 8 / 10);
}

}  // namespace
}  // namespace vitrum::validation
