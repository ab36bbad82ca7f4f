// Discrete power laws: moments against mpmath, Zipf numbers drawn exactly, the continuous law as a limit.
#include "vitrum/analysis/avalanche/discrete_power_law.hpp"

#include <array>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/model/avalanche/power_law_source.hpp"

namespace vitrum::analysis {
namespace {

// q^alpha zeta(alpha, q) and derivatives of -ln of it by alpha, from mpmath 1.2 with 30 digits.
TEST(DiscretePowerLaw, MomentsOfHurwitzZeta) {
    struct Case {
        double alpha, q, zeta, mean, variance, third;
    };
    for (const Case& c :
         {Case{2.5, 1, 1.34148725725091718, 0.288740685558193099, 0.350452487877412753, 0.555472831859375685},
          Case{1.95273, 7, 7.87046299785650629, 0.978346686428020927, 1.09975285085801136, 2.31268429819223717},
          Case{1.05, 1, 20.5808443020369848, 19.4320342412846259, 399.817514210815134, 15999.900916029768},
          Case{3.7, 49, 18.6544394955703059, 0.360227196451802411, 0.137138810419840205, 0.101610516779953908},
          Case{8, 3, 1.12262776471281066, 0.0372108549891842856, 0.0129983501446404957, 0.00516612325786194112}}) {
        const DiscreteMoments m = discrete_moments(c.alpha, c.q);
        EXPECT_NEAR(m.zeta / c.zeta, 1, 1e-12) << c.alpha;
        EXPECT_NEAR(m.mean / c.mean, 1, 1e-11) << c.alpha;
        EXPECT_NEAR(m.variance / c.variance, 1, 1e-10) << c.alpha;
        EXPECT_NEAR(m.third / c.third, 1, 1e-8) << c.alpha;
    }
    // p(1) = 1/zeta(2.5).
    EXPECT_NEAR(discrete_survival(2.5, 1, 2), 1 - 1 / 1.34148725725091718, 1e-12);
}

// Zipf's numbers by the inverse of the cumulative sum.
std::vector<double> draw(double alpha, int k_min, std::size_t n, Stream& stream) {
    std::vector<double> sizes;
    const double zeta = discrete_moments(alpha, k_min).zeta;
    for (std::size_t i = 0; i < n; ++i) {
        double left = std::uniform_real_distribution<double>()(stream);
        double k = k_min;
        while (true) {
            left -= std::pow(k / k_min, -alpha) / zeta;
            if (left <= 0 || k > 1e6) break;
            ++k;
        }
        sizes.push_back(k);
    }
    return sizes;
}

// 1500 replicates: bias within 4.9 standard errors (false alarm 1e-6), coverage 95 % within 4.9 sqrt(p(1-p)/1500) =
// 2.8 % and 1 % more for a law of few values, whose sum of logarithms is no continuous variable.
TEST(DiscretePowerLaw, BiasAndCoverage) {
    struct Case {
        double alpha;
        int k_min;
        std::size_t n;
    };
    for (const Case& c : {Case{2.5, 1, 40}, Case{2.2, 3, 15}, Case{3.0, 1, 200}}) {
        Stream stream({21, cell_id("discrete power law"), c.n}, Purpose::test, 0);
        PowerLawOptions options;
        options.x_min = c.k_min;
        options.bias_corrected = true;
        constexpr int replicates = 1500;
        double sum = 0;
        double square = 0;
        double bar = 0;
        int covered = 0;
        int used = 0;
        for (int r = 0; r < replicates; ++r) {
            const auto fit = fit_discrete_power_law(draw(c.alpha, c.k_min, c.n, stream), 1, options);
            if (fit.status != Status::ok) continue;
            ++used;
            sum += fit.alpha - c.alpha;
            square += (fit.alpha - c.alpha) * (fit.alpha - c.alpha);
            bar += fit.standard_error * fit.standard_error;
            covered += fit.lower <= c.alpha && c.alpha <= fit.upper ? 1 : 0;
        }
        EXPECT_GT(used, 1495);
        const double variance = square / used - sum / used * sum / used;
        // What is left of the bias is of second order: c/n^2.
        EXPECT_LT(std::abs(sum / used), 4.9 * std::sqrt(variance / used) + 10 / double(c.n * c.n)) << c.alpha;
        EXPECT_NEAR(bar / used / variance, 1, 0.25) << c.alpha;
        EXPECT_NEAR(double(covered) / used, 0.95, 0.038) << c.alpha << " n " << c.n;
    }
}

TEST(DiscretePowerLaw, ManyStepsAreTheContinuousLaw) {
    std::vector<double> sizes(50);
    model::PowerLaw law;
    law.alpha = 2.3;
    law.x_min = 1e7;
    model::draw_sizes(law, {11, cell_id("limit"), 0}, sizes);
    for (double& x : sizes) x = std::nearbyint(x);
    PowerLawOptions options;
    options.x_min = 1e7;
    for (const bool corrected : {false, true}) {
        options.bias_corrected = corrected;
        const auto a = fit_power_law(sizes, options);
        const auto b = fit_discrete_power_law(sizes, 1, options);
        EXPECT_NEAR(a.alpha, b.alpha, 1e-6);
        EXPECT_NEAR(a.standard_error, b.standard_error, 1e-6);
        EXPECT_NEAR(a.lower, b.lower, 1e-6);
        EXPECT_NEAR(a.upper, b.upper, 1e-6);
    }
}

TEST(DiscretePowerLaw, StepsAreFound) {
    const auto step = [](std::vector<double> sizes, double x_min) { return step_of(sizes, x_min); };
    EXPECT_EQ(step({1, 1, 2, 5, 3}, 1), 1);
    EXPECT_EQ(step({0.25, 0.5, 1.25, 0.75}, 0.25), 0.25);
    EXPECT_NEAR(step({0.1, 0.3, 0.2, 0.7}, 0.1), 0.1, 1e-12);
    EXPECT_EQ(step({20, 40, 60, 140}, 20), 20);
    EXPECT_EQ(step({0.3, 4, 5, 7}, 2), 1);            // what lies below x_min does not count
    EXPECT_EQ(step({1012, 1013, 2011}, 1000), 1);     // whole numbers are counts however large
    EXPECT_EQ(step({1.01, 1.02, 1.05, 1.06}, 1), 0);  // a hundredth of x_min: as good as continuous
    EXPECT_EQ(step({9.5, 3, 4, 5}, 2.5), 0);
    EXPECT_EQ(step({1.1, 2.3, 3.7183}, 1), 0);
    EXPECT_EQ(step({4, 4}, 1), 1);
    EXPECT_EQ(step({0.5}, 1), 0);
}

TEST(DiscretePowerLaw, RowsSayWhichLaw) {
    Stream stream({21, cell_id("rows"), 0}, Purpose::test, 0);
    EventCatalogue events{"events", "", draw(2.5, 1, 2000, stream), {}, {}};
    PowerLawOptions options;
    const auto found = power_law(events, options).front();
    EXPECT_NEAR(found.value, 2.5, 6 * found.standard_error);
    EXPECT_TRUE(contains(found.note, "discrete law in steps of 1")) << found.note;
    options.kind = SizeKind::continuous;
    const auto wrong = power_law(events, options).front();
    EXPECT_GT(wrong.value, 4);
    EXPECT_FALSE(contains(wrong.note, "discrete"));
    options.kind = SizeKind::automatic;
    for (double& x : events.size) x *= 0.02;  // counts in another unit
    options.x_min = 0.02;
    EXPECT_NEAR(power_law(events, options).front().value, found.value, 1e-9);
    options.kind = SizeKind::discrete;
    options.step = 0.03;
    EXPECT_MESSAGE(power_law(events, options), "is no whole multiple of the step 0.03");
    EXPECT_EQ(fit_discrete_power_law(std::vector<double>{1, 1, 1, 1}, 1, {}).status, Status::no_data);
    EXPECT_MESSAGE(fit_discrete_power_law(std::vector<double>{1, -1}, 1, {}), "size -1 of event 2");
}

}  // namespace
}  // namespace vitrum::analysis
