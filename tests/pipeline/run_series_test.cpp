// Data of several kinds of one run: which steps run on which part, and the one series that they make.
#include "vitrum/pipeline/run/run_series.hpp"

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/config/tables.hpp"
#include "vitrum/pipeline/run/series_of.hpp"

namespace vitrum::pipeline {
namespace {

using Names = std::vector<std::string>;

Abscissa stage(std::int64_t number, const char* name) {
    return {named("stage", number, name), {"pressure", number, 1.0 * static_cast<double>(number), "GPa"}};
}

SeriesResult with_curve(const char* name, const char* axis, std::vector<double> x) {
    SeriesResult s;
    s.name = "run";
    Curve c = make_curve(name, axis, "", "y", "");
    c.y = x;
    c.x = std::move(x);
    s.curves = {c};
    return s;
}

TEST(RunSeries, RampsThatFollowEachOtherAreOneCurve) {
    RunSeries run(0);
    run.add(with_curve("volume_of_pressure", "pressure", {2, 3, 4}), stage(2, "compress_2"));
    run.add(with_curve("volume_of_pressure", "pressure", {0, 1, 2}), stage(1, "compress"));
    run.add(with_curve("volume_of_pressure", "pressure", {4, 5}), stage(3, "compress_3"));
    const auto made = run.take();
    ASSERT_EQ(made.curves.size(), 1U);
    EXPECT_EQ(made.curves[0].name, "volume_of_pressure");
    EXPECT_EQ(made.curves[0].x, (std::vector<double>{0, 1, 2, 2, 3, 4, 4, 5}));
}

TEST(RunSeries, OthersOfOneNameEndInTheirStage) {
    RunSeries run(0);
    run.add(with_curve("volume_of_pressure", "pressure", {0, 1, 2}), stage(1, "compress"));
    run.add(with_curve("volume_of_pressure", "pressure", {0, 1, 2}), stage(2, "decompress"));
    run.add(with_curve("msd", "lag", {1, 2}), stage(3, "sample"));
    // Lags behind those of the first sample are no ramp that goes on.
    run.add(with_curve("msd", "lag", {3, 4}), stage(4, "sample_2"));
    run.add(with_curve("g", "r", {1, 2}), stage(4, "sample_2"));
    std::vector<std::string> names;
    for (const Curve& c : run.take().curves) names.push_back(c.name);
    EXPECT_EQ(names, (Names{"volume_of_pressure_compress", "volume_of_pressure_decompress", "msd_sample",
                            "msd_sample_2", "g"}));
}

// A source of two parts: points of an equation of state, and the log of a hold.
SourcePlan two_parts() {
    SourcePlan plan;
    plan.name = "md";
    plan.kind = "cuzr_protocol";
    plan.parts = {{"log", DataKind::columns, {{"thermo_log"}}, false},
                  {"states", DataKind::columns, {{"equation_of_state", toml::table{}, "", "", true}}, true}};
    return plan;
}

Labelled<DataSet> columns(const char* part, std::vector<Column> values, Abscissa at) {
    Labelled<DataSet> set;
    set.data.name = std::string("run_") + part;
    set.data.run = "run";
    set.data.part = part;
    set.data.at = std::move(at);
    set.data.notes = {std::string("note of ") + part};
    set.data.data = Columns{part, std::move(values)};
    return set;
}

std::vector<Labelled<DataSet>> both() {
    return {columns("log", {{"temperature", "K", {300, 301, 299, 300}}}, stage(0, "hold")),
            columns("states", {{"volume", "", {17, 16, 15, 14, 13}}, {"pressure", "GPa", {0, 7, 16, 28, 45}}}, {})};
}

TEST(SeriesOfARun, EachPartHasItsEstimatesAndOneSeriesHoldsThem) {
    const auto steps = read_steps(two_parts(), {});
    const auto series = series_of(both(), steps, {});
    ASSERT_EQ(series.size(), 1U);
    EXPECT_EQ(series[0].name, "run");
    EXPECT_EQ(series[0].estimates[0].quantity, "temperature");
    EXPECT_EQ(series[0].estimates[0].abscissa.label(), stage(0, "hold").label());
    EXPECT_TRUE(series[0].estimates[1].abscissa.empty());
    EXPECT_EQ(series[0].estimates[1].quantity, "equilibrium_volume");
    EXPECT_EQ(series[0].notes, (Names{"note of log", "note of states"}));
}

TEST(SeriesOfARun, WhatAnOptionalEstimateRefusesIsANote) {
    auto sets = both();
    sets[1] = columns("states", {{"volume", "", {17, -16}}, {"pressure", "GPa", {0, 7}}}, stage(1, "ramp"));
    const auto series = series_of(sets, read_steps(two_parts(), {}), {});
    ASSERT_EQ(series.size(), 1U);
    EXPECT_TRUE(series[0].notes.back().starts_with("Stage 'ramp': equation_of_state could not be measured"))
        << series[0].notes.back();
    sets[0] = columns("log", {{"colour", "", {1}}}, {});
    EXPECT_THROW((void)series_of(sets, read_steps(two_parts(), {}), {}), InputError);
}

TEST(SeriesOfARun, FurtherEstimatesAreOfTheOpenPartsOrOfTheOneThatIsNamed) {
    const auto tables = [](const char* text) { return parse_toml_text(text, "estimates"); };
    const toml::value open = tables("[bulk]\nestimator = \"local_bulk_modulus\"\n");
    const auto steps = read_steps(two_parts(), {&open, nullptr, "", "t.toml"});
    ASSERT_EQ(steps.size(), 3U);
    EXPECT_EQ(steps.back().part, "states");
    EXPECT_EQ(series_of(both(), steps, {}).back().name, "run_states_bulk");
    const toml::value chosen = tables("[again]\nestimator = \"thermo_log\"\npart = \"log\"\ndiscard = 0\n");
    EXPECT_EQ(read_steps(two_parts(), {&chosen, nullptr, "", "t.toml"}).back().part, "log");
    const toml::value wrong =
        tables("[bulk]\nestimator = \"local_bulk_modulus\"\npart = \"stats\"\nsources = [\"md\"]\n");
    EXPECT_MESSAGE(read_steps(two_parts(), {&wrong, nullptr, "", "t.toml"}),
                   "'stats' is no part of source 'md'; did you mean 'states'");
    const toml::value options = tables("[thermo_log]\ndiscard = 2\n");
    EXPECT_THROW((void)read_steps(two_parts(), {&options, nullptr, "", "t.toml"}), InputError);
}

}  // namespace
}  // namespace vitrum::pipeline
