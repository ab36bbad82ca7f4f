// The law of two wells is returned exactly; its interval covers; the parabola's bias is what the shape makes it.
#include "vitrum/analysis/thermo/crossover_pressure.hpp"

#include <cmath>

#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "tests/analysis/laws/law_draws.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/stream.hpp"

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
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[0].status, Status::ok);
    EXPECT_NEAR(rows[0].value, peak(), 1e-5);
    EXPECT_GT(rows[0].standard_error, 0.005);
    EXPECT_LT(rows[0].standard_error, 0.1);
    EXPECT_NE(rows[0].note.find("for 2 degrees"), std::string::npos) << rows[0].note;
    EXPECT_NEAR(row_of(rows, "crossover_p").value, 1, 1e-6);
    EXPECT_EQ(rows[1].status, Status::law_rejected);  // no parabola, at errors of 2 %
    EXPECT_LT(row_of(rows, "crossover_parabola_p").value, 1e-3);
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
    for (const char* what : {"crossover_pressure", "crossover_pressure_parabola"})
        EXPECT_NE(row_of(crossover_pressure(line), what).status, Status::ok);
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
    // Nearly all parabolas are held by their widened intervals: never below 95 % by more than three standard errors.
    EXPECT_GT(parabola / static_cast<double>(runs), 0.917);
}

// Peaks between and at the pressures, straight and round, at three sizes of error: intervals of the parabolas that are
// clean hold the peak. 400 runs each; 92 % less three standard errors of the share.
TEST(CrossoverPressure, CleanParabolasCover) {
    for (const double steep : {0.48, 0.9})
        for (const double tilt : {0.0, 0.15})
            for (const double at : {2.5, 3.0, 3.3})
                for (const double error : {0.02, 0.05, 0.1}) {
                    const double top = at + std::atanh(tilt / steep) / steep;
                    int clean = 0;
                    int held = 0;
                    for (std::uint64_t r = 0; r < 400; ++r) {
                        Normal normal(r,
                                      static_cast<std::uint64_t>(100 * error + 1000 * at + 1e5 * steep + 1e6 * tilt));
                        Curve tau = make_curve("tau", "pressure", "GPa", "tau", "s");
                        for (const double p : {0.0, 1.2, 2.4, 3.6, 4.8, 6.0}) {
                            tau.x.push_back(p);
                            tau.y.push_back(
                                std::exp(4 + tilt * p - std::log(std::cosh(steep * (p - at))) + error * normal()));
                            tau.y_error.push_back(error * tau.y.back());
                        }
                        const Estimate row = crossover_parabola(tau);
                        if (row.status != Status::ok) continue;
                        ++clean;
                        held += row.lower <= top && top <= row.upper ? 1 : 0;
                    }
                    if (clean < 40) continue;
                    EXPECT_GT(held, 0.92 * clean - 3 * std::sqrt(0.08 * 0.92 * clean))
                        << steep << " " << tilt << " " << at << " " << error << " " << held << " of " << clean;
                }
}

}  // namespace
}  // namespace vitrum::analysis
