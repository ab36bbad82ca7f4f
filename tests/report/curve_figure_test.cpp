#include "vitrum/report/figures/curve_figure.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/report/figures/pressure_figure.hpp"

namespace vitrum::report {
namespace {

Curve line(const char* name, const char* x_unit, std::vector<double> x, double slope) {
    Curve curve = make_curve(name, "x", x_unit, "y", "");
    curve.x = std::move(x);
    for (const double at : curve.x) curve.y.push_back(slope * at);
    return curve;
}

SeriesResult quench(int number, double pressure, double energy) {
    SeriesResult s;
    s.name = "glass_" + std::to_string(number) + "_" + std::to_string(static_cast<int>(pressure));
    s.source = "cuzr_protocol";
    s.source_name = "glass";
    s.abscissa = {{"pressure", static_cast<int>(pressure), pressure, "GPa"}, {"quench", number, double(number), ""}};
    s.estimates = {make_estimate("tau", {}, energy, 0.1, 1e9, Status::ok, "")};
    s.curves = {line("structure_factor", "1/angstrom", {1, 2, 3}, pressure + 1)};
    return s;
}

Result two_quenches_at_two_pressures() {
    Result r;
    for (const double p : {0.0, 5.0})
        for (const int q : {1, 2}) r.series.push_back(quench(q, p, p + q));
    return r;
}

TEST(CurveFigure, QuenchesOfAllPressuresAreOneGroup) {
    const Result result = two_quenches_at_two_pressures();
    const Grouping grouping = group_series(result);
    ASSERT_EQ(grouping.groups.size(), 1U);
    ASSERT_EQ(grouping.groups[0].members.size(), 4U);
    EXPECT_EQ(grouping.groups[0].members[3].label, "5 GPa, quench 2");
    const auto sets = curve_sets(grouping.groups[0]);
    ASSERT_EQ(sets.size(), 1U);
    EXPECT_EQ(sets[0].curves.size(), 4U);
    const std::string drawn = draw(curve_figure(sets[0], true));
    EXPECT_NE(drawn.find("5 GPa, quench 2"), std::string::npos);
}

TEST(CurveFigure, SingleQuenchesAreNoEstimatesOfTheirOwn) {
    Result result = two_quenches_at_two_pressures();
    for (const double p : {0.0, 5.0})
        result.estimates.push_back(make_estimate("tau", {{"pressure", static_cast<int>(p), p, "GPa"}}, p + 1.5, 0.5, 1,
                                                 Status::ok, "mean of 2 quenches"));
    const Grouping grouping = group_series(result);
    const auto found = panels(grouping.groups.at(0));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_FALSE(crowded(found[0]));
    EXPECT_EQ(found[0].readings.size(), 6U);
    const Plot plot = panel_figure(found[0], false);
    EXPECT_NE(plot.script.find("single quenches"), std::string::npos);
    EXPECT_NE(panel_legend(found).find("single quenches"), std::string::npos);
    EXPECT_NE(draw(plot).find("<svg"), std::string::npos);
}

TEST(CurveFigure, TimesOverDecadesAreLogarithmic) {
    Curve msd = line("msd", "s", {0, 1e-14, 1e-13, 1e-11}, 1e12);
    msd.y_error.assign(4, 0.1);
    msd.error_method = "over 10 blocks";
    const CurveSet set{"msd", {{&msd, ""}}};
    const Plot plot = curve_figure(set, false);
    EXPECT_EQ(plot.script.find("unset logscale x"), std::string::npos);
    EXPECT_NE(plot.script.find("yerrorbars"), std::string::npos);
    EXPECT_NE(curve_caption(set).find("over 10 blocks"), std::string::npos);
    EXPECT_NE(draw(plot).find("<svg"), std::string::npos);
    Curve short_range = msd;
    short_range.x = {0, 1e-12, 2e-12, 3e-12};
    EXPECT_NE(curve_figure({"msd", {{&short_range, ""}}}, false).script.find("unset logscale x"), std::string::npos);
}

TEST(CurveFigure, HolesAndEmptyCurvesAreLeftOut) {
    Curve curve = line("g", "angstrom", {1, 2, 3}, 1);
    curve.y[1] = not_a_number;
    EXPECT_TRUE(drawable(curve));
    EXPECT_NE(draw(curve_figure({"g", {{&curve, ""}}}, true)).find("<svg"), std::string::npos);
    curve.y[0] = not_a_number;
    EXPECT_FALSE(drawable(curve));
    EXPECT_FALSE(drawable(Curve{}));
}

}  // namespace
}  // namespace vitrum::report
