// ln(tau on decompression / tau on compression): value and error against closed form and against drawn pairs.
#include "vitrum/analysis/thermo/branch_ratio.hpp"

#include <cmath>
#include <string>

#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {
namespace {

TEST(BranchRatio, LogarithmAndItsError) {
    const auto rows = branch_log_ratio({{{{"pressure", 0, 3, "GPa"}}, {{40, 2}}, {{80, 6}}}});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].quantity, "branch_log_ratio");
    EXPECT_DOUBLE_EQ(rows[0].value, std::log(2.0));
    EXPECT_DOUBLE_EQ(rows[0].standard_error, std::hypot(0.05, 0.075));
    EXPECT_EQ(rows[0].abscissa.front().name, "pressure");
}

TEST(BranchRatio, SwappedBranchesChangeTheSignAlone) {
    const auto one = branch_log_ratio({{{}, {{40, 2}}, {{75, 6}}}});
    const auto other = branch_log_ratio({{{}, {{75, 6}}, {{40, 2}}}});
    EXPECT_DOUBLE_EQ(one[0].value, -other[0].value);
    EXPECT_DOUBLE_EQ(one[0].standard_error, other[0].standard_error);
}

TEST(BranchRatio, NoRelaxationTimeNoNumber) {
    for (const double bad : {not_a_number, 0.0, -3.0}) {
        const auto rows = branch_log_ratio({{{}, {{40, 2}}, {{bad, 6}}}});
        EXPECT_EQ(rows[0].status, Status::no_data);
        EXPECT_FALSE(std::isfinite(rows[0].value));
    }
}

// 4000 pairs, errors of 5 %: coverage within 4.5 binomial errors of 95 %, false alarms 7e-6 (and the logarithm of a
// Gaussian is Gaussian to 0.1 % of coverage at 5 %).
TEST(BranchRatio, IntervalsHoldTheTruth) {
    constexpr int runs = 4000;
    int held = 0;
    Stream stream({11, cell_id("branch"), 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal;
    for (int i = 0; i < runs; ++i) {
        const double up = 40 + 2 * normal(stream);
        const double down = 80 + 4 * normal(stream);
        const auto row = branch_log_ratio({{{}, {{up, 2}}, {{down, 4}}}}).front();
        held += row.lower <= std::log(2.0) && std::log(2.0) <= row.upper ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(held) / runs, 0.95, 4.5 * std::sqrt(0.95 * 0.05 / runs) + 0.001);
}

TEST(BranchRatio, ScansOfABranchGiveTheirScatter) {
    const auto row = branch_log_ratio({{{}, {{30, 0.3}, {40, 0.4}, {50, 0.5}}, {{380, 3.8}}}}).front();
    const double mean = (std::log(30.0) + std::log(40.0) + std::log(50.0)) / 3;
    double between = 0;
    for (const double tau : {30.0, 40.0, 50.0}) between += std::pow(std::log(tau) - mean, 2) / 2;
    EXPECT_NEAR(row.value, std::log(380.0) - mean, 1e-12);
    EXPECT_NEAR(row.standard_error, std::sqrt(between * (1.0 / 3 + 1)), 1e-12);
    EXPECT_NEAR(row.upper - row.value, 4.302653 * row.standard_error, 1e-5) << "Student, two degrees of freedom";
    // Scans that agree better than their errors say: the errors of the fits.
    const auto alike = branch_log_ratio({{{}, {{40, 2}, {40, 2}}, {{80, 4}}}}).front();
    EXPECT_NEAR(alike.standard_error, std::hypot(0.05 / std::sqrt(2.0), 0.05), 1e-12);
    // What is not clean is left out, and one scan on each branch is left.
    const auto left = branch_log_ratio({{{}, {{40, 2}, {not_a_number, 1}}, {{80, 6}}}}).front();
    EXPECT_DOUBLE_EQ(left.standard_error, std::hypot(0.05, 0.075));
    EXPECT_NE(left.note.find("1 scan without a clean tau"), std::string::npos);
    const auto changing = branch_log_ratio({{{}, {{40, 2, false}}, {{80, 6}}}}).front();
    EXPECT_NE(changing.note.find("dynamics change within 1"), std::string::npos);
}

// Scans of a branch differ by 20 %, their fits err by 2 %: intervals of three scans against one hold the truth; those
// of the fits alone would hold it in 15 %. 4000 pairs, 4.5 binomial errors.
TEST(BranchRatio, IntervalsKnowWhatDiffersFromScanToScan) {
    constexpr int runs = 4000;
    int held = 0;
    Stream stream({12, cell_id("branch"), 0}, Purpose::test, 0);
    boost::random::normal_distribution<double> normal;
    for (int i = 0; i < runs; ++i) {
        const auto scan = [&](double tau) {
            const double mine = tau * std::exp(0.2 * normal(stream) + 0.02 * normal(stream));
            return BranchTau{mine, 0.02 * mine};
        };
        const BranchScans scans{{}, {scan(40), scan(40), scan(40)}, {scan(380)}};
        const auto row = branch_log_ratio({scans}).front();
        held += row.lower <= std::log(9.5) && std::log(9.5) <= row.upper ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(held) / runs, 0.95, 4.5 * std::sqrt(0.95 * 0.05 / runs));
}

}  // namespace
}  // namespace vitrum::analysis
