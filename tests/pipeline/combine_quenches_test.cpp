#include "vitrum/pipeline/across/combine_quenches.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "vitrum/pipeline/across/compare_preparations.hpp"

namespace vitrum::pipeline {
namespace {

SeriesResult quench(const std::string& source, int number, double energy) {
    SeriesResult series;
    series.name = source + "_1_" + std::to_string(number);
    series.source_name = source;
    series.abscissa = {{"pressure", 0, 5, "GPa"}, {"quench", number - 1, static_cast<double>(number), ""}};
    const Abscissa stage{named("stage", 3, "inherent"), {"pressure", 3, 0, "GPa"}, {"temperature", 3, 300, "K"}};
    series.estimates.push_back(make_estimate("inherent_energy", stage, energy, not_a_number, INFINITY, Status::ok, ""));
    Curve curve = make_curve("enthalpy_of_temperature", "temperature", "K", "H/N", "eV/atom");
    curve.x = {300, 600};
    curve.y = {energy, energy + 1};
    series.curves.push_back(curve);
    return series;
}

std::vector<SourcePlan> two_sources() {
    std::vector<SourcePlan> sources(2);
    sources[0].name = "a";
    sources[1].name = "b";
    return sources;
}

const Estimate& row(const Result& result, const std::string& quantity, const std::string& source) {
    return *std::find_if(result.estimates.begin(), result.estimates.end(), [&](const Estimate& e) {
        return e.quantity == quantity && e.abscissa.front().text == source;
    });
}

TEST(Quenches, NeededFollowsTheTablesOfTheTTest) {
    // Two groups, two-sided 5 %, power 80 %: 17 each for a difference of one standard deviation, 64 for half of one
    // (J. Cohen, Statistical Power Analysis for the Behavioral Sciences, table 2.4).
    EXPECT_EQ(quenches_needed(1e-3, 1e-3), 17);
    EXPECT_EQ(quenches_needed(2e-3, 1e-3), 64);
    EXPECT_EQ(quenches_needed(1e-6, 1e-3), 2);
}

TEST(Quenches, MeansCurvesAndDifferences) {
    Result result;
    for (int i = 1; i <= 4; ++i) result.series.push_back(quench("a", i, -4 + 0.001 * i));
    for (int i = 1; i <= 3; ++i) result.series.push_back(quench("b", i, -3.99 + 0.002 * i));
    result.series.push_back(quench("b", 4, 7));
    result.series.back().failure = "died";
    const auto sources = two_sources();
    add_quench_means(sources, result);
    // Values 1, 2, 3, 4 meV: standard deviation sqrt(5/3), error half of it, Student's 3.182 with 3 degrees.
    const Estimate& a = row(result, "inherent_energy", "a");
    EXPECT_NEAR(a.value, -3.9975, 1e-12);
    EXPECT_NEAR(a.standard_error, 1e-3 * std::sqrt(5.0 / 3) / 2, 1e-9);
    EXPECT_NEAR(a.upper - a.value, 3.182 * a.standard_error, 1e-5);
    const Estimate& b = row(result, "inherent_energy", "b");
    EXPECT_NEAR(b.value, -3.986, 1e-12);
    EXPECT_NEAR(b.standard_error, 2e-3 / std::sqrt(3.0), 1e-9);
    EXPECT_EQ(row(result, "quenches_needed", "b").value, 64);
    EXPECT_LT(row(result, "quenches_needed", "b").lower, 64);
    EXPECT_GT(row(result, "quenches_needed", "b").upper, 64);
    ASSERT_EQ(result.curves.size(), 2U);
    EXPECT_EQ(result.curves[1].name, "enthalpy_of_temperature_b_1");
    EXPECT_NEAR(result.curves[1].y[1], -2.986, 1e-12);
    EXPECT_NEAR(result.curves[1].y_error[1], 2e-3 / std::sqrt(3.0), 1e-9);

    add_differences(sources, "b", "a", result);
    const Estimate& difference = row(result, "group_difference", "b");
    EXPECT_NEAR(difference.value, -3.986 + 3.9975, 1e-12);
    EXPECT_NEAR(difference.standard_error, std::hypot(a.standard_error, b.standard_error), 1e-9);
    EXPECT_EQ(difference.unit, "eV/atom");
}

TEST(Quenches, TgAgainstPressure) {
    // Two quenches at each of 0, 5 and 10 GPa on the line 850 K + 9 K/GPa, off it by +d and -d: the slope is exact,
    // its error sqrt(6 d^2/4 / sum (P - 5)^2) = d sqrt(1.5/100).
    Result result;
    constexpr double d = 10;
    for (int i = 0; i < 6; ++i) {
        SeriesResult series = quench("a", i + 1, -4);
        const double pressure = 5.0 * (i / 2);
        series.estimates = {make_estimate(
            "glass_transition_temperature",
            {named("stage", 3, "quench"), {"pressure", 3, pressure, "GPa"}, named("curve", 0, "enthalpy")},
            850 + 9 * pressure + (i % 2 == 0 ? d : -d), 5, INFINITY, Status::ok, "")};
        result.series.push_back(series);
    }
    add_tg_slopes(two_sources(), result);
    const Estimate& slope = row(result, "tg_pressure_slope", "a");
    EXPECT_NEAR(slope.value, 9, 1e-9);
    EXPECT_NEAR(slope.standard_error, d * std::sqrt(1.5 / 100), 1e-9);
    result.series.resize(2);
    result.estimates.clear();
    add_tg_slopes(two_sources(), result);
    EXPECT_TRUE(result.estimates.empty()) << "one pressure has no slope";
}

TEST(Quenches, OneQuenchHasNoSpread) {
    Result result;
    result.series.push_back(quench("a", 1, -4));
    add_quench_means(two_sources(), result);
    EXPECT_TRUE(result.estimates.empty());
    EXPECT_TRUE(result.curves.empty());
}

}  // namespace
}  // namespace vitrum::pipeline
