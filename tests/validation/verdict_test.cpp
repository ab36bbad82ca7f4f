// Verdicts by equivalence, against exact binomial and Gaussian probabilities.
#include "vitrum/validation/measures/verdict.hpp"

#include <cmath>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>

namespace vitrum::validation {
namespace {

Measure mean_with_error(double value, double error) {
    return {"bias", value, error, value - 1.959964 * error, value + 1.959964 * error, 400};
}

Decision alone(Verdict v) {
    std::vector<Verdict> one{std::move(v)};
    decide(one, false);
    return one.front().decision;
}

TEST(Verdict, MeanPassesIffItsWholeIntervalIsInside) {
    for (double value = -2; value <= 2; value += 0.01) {
        const Measure m = mean_with_error(value, 0.3);
        const Decision expected = m.lower > -1 && m.upper < 1   ? Decision::pass
                                  : m.lower > 1 || m.upper < -1 ? Decision::fail
                                                                : Decision::undecided;
        EXPECT_EQ(alone(judge_mean(m, -1, 1)), expected) << value;
    }
}

TEST(Verdict, ShareDecidesAsWilsonsInterval) {
    for (std::size_t n : {50U, 200U, 1000U})
        for (std::size_t k = 0; k <= n; k += n / 50) {
            const Measure m = share("coverage", k, n);
            const Decision expected = m.lower > 0.93 && m.upper < 0.97   ? Decision::pass
                                      : m.lower > 0.97 || m.upper < 0.93 ? Decision::fail
                                                                         : Decision::undecided;
            EXPECT_EQ(alone(judge_share(m, 0.93, 0.97)), expected) << k << " of " << n;
        }
}

// Probability that a coverage of exactly 95 % passes with margins 93 and 97 %, summed over the binomial law.
double chance_to_pass(std::size_t n) {
    const boost::math::binomial law(static_cast<double>(n), 0.95);
    double chance = 0;
    for (std::size_t k = 0; k <= n; ++k)
        if (alone(judge_share(share("coverage", k, n), 0.93, 0.97)) == Decision::pass)
            chance += boost::math::pdf(law, static_cast<double>(k));
    return chance;
}

TEST(Verdict, PerfectCoverageNeeds1900Replicates) {
    EXPECT_NEAR(chance_to_pass(1000), 0.67, 0.03);
    EXPECT_NEAR(chance_to_pass(1900), 0.95, 0.01);
}

TEST(Verdict, MarginAtZeroOrOneCannotBeCrossed) {
    EXPECT_EQ(alone(judge_share(share("failures", 0, 200), 0, 0.05)), Decision::pass);
    EXPECT_EQ(alone(judge_share(share("failures", 100, 200), 0, 0.05)), Decision::fail);
    EXPECT_EQ(alone(judge_share(share("failures", 10, 200), 0, 0.05)), Decision::undecided);
}

// A measure whose chance to lie outside its margin is p.
Verdict with_p(double p) {
    const double z = boost::math::quantile(boost::math::complement(boost::math::normal(), p));
    return judge_mean(mean_with_error(0, 1 / z), -1, 1);
}

TEST(Verdict, HolmStepsDownAndStops) {
    // Four one-sided tests at 0.025: thresholds 0.00625, 0.00833, 0.0125, 0.025.
    std::vector<Verdict> v{with_p(0.015), with_p(0.002), with_p(0.008), with_p(0.020)};
    decide(v, true);
    EXPECT_EQ(v[1].decision, Decision::pass);       // 0.002 < 0.00625
    EXPECT_EQ(v[2].decision, Decision::pass);       // 0.008 < 0.00833
    EXPECT_EQ(v[0].decision, Decision::undecided);  // 0.015 > 0.0125: stop
    EXPECT_EQ(v[3].decision, Decision::undecided);  // 0.020 < 0.025, but behind the stop
}

// Measures at the edge of their margins: Holm keeps the chance of any false PASS below 2.5 %.
TEST(Verdict, HolmKeepsTheFamilyWiseRate) {
    const boost::math::normal law;
    constexpr int family = 20;
    constexpr int runs = 4000;
    int false_alarms = 0;
    std::uint64_t state = 7;
    const auto uniform = [&] {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return (static_cast<double>(state >> 11) + 0.5) / 9007199254740992.0;
    };
    for (int r = 0; r < runs; ++r) {
        std::vector<Verdict> v;
        for (int i = 0; i < family; ++i)
            v.push_back(judge_mean(mean_with_error(1 + 0.01 * boost::math::quantile(law, uniform()), 0.01), -1, 1));
        decide(v, true);
        bool any = false;
        for (const auto& one : v) any = any || one.decision == Decision::pass;
        false_alarms += any ? 1 : 0;
    }
    // Binomial sd 0.0025; four of them: 6e-5 false alarms.
    EXPECT_NEAR(static_cast<double>(false_alarms) / runs, 0.025, 0.010);
}

TEST(Verdict, ReplicatesToDecideDecide) {
    const Verdict v = [] {
        std::vector<Verdict> one{judge_mean(mean_with_error(0.5, 0.3), -1, 1)};
        decide(one, false);
        return one.front();
    }();
    ASSERT_EQ(v.decision, Decision::undecided);
    const double more = 0.3 * std::sqrt(400 / v.replicates_to_decide);
    EXPECT_EQ(alone(judge_mean(mean_with_error(0.5, 0.999 * more), -1, 1)), Decision::pass);
    EXPECT_EQ(alone(judge_mean(mean_with_error(0.5, 1.01 * more), -1, 1)), Decision::undecided);
}

}  // namespace
}  // namespace vitrum::validation
