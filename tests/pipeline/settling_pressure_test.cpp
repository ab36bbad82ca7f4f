// A pressure that settles: its clock against the difference of pressures, and its keys, trace and truth as a source.
#include "vitrum/model/relaxation/settling_pressure.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::pipeline {
namespace {

const std::string settling = R"(
[source.glass]
kind = "speckle"
pressure_step = "0.8 GPa"
settling_time = "300 s"
frame_time = "5 s"
frames = 40
rows = 8
columns = 8
scans = [
    { pressure = "3 GPa", branch = "compression", scan_start = "100 s" },
    { pressure = "3 GPa", branch = "decompression", scan_start = "100 s", pressure_step = "-0.4 GPa" },
]
)";

Scenario read(const std::string& text) {
    return scenario_from(parse_toml_text(text, "test.toml"), "test.toml", {}, std::nullopt);
}

TEST(SettlingPressure, ForgetsByTheDifferenceOfPressures) {
    for (const double step : {0.5, -0.5}) {
        const model::SettlingPressure p{step, 300, 0.096};
        for (const double t1 : {0.0, 50.0, 400.0})
            for (const double t2 : {60.0, 500.0}) {
                const double difference = (p.missing(t2) - p.missing(t1)) / 0.096;
                EXPECT_NEAR(std::pow(p.clock().at(t2) - p.clock().at(t1), 2), difference * difference, 1e-10);
            }
        EXPECT_DOUBLE_EQ(p.missing(0), -step);
    }
    // The numbers of Cornet et al. 2023: 0.12 GPa that settle with 2300 s give 1840 s, not 34 s.
    EXPECT_NEAR(model::SettlingPressure({0.12, 2300, 0.096}).clock().tau0, 1840, 1e-9);
    EXPECT_EQ(model::SettlingPressure({0.12, 2300, 0.096}).clock().tau_star, 2300);
}

TEST(SettlingPressure, IsTheWholeOfAGlassThatStandsStill) {
    const Scenario scenario = read(settling);
    const SourcePlan& source = scenario.sources[0];
    ASSERT_EQ(source.units.size(), 2U);
    const auto made = source.units[0].generate({{1, 2, 3}, {}, {}});
    const double tau0 = 0.096 * 300 / 0.8;
    EXPECT_NEAR(made.truth.find("ageing_tau0", {})->value, tau0 * std::exp(100.0 / 300), 1e-9);
    EXPECT_EQ(made.truth.find("clock_beta", {})->value, 2);
    ASSERT_EQ(made.data.traces.size(), 1U);
    EXPECT_EQ(made.data.traces[0].name, "pressure");
    EXPECT_EQ(made.data.traces[0].value.size(), 40U);
    EXPECT_NEAR(made.data.traces[0].value[20], 3 - 0.8 * std::exp(-200.0 / 300), 1e-12);
    const auto down = source.units[1].generate({{1, 2, 3}, {}, {}});
    EXPECT_NEAR(down.data.traces[0].value[20], 3 + 0.4 * std::exp(-200.0 / 300), 1e-12);
    // Half the step, twice the time: a ratio, and no hysteresis.
    const TruthRow* ratio = source.combined_truth.find("branch_log_ratio", at_pressure(0, 3));
    ASSERT_NE(ratio, nullptr);
    EXPECT_NEAR(ratio->value, std::log(2), 1e-12);
    EXPECT_NE(ratio->note.find("no hysteresis"), std::string::npos);
}

TEST(SettlingPressure, IsOneMoreProcessOfAGlassThatMoves) {
    const std::string moving = settling + "tau = \"40 s\"\n";
    const auto made = read(moving).sources[0].units[0].generate({{1, 2, 3}, {}, {}});
    const Curve& g2 = *made.truth.curve("g2");
    double sum = 0;
    const double tau0 = 0.096 * 300 / 0.8;
    const auto clock = [&](double t) { return 300 / tau0 * (1 - std::exp(-t / 300)); };
    for (int i = 0; i + 4 < 40; ++i) {
        const double t = 100 + 5 * i;
        sum += 1 + std::exp(-2 * std::pow(0.5, 1.8) - 2 * std::pow(clock(t + 20) - clock(t), 2)) / 5;
    }
    EXPECT_NEAR(g2.y[3], sum / 36, 1e-12);
    EXPECT_EQ(made.truth.find("ageing_tau0", {}), nullptr);
}

TEST(SettlingPressure, OfScansThatOnlyAgeTheRatioIsNoHysteresis) {
    const auto source = read(R"(
[source.glass]
kind = "speckle"
clock = "ageing"
tau0 = "34 s"
tau_star = "2300 s"
rows = 8
columns = 8
frames = 11
scans = [
    { pressure = "3 GPa", branch = "compression" },
    { pressure = "3 GPa", branch = "compression", scan_start = "100 s" },
    { pressure = "3 GPa", branch = "decompression", scan_start = "2300 s" },
]
)")
                            .sources[0];
    const TruthRow* ratio = source.combined_truth.find("branch_log_ratio", at_pressure(0, 3));
    ASSERT_NE(ratio, nullptr);
    EXPECT_NEAR(ratio->value, 1 - 50.0 / 2300, 1e-12) << "of the mean ln tau of each branch";
    EXPECT_NE(ratio->note.find("one law of ageing"), std::string::npos);
}

TEST(SettlingPressure, RefusesWhatItCannotBe) {
    const auto with = [](const std::string& keys) {
        return message_of([&] { read("[source.a]\nkind = \"speckle\"\nframes = 20\n" + keys); });
    };
    EXPECT_NE(with("tau = \"20 s\"\nsettling_time = \"20 s\"\n").find("needs pressure_step"), std::string::npos);
    EXPECT_NE(with("pressure_step = \"0 GPa\"\nsettling_time = \"20 s\"\n").find("is not 0"), std::string::npos);
    EXPECT_NE(with("pressure_step = \"1 GPa\"\nsettling_time = \"-2 s\"\n").find("positive"), std::string::npos);
    EXPECT_NE(with("pressure_step = \"1 GPa\"\nsettling_time = \"20 s\"\nbeta = 1.5\n").find("is 2 where"),
              std::string::npos);
}

}  // namespace
}  // namespace vitrum::pipeline
