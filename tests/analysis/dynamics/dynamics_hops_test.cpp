// Planted cage jumps and strings, and how often noise alone gives them.
#include <cmath>
#include <numbers>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/analysis/dynamics/dynamics_cases.hpp"
#include "tests/message_of.hpp"
#include "vitrum/analysis/dynamics/hops.hpp"
#include "vitrum/analysis/dynamics/strings.hpp"

namespace vitrum::analysis {
namespace {

constexpr double edge = 30;

// Atoms on a cubic grid of 3 angstrom with white noise sigma; atom 20 k + 7 jumps by 2.5 angstrom along x at frame
// 50 + k, atom 20 k + 11 at frames 30 and 70, there and back.
Trajectory planted(double sigma, std::uint64_t seed) {
    Trajectory t;
    t.elements = {"Cu"};
    t.species.assign(1000, 0);
    t.mass.assign(1000, 1.0);
    for (int i = 0; i < 1000; ++i) t.id.push_back(i + 1);
    Stream stream({seed, cell_id("planted hops"), 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal(0, sigma);
    for (std::size_t f = 0; f < 101; ++f) {
        AtomFrame frame{static_cast<double>(f),
                        1e-12 * static_cast<double>(f),
                        {edge, 0, 0, 0, edge, 0, 0, 0, edge},
                        std::vector<double>(3000)};
        for (std::size_t i = 0; i < 1000; ++i) {
            const double site[3] = {3.0 * static_cast<double>(i % 10), 3.0 * static_cast<double>(i / 10 % 10),
                                    3.0 * static_cast<double>(i / 100)};
            for (std::size_t k = 0; k < 3; ++k) frame.fractional[3 * i + k] = (site[k] + normal(stream)) / edge;
            if (i % 20 == 7 && f >= 50 + i / 20 % 20) frame.fractional[3 * i] += 2.5 / edge;
            if (i % 20 == 11 && f >= 30 && f < 70) frame.fractional[3 * i] += 2.5 / edge;
        }
        t.frames.push_back(std::move(frame));
    }
    return t;
}

// Cages of sigma = 0.1: p_hop of noise is near 3 sigma^2 = 0.03, that of a jump near 6.3. To reach 1 the mean of ten
// positions would have to move by ten standard errors: no false alarm.
TEST(DynamicsHops, PlantedHopsAreFound) {
    const HopResult r = find_hops(planted(0.1, 1));
    ASSERT_EQ(r.hops.size(), 150U);
    for (const Hop& hop : r.hops) {
        const std::size_t k = hop.atom / 20;
        if (hop.atom % 20 == 7)
            EXPECT_EQ(hop.frame, 50 + k % 20);
        else
            EXPECT_TRUE(hop.atom % 20 == 11 && (hop.frame == 30 || hop.frame == 70));
        EXPECT_NEAR(hop.p, 2.5 * 2.5, 1.5);
        EXPECT_NEAR(std::abs(hop.displacement[0]), 2.5, 0.3);  // sqrt(2/10) 0.1 = 0.045: seven errors
    }
    EXPECT_NEAR(estimate(r.result, "hop_rate").value, 150 / (1000 * 82e-12), 1);
    EXPECT_NEAR(estimate(r.result, "hop_length").value, 2.5, 0.03);
    const auto none = find_hops(planted(0.1, 1), {.paths = {}, .half_window = 10, .threshold = 20});
    EXPECT_EQ(estimate(none.result, "hop_rate").status, Status::no_data);
}

// h = 1: p_hop = |r(t) - r(t-1)|^2 = 2 sigma^2 chi^2_3 for noise alone, so it passes c with probability
// Gamma(3/2, c/(4 sigma^2))/Gamma(3/2): known false alarms.
TEST(DynamicsHops, FalseAlarmsOfNoiseAreKnown) {
    constexpr double sigma = 0.3;
    constexpr double threshold = 1;
    std::vector<double> share;
    for (std::size_t r = 0; r < replicates; ++r) {
        Stream stream({r, cell_id("noise"), 0}, Purpose::test, 0);
        boost::random::normal_distribution<double> normal(0, sigma);
        std::vector<Vector3> path(4000);
        for (Vector3& x : path)
            for (double& v : x) v = normal(stream);
        double above = 0;
        const std::vector<double> p = hop_signal(path, 1);
        ASSERT_EQ(p.size(), 3999U);
        for (const double v : p)
            if (v > threshold) ++above;
        share.push_back(above / 3999);
    }
    expect_mean(share, boost::math::gamma_q(1.5, threshold / (4 * sigma * sigma)), "share above the threshold");
}

// The definition, sum by sum.
TEST(DynamicsHops, SignalAgreesWithItsDefinition) {
    Stream stream({1, cell_id("definition"), 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal;
    std::vector<Vector3> path(20);
    for (Vector3& x : path)
        for (double& v : x) v = 5 + normal(stream);
    const std::vector<double> p = hop_signal(path, 4);
    ASSERT_EQ(p.size(), 13U);
    for (std::size_t t = 4; t <= 16; ++t) {
        const auto spread = [&](std::size_t own, std::size_t other) {
            double sum = 0;
            for (std::size_t k = 0; k < 3; ++k) {
                double mean = 0;
                for (std::size_t u = 0; u < 4; ++u) mean += path[other + u][k] / 4;
                for (std::size_t u = 0; u < 4; ++u) sum += std::pow(path[own + u][k] - mean, 2) / 4;
            }
            return sum;
        };
        EXPECT_NEAR(p[t - 4], std::sqrt(spread(t - 4, t) * spread(t, t - 4)), 1e-10);
    }
}

TEST(DynamicsHops, BadWindowsAndThreads) {
    const Trajectory t = planted(0.3, 2);
    EXPECT_MESSAGE(find_hops(t, {.paths = {}, .half_window = 51}), "between 1 and 50");
    const HopResult many = find_hops(t);
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const HopResult single = find_hops(t);
    ASSERT_EQ(many.hops.size(), single.hops.size());
    for (std::size_t i = 0; i < many.hops.size(); ++i) EXPECT_EQ(many.hops[i].p, single.hops[i].p);
}

// Atoms on a grid of 3 angstrom; in rows of their own, chains of 2, 3, 4 and 6 atoms move along x, each into the next
// one's place, the last into a hole; two lone atoms move by 2.9 angstrom to where nobody was.
TEST(DynamicsStrings, PlantedStringsAreFound) {
    Trajectory t;
    t.elements = {"Cu"};
    AtomFrame from{0, 0, {edge, 0, 0, 0, edge, 0, 0, 0, edge}, {}};
    AtomFrame to{1, 1e-12, from.box, {}};
    std::size_t mobile = 0;
    const std::size_t chain[5] = {2, 3, 4, 6, 0};
    for (std::size_t row = 0; row < 5; ++row)
        for (std::size_t x = 0; x < 9; ++x) {
            const double y = 6 * static_cast<double>(row);
            const bool lone = row == 4 && (x == 1 || x == 6);
            const bool moves = (row < 4 && x >= 9 - chain[row]) || lone;
            if (moves) ++mobile;
            for (const double s : {3.0 * static_cast<double>(x), y, 1.0}) from.fractional.push_back(s / edge);
            for (const double s :
                 {3.0 * static_cast<double>(x) + (moves && !lone ? 3.0 : 0.0), y, 1.0 + (lone ? 2.9 : 0.0)})
                to.fractional.push_back(s / edge);
        }
    t.frames = {from, to};
    t.species.assign(45, 0);
    t.mass.assign(45, 1.0);
    for (int i = 0; i < 45; ++i) t.id.push_back(i + 1);
    ASSERT_EQ(mobile, 17U);
    const Findings r = string_motion(t, {.paths = {}, .lag = 1, .mobile_share = 17.0 / 45, .reach = 1.0, .origins = 1});
    const Curve& share = curve(r, "string_length_distribution");
    ASSERT_EQ(share.size(), 6U);
    for (const auto& [n, expected] : {std::pair{1, 2}, {2, 1}, {3, 1}, {4, 1}, {5, 0}, {6, 1}})
        EXPECT_NEAR(share.y[static_cast<std::size_t>(n) - 1], expected / 6.0, 1e-12) << n;
    EXPECT_NEAR(estimate(r, "string_length").value, 17.0 / 6, 1e-12);
}

// Atoms at random that are all at random again: each pair links by chance with 1 - (1 - v)^2, v = (4 pi/3) delta^3 / V,
// and few enough links make every one take a string away: 40 atoms, 0.17 links expected. The mean of
// (atoms - strings) over 4000 origins is the number of links, less the few loops and triples (below 1 %).
TEST(DynamicsStrings, FalseLinksOfRandomAtoms) {
    constexpr double reach = 1.5;
    std::vector<double> links;
    for (std::size_t r = 0; r < replicates; ++r) {
        Trajectory t;
        t.elements = {"Cu"};
        t.species.assign(40, 0);
        for (int i = 0; i < 40; ++i) t.id.push_back(i + 1);
        Stream stream({r, cell_id("random strings"), 0}, Purpose::test, 0);
        boost::random::uniform_01<double> uniform;
        for (int f = 0; f < 201; ++f) {
            AtomFrame frame{0.0 + f, 1e-12 * f, {edge, 0, 0, 0, edge, 0, 0, 0, edge}, {}};
            for (int i = 0; i < 120; ++i) frame.fractional.push_back(uniform(stream));
            t.frames.push_back(std::move(frame));
        }
        const Findings result =
            string_motion(t, {.paths = {}, .lag = 1, .mobile_share = 1, .reach = reach, .origins = 200});
        links.push_back(40 - 40 / estimate(result, "string_length").value);
    }
    const double v = 4 * std::numbers::pi / 3 * std::pow(reach / edge, 3);
    expect_mean(links, 40 * 39 / 2.0 * (1 - (1 - v) * (1 - v)), "links");
}

TEST(DynamicsStrings, BadOptions) {
    const Trajectory t = planted(0.1, 1);
    EXPECT_MESSAGE(string_motion(t, {.paths = {}, .lag = 101}), "at most 100");
    EXPECT_MESSAGE(string_motion(t, {.paths = {}, .lag = 1, .mobile_share = 0}), "mobile_share = 0");
    EXPECT_MESSAGE(string_motion(t, {.paths = {}, .lag = 1, .mobile_share = 0.05, .reach = 20}), "below half the cell");
    EXPECT_EQ(estimate(string_motion(t), "string_length").status, Status::ok);
}

}  // namespace
}  // namespace vitrum::analysis
