// The law of two wells is returned exactly; its interval covers; the parabola's bias is what the shape makes it.
#include "analysis/thermo/crossover_pressure.hpp"

#include <cmath>

#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "core/stream.hpp"

namespace vitrum::analysis {
namespace {

constexpr double px = 3;
constexpr double w = 0.9;
constexpr double v = 0.2;

double log_tau(double p) { return 4 + v * p - std::log(std::cosh(w * (p - px))); }
double peak() { return px + std::atanh(v / w) / w; }

Curve wells(const std::vector<double>& pressures, double error) {
    Curve tau = make_curve("tau", "pressure", "GPa", "tau", "s");
    for (const double p : pressures) {
        tau.x.push_back(p);
        tau.y.push_back(std::exp(log_tau(p)));
        tau.y_error.push_back(error * tau.y.back());
    }
    return tau;
}

TEST(CrossoverPressure, ExactTwoWellsAreReturned) {
    const auto rows = crossover_pressure(wells({6, 0, 1.2, 2.4, 4.8, 3.6}, 0.02));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].status, Status::ok);
    EXPECT_NEAR(rows[0].value, peak(), 1e-5);
    EXPECT_GT(rows[0].standard_error, 0.005);
    EXPECT_LT(rows[0].standard_error, 0.1);
    EXPECT_NE(rows[0].note.find("for 2 degrees"), std::string::npos);
    EXPECT_EQ(rows[1].status, Status::ok);
    EXPECT_NEAR(rows[1].value, peak(), 0.15);
    EXPECT_GT(std::abs(rows[1].value - peak()), 1e-3);  // no parabola
}

TEST(CrossoverPressure, EveryPressureCountsThatOfZeroToo) {
    const Curve exact = wells({0, 1.2, 2.4, 3.6, 4.8, 6}, 0.02);
    for (std::size_t i = 0; i < exact.size(); ++i) {
        Curve moved = exact;
        moved.y[i] *= 1.06;
        EXPECT_GT(std::abs(crossover_pressure(moved)[0].value - peak()), 1e-3) << i;
        // Pressures have no origin.
        Curve shifted = moved;
        for (double& p : shifted.x) p -= 10;
        EXPECT_NEAR(crossover_pressure(shifted)[0].value + 10, crossover_pressure(moved)[0].value, 1e-5);
    }
}

TEST(CrossoverPressure, APeakAtTheEndOrTooFewPointsIsNoNumber) {
    const auto falling = crossover_pressure(wells({4, 5, 6}, 0.02));
    EXPECT_EQ(falling[0].status, Status::no_data);
    EXPECT_EQ(falling[1].status, Status::no_data);
    Curve line = make_curve("tau", "pressure", "GPa", "tau", "s");
    line.x = {0, 1, 2, 3, 4, 5};
    for (const double p : line.x) line.y.push_back(std::exp(0.3 * p));
    line.y_error.assign(6, 0.05);
    for (const Estimate& row : crossover_pressure(line)) EXPECT_NE(row.status, Status::ok) << row.note;
    Curve twice = wells({0, 1, 1, 2, 3, 4}, 0.02);
    EXPECT_THROW((void)crossover_pressure(twice), InputError);
}

TEST(CrossoverPressure, IntervalsCover) {
    constexpr int runs = 400;
    int law = 0;
    int parabola = 0;
    double squares = 0;
    double errors = 0;
    for (int r = 0; r < runs; ++r) {
        Curve tau = wells({0, 1.2, 2.4, 3.6, 4.8, 6}, 0.05);
        Stream stream({11, 0, static_cast<std::uint64_t>(r)}, Purpose::test, 0);
        boost::random::normal_distribution<double> normal(0, 0.05);
        for (double& t : tau.y) t *= std::exp(normal(stream));
        const auto rows = crossover_pressure(tau);
        const Estimate& row = rows[0];
        ASSERT_EQ(row.status, Status::ok) << row.note;
        law += row.lower <= peak() && peak() <= row.upper ? 1 : 0;
        parabola += rows[1].lower <= peak() && peak() <= rows[1].upper ? 1 : 0;
        squares += (row.value - peak()) * (row.value - peak()) / runs;
        errors += row.standard_error * row.standard_error / runs;
    }
    // 95 % +- 1.1 %: three standard errors, false alarm 3e-3.
    EXPECT_NEAR(law / static_cast<double>(runs), 0.95, 0.033);
    // Both means of squares: relative standard error sqrt(2/400) = 7 %; four of them.
    EXPECT_NEAR(squares / errors, 1, 0.28);
    EXPECT_LT(errors, 0.02);
    RecordProperty("parabola_covered", parabola);
}

}  // namespace
}  // namespace vitrum::analysis
