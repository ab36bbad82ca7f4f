#include "vitrum/pipeline/across/gather.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace vitrum::pipeline {
namespace {

SeriesResult series(const std::string& source, double pressure, std::int64_t region, double tau, Status status) {
    SeriesResult s;
    s.name = source;
    s.source_name = source;
    s.abscissa = {{"pressure", static_cast<std::int64_t>(pressure), pressure, "GPa"},
                  {"region", region, 2.5 + 0.1 * static_cast<double>(region), "1/angstrom"}};
    s.estimates.push_back(make_estimate("tau", {}, tau, 0.1 * tau, INFINITY, status, ""));
    return s;
}

Result two_regions() {
    Result result;
    for (const double p : {0.0, 2.0, 4.0}) {
        result.series.push_back(series("glass", p, 1, 10 + p, Status::ok));
        result.series.push_back(series("glass", p, 2, 20 + p, p == 2 ? Status::law_rejected : Status::ok));
    }
    result.series.push_back(series("other", 0, 1, 99, Status::ok));
    return result;
}

TEST(Gather, OneTableForEachPlaceApartFromTheCoordinate) {
    const auto all = gather({"tau", "pressure"}, two_regions());
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].source, "glass");
    ASSERT_EQ(all[0].place.size(), 1U);
    EXPECT_EQ(all[0].place[0].name, "region");
    EXPECT_EQ(all[0].place[0].index, 1);
    ASSERT_EQ(all[0].columns.columns.size(), 3U);
    EXPECT_EQ(all[0].columns.columns[0].name, "pressure");
    EXPECT_EQ(all[0].columns.columns[0].unit, "GPa");
    EXPECT_EQ(all[0].columns.columns[0].values, (std::vector<double>{0, 2, 4}));
    EXPECT_EQ(all[0].columns.columns[1].values, (std::vector<double>{10, 12, 14}));
    EXPECT_EQ(all[0].left_out, 0U);
    EXPECT_EQ(all[2].source, "other");
}

TEST(Gather, WhatIsNotCleanIsCountedByItsStatus) {
    const auto all = gather({"tau", "pressure"}, two_regions());
    EXPECT_EQ(all[1].columns.columns[0].values, (std::vector<double>{0, 4}));
    EXPECT_EQ(all[1].left_out, 1U);
    ASSERT_EQ(all[1].columns.remarks.size(), 1U);
    EXPECT_EQ(all[1].columns.remarks[0], "left out: 1 law_rejected");
}

TEST(Gather, SourcesPlacesAndRepetitions) {
    Gathering what{"tau", "pressure"};
    what.sources = {"other"};
    EXPECT_EQ(gather(what, two_regions()).size(), 1U);
    what = {"tau", "region"};
    what.where = {{"pressure", "2"}};
    const auto at_two = gather(what, two_regions());
    ASSERT_EQ(at_two.size(), 1U);
    EXPECT_EQ(at_two[0].columns.columns[0].values.size(), 1U) << "region 2 is rejected there";
    what = {"tau", "pressure"};
    what.over = {"region"};
    what.sources = {"glass"};
    const auto together = gather(what, two_regions());
    ASSERT_EQ(together.size(), 1U);
    EXPECT_EQ(together[0].columns.rows(), 5U);
}

TEST(Gather, TwoSourcesAreTwoGroups) {
    Result result = two_regions();
    Gathering what{"tau", ""};
    what.sources = {"glass", "other"};
    what.over = {"pressure", "region"};
    const auto groups = gather_groups(what, result);
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].columns.columns[0].values, (std::vector<double>{0, 0, 0, 0, 0, 1}));
    EXPECT_EQ(groups[0].columns.columns[1].values.back(), 99);
}

SeriesResult with_ages(const std::string& name, bool covariance) {
    SeriesResult s;
    s.name = name;
    s.source_name = "glass";
    Curve tau = make_curve("tau_of_age", "age", "s", "tau", "s");
    tau.x = {5, 25};
    tau.y = {10, 30};
    if (covariance) tau.covariance_factor = (Eigen::MatrixXd(2, 3) << 1, 0, 2, 0, 3, 1).finished();
    s.curves = {tau};
    const auto row = [&](std::int64_t i, double age, double value, Status status) {
        s.estimates.push_back(make_estimate("tau", {{"age", i, age, "s"}}, value, 1, INFINITY, status, ""));
    };
    row(0, 5, 10, Status::ok);
    row(1, 15, 20, Status::law_rejected);
    row(2, 25, 30, Status::ok);
    return s;
}

TEST(Gather, RowsOfOneSeriesKeepTheirCovariance) {
    Result result;
    result.series = {with_ages("a", true)};
    const auto one = gather({"tau", "age"}, result).at(0).columns;
    ASSERT_EQ(one.columns.size(), 6U);
    EXPECT_EQ(one.column("tau_factor_1").values, (std::vector<double>{1, 0}));
    EXPECT_EQ(one.column("tau_factor_3").values, (std::vector<double>{2, 1}));
    EXPECT_EQ(one.column("tau_factor_3").unit, "s");
    // Another data set: nothing between the two.
    result.series.push_back(with_ages("b", true));
    const auto two = gather({"tau", "age"}, result).at(0).columns;
    ASSERT_EQ(two.columns.size(), 9U);
    EXPECT_EQ(two.column("tau_factor_2").values, (std::vector<double>{0, 3, 0, 0}));
    EXPECT_EQ(two.column("tau_factor_5").values, (std::vector<double>{0, 0, 0, 3}));
}

TEST(Gather, ACovarianceThatNobodyKnowsIsSaid) {
    const std::string said = "rows of one data set, whose covariance is not known: errors taken as independent";
    Result result;
    result.series = {with_ages("a", true), with_ages("b", false)};
    auto columns = gather({"tau", "age"}, result).at(0).columns;
    EXPECT_EQ(columns.columns.size(), 3U);
    EXPECT_EQ(columns.remarks.front(), said);
    // Regions of one data set, each a series of its own.
    const auto summary = std::make_shared<FramesSummary>();
    Result regions = two_regions();
    for (auto& s : regions.series) s.frames_summary = summary;
    columns = gather({"tau", "region"}, regions).at(0).columns;
    EXPECT_EQ(columns.remarks.front(), said);
    // One row of each data set: there is nothing to say.
    EXPECT_TRUE(gather({"tau", "pressure"}, two_regions()).at(0).columns.remarks.empty());
}

TEST(Gather, SeriesThatDiedGiveNothing) {
    Result result = two_regions();
    for (auto& s : result.series) s.failure = "died";
    EXPECT_TRUE(gather({"tau", "pressure"}, result).empty());
}

}  // namespace
}  // namespace vitrum::pipeline
