#include "vitrum/model/avalanche/power_law_source.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <boost/math/distributions/chi_squared.hpp>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"

namespace vitrum::model {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const StreamKey key{7, cell_id("power_law"), 0};

std::vector<double> draw(const PowerLaw& law, std::size_t n) {
    std::vector<double> sizes(n);
    draw_sizes(law, key, sizes);
    return sizes;
}

// Shares of the law below each of the sorted sizes, by Simpson's rule in ln x: no formula of the generator in it.
std::vector<double> shares_below(const PowerLaw& law, const std::vector<double>& sorted) {
    const auto density = [&](double t) {
        const double x = law.x_min * std::exp(t);
        return std::exp(-(law.alpha - 1) * t - (std::isfinite(law.cutoff) ? (x - law.x_min) / law.cutoff : 0));
    };
    const auto integral = [&](double a, double b) {
        const int steps = 2 * std::max(2, static_cast<int>(std::ceil((b - a) / 0.02)));
        const double h = (b - a) / steps;
        double sum = density(a) + density(b);
        for (int i = 1; i < steps; ++i) sum += density(a + i * h) * (i % 2 == 1 ? 4 : 2);
        return sum * h / 3;
    };
    std::vector<double> below;
    double at = 0;
    double sum = 0;
    for (const double x : sorted) {
        const double next = std::log(x / law.x_min);
        sum += integral(at, next);
        at = next;
        below.push_back(sum);
    }
    // Beyond exp(-40) of the density nothing is left that counts here.
    sum += integral(at, std::isfinite(law.x_max) ? std::log(law.x_max / law.x_min) : at + 40 / (law.alpha - 1));
    for (double& share : below) share /= sum;
    return below;
}

// Kolmogorov's distance of 20000 sizes to each law; its limit has a false-alarm rate of 1e-6 (2 exp(-2 n d^2)) for each
// of eight laws. Cuts on both sides of the change of proposal, ends near and far, and both together.
TEST(PowerLawSource, SizesFollowTheirLaw) {
    constexpr std::size_t n = 20000;
    const double limit = std::sqrt(std::log(2 / 1e-6) / (2.0 * n));
    for (const PowerLaw& law :
         {PowerLaw{2.5, 1, infinity, infinity}, PowerLaw{1.5, 3, infinity, infinity}, PowerLaw{1.5, 1, 20, infinity},
          PowerLaw{1.0001, 2, 50, infinity}, PowerLaw{1.5, 1, infinity, 30}, PowerLaw{3, 1, infinity, 0.2},
          PowerLaw{1.5, 1, 40, 30}, PowerLaw{3, 1, 1.5, 0.2}}) {
        auto sizes = draw(law, n);
        std::sort(sizes.begin(), sizes.end());
        EXPECT_GE(sizes.front(), law.x_min);
        EXPECT_LE(sizes.back(), law.x_max);
        const auto below = shares_below(law, sizes);
        double distance = 0;
        for (std::size_t i = 0; i < n; ++i)
            distance =
                std::max({distance, below[i] - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - below[i]});
        EXPECT_LT(distance, limit) << law.alpha << " " << law.x_max << " " << law.cutoff;
    }
}

// Doubly truncated: mean ln(x/x_min) = 1/(alpha-1) - ln r r^(1-alpha)/(1 - r^(1-alpha)), the score equation. Within 4.9
// standard errors of 100000 sizes (1e-6).
TEST(PowerLawSource, MeanLogarithmOfATruncatedLaw) {
    const PowerLaw law{1.7, 2, 2 * 15.0, infinity};
    const auto sizes = draw(law, 100000);
    double sum = 0;
    double square = 0;
    for (const double x : sizes) {
        const double l = std::log(x / law.x_min);
        sum += l;
        square += l * l;
    }
    const auto n = static_cast<double>(sizes.size());
    const double mean = sum / n;
    const double tail = std::pow(15.0, -0.7);
    EXPECT_NEAR(mean, 1 / 0.7 - std::log(15.0) * tail / (1 - tail), 4.9 * std::sqrt((square / n - mean * mean) / n));
}

// Body and tail are one curve: shares of twelve bins against the density integrated by Simpson's rule. chi^2 of 11
// degrees of freedom above 40.7 comes once in 4e4 runs.
TEST(PowerLawSource, BodyAndTailAreOneCurve) {
    PowerLaw law{2.5, 10, infinity, infinity, 1};
    const auto sizes = draw(law, 200000);
    const std::vector<double> edges{1, 1.5, 2, 3, 4, 6, 8, 10, 12, 15, 20, 40};
    const auto density = [](double x) { return x < 10 ? std::exp(-2.5 * (x / 10 - 1)) : std::pow(x / 10, -2.5); };
    std::vector<double> mass;
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
        const double h = (edges[i + 1] - edges[i]) / 200;
        double sum = 0;
        for (int k = 0; k < 100; ++k) {
            const double x = edges[i] + 2 * k * h;
            sum += h / 3 * (density(x) + 4 * density(x + h) + density(x + 2 * h));
        }
        mass.push_back(sum);
    }
    mass.push_back(10 / 1.5 * std::pow(4.0, -1.5));  // beyond the last edge
    double whole = 0;
    for (const double m : mass) whole += m;
    std::vector<double> count(mass.size(), 0.0);
    for (const double x : sizes) {
        ASSERT_GE(x, 1);
        count[static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), x) - edges.begin()) - 1] += 1;
    }
    double chi2 = 0;
    for (std::size_t i = 0; i < mass.size(); ++i) {
        const double expected = static_cast<double>(sizes.size()) * mass[i] / whole;
        chi2 += (count[i] - expected) * (count[i] - expected) / expected;
    }
    EXPECT_LT(chi2, 40.7);
    const auto made = generate_power_law(law, 10, "um", key);
    ASSERT_NE(made.truth.find("power_law_x_min", {}), nullptr);
    EXPECT_EQ(made.truth.find("power_law_x_min", {})->value, 10);
    EXPECT_EQ(made.truth.find("power_law_x_min", {})->unit, "um");
}

