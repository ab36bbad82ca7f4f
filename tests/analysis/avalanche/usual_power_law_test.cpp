// Common ways to an exponent, so that they can be judged: exact cases, and what they are known to get wrong.
#include "vitrum/analysis/avalanche/usual_power_law.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/analysis/avalanche/discrete_power_law.hpp"
#include "vitrum/model/avalanche/power_law_source.hpp"

namespace vitrum::analysis {
namespace {

Estimate exponent(const std::vector<double>& sizes, const UsualOptions& options) {
    const auto rows = usual_power_law(EventCatalogue{"s", "", sizes, {}, {}}, options);
    EXPECT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].status, Status::no_data);
    return rows[0];
}

std::vector<double> in_bins_of_two(const std::vector<int>& counts) {
    std::vector<double> sizes{0.5, 0.9};  // below x_min
    double low = 1;
    for (const int count : counts) {
        for (int i = 0; i < count; ++i) sizes.push_back(low * (1.01 + 0.9 * i / count));
        low *= 2;
    }
    return sizes;
}

TEST(UsualPowerLaw, BinsOfAFactorOfTwo) {
    UsualOptions options;
    options.bins_per_decade = std::numbers::ln10 / std::numbers::ln2;
    // A density x^-2 exactly; the empty bin is left out.
    const Estimate e = exponent(in_bins_of_two({64, 32, 0, 8}), options);
    EXPECT_NEAR(e.value, 2, 1e-12);
    EXPECT_NEAR(e.standard_error, 0, 1e-7);
    EXPECT_NE(e.note.find("104 sizes from x_min = 1 on in 3 bins"), std::string::npos) << e.note;
    // ln(count/width) at 0, 1, 2 in units of ln 2: 0, -2, -3; slope -3/2, residuals -1/6, 1/3, -1/6, squares 1/6 over
    // one degree of freedom and sum (x - 1)^2 = 2: error sqrt(1/12).
    const Estimate bent = exponent(in_bins_of_two({64, 32, 32}), options);
    EXPECT_NEAR(bent.value, 1.5, 1e-12);
    EXPECT_NEAR(bent.standard_error, std::sqrt(1 / 12.0), 1e-12);
    EXPECT_NEAR(bent.upper - bent.value, 12.7062047 * bent.standard_error, 1e-6);
}

TEST(UsualPowerLaw, HalfAStepBelow) {
    UsualOptions options;
    options.fit = UsualFit::half_step;
    options.x_min = 4;
    options.step = 2;
    const Estimate e = exponent({4, 6, 8, 2, 10}, options);
    const double sum = std::log(4 / 3.0) + std::log(2.0) + std::log(8 / 3.0) + std::log(10 / 3.0);
    EXPECT_NEAR(e.value, 1 + 4 / sum, 1e-13);
    EXPECT_NEAR(e.standard_error, 2 / sum, 1e-13);
}

// The approximation below x_min = 6: its limit for many sizes is 1 + 1/(<ln k/k_min> - ln(1 - 1/(2 k_min))), 2.02 at 1
// where 2.5 is true and 2.5 within 0.5 % from 6 on; 20000 counts of the law lie within five standard errors of it, and
// those from 1 far from the truth.
TEST(UsualPowerLaw, TheApproximationFailsBelowSix) {
    UsualOptions options;
    options.fit = UsualFit::half_step;
    for (const double k_min : {1.0, 2.0, 6.0, 20.0}) {
        const double limit = 1 + 1 / (discrete_moments(2.5, k_min).mean - std::log1p(-0.5 / k_min));
        std::vector<double> sizes(20000);
        model::PowerLaw law;
        law.alpha = 2.5;
        law.x_min = k_min;
        law.step = 1;
        model::draw_sizes(law, {5, cell_id("half step"), 0}, sizes);
        options.x_min = k_min;
        const Estimate e = exponent(sizes, options);
        EXPECT_NEAR(e.value, limit, 5 * e.standard_error) << k_min;
        if (k_min >= 6) {
            EXPECT_NEAR(limit, 2.5, 0.005 * 2.5) << k_min;
        }
        if (k_min == 1) {
            EXPECT_NEAR(limit, 2.02, 0.005);
            EXPECT_LT(e.upper, 2.1);
        }
    }
}

TEST(UsualPowerLaw, FewSizesAndBadOnes) {
    UsualOptions options;
    EXPECT_EQ(exponent({1, 1.1, 5}, options).status, Status::no_data);
    EXPECT_EQ(exponent({}, options).status, Status::no_data);
    EXPECT_MESSAGE((void)exponent({1, 0}, options), "size 0 of event 2");
    options.bins_per_decade = 0;
    EXPECT_MESSAGE((void)exponent({1}, options), "bins_per_decade = 0");
    options = {UsualFit::half_step, 1, 10, 2};
    EXPECT_MESSAGE((void)exponent({1}, options), "x_min = 1: at least one step of 2");
    options.step = 1;
    EXPECT_EQ(exponent({1, 1, 1, 1}, options).status, Status::no_data);
}

}  // namespace
}  // namespace vitrum::analysis
