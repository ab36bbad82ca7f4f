#include "vitrum/model/relaxation/renewal.hpp"

#include <cmath>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"

namespace vitrum::model {
namespace {

TEST(Renewal, OneIsPoisson) {
    const Renewal r{1, 2.5};
    for (const double t : {0.1, 2.0, 9.0}) {
        EXPECT_NEAR(r.unbroken(t), std::exp(-t / 2.5), 1e-14);
        EXPECT_NEAR(r.laplace(2, 0.3, t), std::exp(-t / 2.5 * (1 - std::exp(-0.6))), 1e-13);
        EXPECT_NEAR(r.variance_of_events(t), t / 2.5, 1e-10);
        EXPECT_NEAR(r.local_exponent(t), 1, 1e-12);
    }
}

// (1/m) integral_t^inf S(u) du by quadrature; regular events: 1 - t/m.
TEST(Renewal, UnbrokenIsTheIntegralOfTheSurvival) {
    for (const double k : {0.5, 2.0, 7.3}) {
        const Renewal r{k, 3};
        for (const double t : {0.2, 1.0, 4.0}) {
            const double want =
                boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
                    [&](double u) { return boost::math::gamma_q(k, k * u / 3); }, t, t + 200, 15, 1e-13) /
                3;
            EXPECT_NEAR(r.unbroken(t), want, 1e-12);
            EXPECT_NEAR(1 - r.at_least(1, t), want, 1e-12);
            double mean = 0;
            for (std::size_t n = 1; n < 200; ++n) mean += r.at_least(n, t);
            EXPECT_NEAR(mean, r.mean_events(t), 1e-11) << "Campbell";
            EXPECT_NEAR(r.laplace(2, 1e9, t), want, 1e-12) << "each event takes all";
            EXPECT_NEAR(r.laplace(0, 1, t), 1, 1e-12);
        }
    }
    const Renewal regular{1e6, 2};
    EXPECT_NEAR(regular.unbroken(0.5), 0.75, 1e-9);
    EXPECT_NEAR(regular.unbroken(1.9), 0.05, 1e-6);
    EXPECT_NEAR(regular.unbroken(2.5), 0, 1e-9);
    EXPECT_EQ(regular.unbroken(0), 1);
}

// Instantaneous, local events, and beta > 1 all the same, for they are not Markov; with k < 1 it falls below 1.
TEST(Renewal, CompressedFromInstantaneousEvents) {
    const Renewal r{6, 1};
    double last = 1;
    for (const double t : {0.01, 0.3, 0.6, 0.9, 1.2}) {
        EXPECT_GE(r.local_exponent(t), last);
        last = r.local_exponent(t);
        const double h = 1e-5;
        const auto f = [&](double x) { return std::log(-std::log(r.unbroken(x))); };
        EXPECT_NEAR(r.local_exponent(t), (f(t * (1 + h)) - f(t * (1 - h))) / (2 * h), 1e-6);
    }
    EXPECT_GT(r.local_exponent(1), 1.5);
    EXPECT_LT((Renewal{0.4, 1}.local_exponent(1)), 0.95);
}

// 20000 drawn clocks for each k: mean and variance of |g1|^2 = exp(-2 Lambda), and of the number of events, at three
// lags from the start: each within 4.9 standard errors (1e-6; 2 laws x 3 lags x 4: 2.4e-5 in all).
TEST(Renewal, MeanAndVarianceOverRealisations) {
    constexpr int draws = 20000;
    std::uint64_t block = 0;
    for (const double k : {0.6, 5.0}) {
        const Renewal r{k, 2};
        Stream stream({31, cell_id("renewal"), 0}, Purpose::test, ++block);
        for (const double t : {0.7, 2.0, 7.0}) {
            double sum = 0, squares = 0, fourth = 0, events = 0, events2 = 0, spread2 = 0;
            const double mean = r.laplace(2, 0.25, t);
            for (int i = 0; i < draws; ++i) {
                const ClockPath path = r.draw(0.25, 10, 10 + t, stream);
                const auto n = static_cast<double>(path.times.size());
                const double x = std::exp(-2 * path.at(10 + t));
                sum += x / draws;
                const double v = (x - mean) * (x - mean);
                squares += v / draws;
                fourth += v * v / draws;
                events += n / draws;
                const double w = (n - t / 2) * (n - t / 2);
                events2 += w / draws;
                spread2 += w * w / draws;
            }
            const double variance = r.laplace(4, 0.25, t) - mean * mean;
            EXPECT_NEAR(sum, mean, 4.9 * std::sqrt(variance / draws)) << k << " " << t;
            EXPECT_NEAR(squares, variance, 4.9 * std::sqrt((fourth - squares * squares) / draws)) << k << " " << t;
            EXPECT_NEAR(events, t / 2, 4.9 * std::sqrt(events2 / draws));
            EXPECT_NEAR(events2, r.variance_of_events(t), 4.9 * std::sqrt((spread2 - events2 * events2) / draws));
        }
    }
}

TEST(Renewal, BadOnesAreNamed) {
    EXPECT_MESSAGE(check(Renewal{0, 1}), "shape = 0");
    EXPECT_MESSAGE(check(Renewal{1, -1}), "mean_wait = -1 s");
}

}  // namespace
}  // namespace vitrum::model