// Frequencies of counts against k^-alpha exp(-k/cutoff), summed term by term: from 1 on (where a rounded continuous law
// is off by a fifth), with ends, cuts on both sides of the change of proposal, a step, and a body. chi^2 of the cells
// that expect 20, the rest in one; its limit has a false-alarm rate of 1e-6 for each of eight laws.
TEST(PowerLawSource, CountsFollowTheirLaw) {
    constexpr std::size_t n = 40000;
    for (const PowerLaw& law :
         {PowerLaw{2.5, 1, infinity, infinity, 0, 1}, PowerLaw{1.5, 3, infinity, infinity, 0, 1},
          PowerLaw{1.5, 1, 20, infinity, 0, 1}, PowerLaw{1.5, 1, infinity, 30, 0, 1},
          PowerLaw{3, 1, infinity, 0.3, 0, 1}, PowerLaw{1.2, 2, 40, 30, 0, 1}, PowerLaw{2.5, 2.5, infinity, 20, 0, 0.5},
          PowerLaw{2.5, 20, infinity, infinity, 2, 2}}) {
        const double low = std::nearbyint((law.body_from > 0 ? law.body_from : law.x_min) / law.step);
        const double from = std::nearbyint(law.x_min / law.step);
        std::vector<double> mass;
        double whole = 0;
        for (double k = low; k < low + 3e6 && k * law.step <= law.x_max * (1 + 1e-9); ++k) {
            double p = k < from ? std::exp(-law.alpha * (k / from - 1)) : std::pow(k / from, -law.alpha);
            if (std::isfinite(law.cutoff)) p *= std::exp(-(k - from) * law.step / law.cutoff);
            if (mass.size() < 4000) mass.push_back(p);
            whole += p;
        }
        if (std::isinf(law.x_max) && std::isinf(law.cutoff))  // the integral beyond, to 1e-12
            whole += from / (law.alpha - 1) * std::pow((low + 3e6 - 0.5) / from, 1 - law.alpha);
        std::vector<double> count(mass.size(), 0.0);
        for (const double x : draw(law, n)) {
            const double k = x / law.step;
            ASSERT_EQ(k, std::nearbyint(k));
            ASSERT_GE(k, low);
            ASSERT_LE(x, law.x_max);
            if (k - low < static_cast<double>(count.size())) count[static_cast<std::size_t>(k - low)] += 1;
        }
        double chi2 = 0;
        double seen = 0;
        double expected = 0;
        double cells = 0;
        const auto add = [&](double found, double mean) {
            chi2 += (found - mean) * (found - mean) / mean;
            ++cells;
        };
        for (std::size_t i = 0; i < mass.size() && n * mass[i] / whole > 20; ++i) {
            const double mean = n * mass[i] / whole;
            add(count[i], mean);
            seen += count[i];
            expected += mean;
        }
        if (n - expected > 5) add(n - seen, n - expected);
        const boost::math::chi_squared law_of_chi2(cells - 1);
        EXPECT_LT(chi2, quantile(complement(law_of_chi2, 1e-6)))
            << law.alpha << " from " << law.x_min << ", " << cells << " cells";
    }
}

