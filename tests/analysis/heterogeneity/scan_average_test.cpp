// <tau> over scans: by hand, and what its interval covers where scans differ by more than their own errors.
#include "vitrum/analysis/heterogeneity/scan_average.hpp"

#include <cmath>

#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {
namespace {

TEST(TauOverScans, ByHand) {
    const auto rows = tau_over_scans({{90, 10}, {110, 10}, {100, 5}});
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].quantity, "tau_over_scans");
    EXPECT_DOUBLE_EQ(rows[0].value, 100);
    EXPECT_DOUBLE_EQ(rows[0].standard_error, 10 / std::sqrt(3.0));
    // Student with two degrees of freedom.
    EXPECT_NEAR(rows[0].upper - rows[0].value, 4.302653 * 10 / std::sqrt(3.0), 1e-4);
    // The weighted mean is 100: chi^2 = 2 for two degrees of freedom, p = 1/e.
    EXPECT_NEAR(rows[1].value, std::exp(-1.0), 1e-9);
}

TEST(TauOverScans, OneScanHasNoSpreadAndATauWithoutErrorNoTest) {
    EXPECT_TRUE(tau_over_scans({{90, 10}}).empty());
    EXPECT_TRUE(tau_over_scans({}).empty());
    const auto rows = tau_over_scans({{90, not_a_number}, {110, 10}});
    EXPECT_EQ(rows[0].status, Status::ok);
    EXPECT_TRUE(std::isnan(rows[1].value));
}

// Three scans whose tau scatter by 20 % and whose own errors are 2 %: the interval holds the mean in 95 %, and p sees
// the scatter. 4000 runs, four binomial errors (0.0138): false alarms 6e-5.
TEST(TauOverScans, TheSpreadBetweenScansCoversWhatOwnErrorsDoNot) {
    constexpr int runs = 4000;
    int inside = 0;
    int seen = 0;
    for (std::uint64_t r = 0; r < runs; ++r) {
        Stream stream({23, 1, r}, Purpose::test, 0);
        boost::random::normal_distribution<double> normal;
        std::vector<ScanTau> scans;
        for (int s = 0; s < 3; ++s) scans.push_back({100 + 20 * normal(stream), 2});
        const auto rows = tau_over_scans(scans);
        inside += rows[0].lower <= 100 && 100 <= rows[0].upper ? 1 : 0;
        seen += rows[1].value < 1e-3 ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(inside) / runs, 0.95, 0.0138);
    EXPECT_GT(seen, 0.8 * runs);
}

}  // namespace
}  // namespace vitrum::analysis