TEST(PowerLawSource, FirstSizesAreTheSameHoweverManyAreDrawn) {
    for (const PowerLaw& law :
         {PowerLaw{2.5, 1, infinity, infinity}, PowerLaw{1.5, 1, infinity, 30}, PowerLaw{1.5, 1, infinity, 30, 0, 1}}) {
        const auto few = draw(law, 5000);
        const auto many = draw(law, 9000);
        EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
        EXPECT_NE(many[0], many[4096]) << "blocks have streams of their own";
        std::vector<double> other(5000);
        draw_sizes(law, {key.seed, key.cell, 1}, other);
        EXPECT_NE(other, few);
    }
}

TEST(PowerLawSource, TruthSaysWhichLaw) {
    const auto plain = generate_power_law({2.5, 1, infinity, infinity}, 10, "um", key);
    EXPECT_EQ(plain.data.events(), 10U);
    EXPECT_EQ(plain.data.unit, "um");
    ASSERT_NE(plain.truth.find("power_law_exponent", {}), nullptr);
    EXPECT_EQ(plain.truth.find("power_law_exponent", {})->value, 2.5);
    EXPECT_EQ(plain.truth.rows.size(), 1U);
    const auto cut = generate_power_law({1.5, 1, 1e4, 30}, 10, "um", key);
    ASSERT_NE(cut.truth.find("size_cutoff", {}), nullptr);
    EXPECT_EQ(cut.truth.find("size_cutoff", {})->value, 30);
    EXPECT_EQ(cut.truth.find("size_cutoff", {})->unit, "um");
}

TEST(PowerLawSource, BadLawsAreNamed) {
    EXPECT_MESSAGE(check(PowerLaw{1, 1, 10, infinity}), "alpha = 1: more than 1");
    EXPECT_MESSAGE(check(PowerLaw{1.05, 1, infinity, infinity}), "alpha = 1.05: at least 1.06");
    EXPECT_MESSAGE(check(PowerLaw{2, 0, infinity, infinity}), "x_min = 0");
    EXPECT_MESSAGE(check(PowerLaw{2, 1, 1, infinity}), "x_max = 1");
    EXPECT_MESSAGE(check(PowerLaw{2, 1, infinity, -1}), "cutoff = -1");
    EXPECT_MESSAGE(check(PowerLaw{2, 1, infinity, infinity, 1}), "body_from = 1: between 0 and x_min = 1");
    EXPECT_MESSAGE(check(PowerLaw{2, 1, 100, infinity, 0.5}), "neither x_max nor cutoff");
    EXPECT_MESSAGE(check(PowerLaw{2, 1, infinity, infinity, 0, -1}), "step = -1");
    EXPECT_MESSAGE(check(PowerLaw{2, 1.5, infinity, infinity, 0, 1}), "x_min = 1.5: counts are whole multiples");
    EXPECT_MESSAGE(check(PowerLaw{2, 1, 7.2, infinity, 0, 1}), "x_max = 7.2");
    EXPECT_MESSAGE(check(PowerLaw{2, 4, infinity, infinity, 0.2, 1}), "body_from = 0.2");
    EXPECT_MESSAGE((void)draw(PowerLaw{std::nan(""), 1, 10, infinity}, 1), "alpha = nan");
}

}  // namespace
}  // namespace vitrum::model
