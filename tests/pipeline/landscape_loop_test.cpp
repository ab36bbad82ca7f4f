// The loop of pressure as a source: its scans, what is true of them, and what is refused.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/model/landscape/ensemble.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::pipeline {
namespace {

const std::string loop = R"(
[source.glass]
kind = "landscape_loop"
pressures = ["0.1 GPa", "3 GPa", "6 GPa"]
barriers = "box"
barrier_low = "0.7 eV"
barrier_high = "1.2 eV"
asymmetry = "-0.16 eV"
formation_volume = "9 angstrom^3"
hold = "7200 s"
wait = "1800 s"
frame_time = "200 s"
frames = 30
rows = 8
columns = 8
)";

Scenario read(const std::string& text, const std::vector<std::string>& settings = {}) {
    return scenario_from(parse_toml_text(text, "test.toml"), "test.toml", settings, std::nullopt);
}

TEST(LandscapeLoop, ScansOfBothBranchesHaveTheTauOfTheModel) {
    const Scenario scenario = read(loop);
    const SourcePlan& source = scenario.sources[0];
    ASSERT_EQ(source.units.size(), 5U);
    EXPECT_EQ(source.units[2].abscissa.label(), "pressure = 6 GPa, branch compression");
    EXPECT_EQ(source.units[4].abscissa.label(), "pressure = 0.1 GPa, branch decompression");
    model::WellDistribution wells;
    wells.barriers = model::BoxBarriers{0.7, 1.2};
    wells.asymmetry.mean = -0.16;
    wells.formation_volume.mean = 9;
    model::PressureLoop path;
    path.pressures = {0.1, 3, 6};
    path.hold = 7200;
    const auto rows = model::hysteresis(model::quadrature(wells), path, 1800);
    const auto tau_of = [&](std::size_t unit) {
        return source.units[unit].generate({{1, 2, 3}, {}, {}}).truth.find("tau", {})->value;
    };
    EXPECT_DOUBLE_EQ(tau_of(0), rows[0].up);
    EXPECT_DOUBLE_EQ(tau_of(3), rows[1].down);
    EXPECT_DOUBLE_EQ(tau_of(4), rows[0].down);
    const TruthRow* ratio = source.combined_truth.find("branch_log_ratio", at_pressure(0, 0.1));
    ASSERT_NE(ratio, nullptr);
    EXPECT_DOUBLE_EQ(ratio->value, std::log(rows[0].down / rows[0].up));
    EXPECT_GT(std::abs(ratio->value), 0.1);
}

TEST(LandscapeLoop, WellsThatForgetHaveNoHysteresis) {
    const Scenario scenario = read(loop, {"source.glass.barrier_high=\"0.8 eV\""});
    for (const TruthRow& row : scenario.sources[0].combined_truth.rows) EXPECT_NEAR(row.value, 0, 1e-9);
}

TEST(LandscapeLoop, WhatIsNoLoopIsRefused) {
    EXPECT_MESSAGE(read(loop, {"source.glass.wait=\"8000 s\""}), "within the stay");
    EXPECT_MESSAGE(read(loop, {"source.glass.pressures=[\"3 GPa\", \"1 GPa\"]"}), "increas");
    EXPECT_MESSAGE(read(loop, {"source.glass.level=1"}), "between 0 and 1");
    EXPECT_MESSAGE(read(loop, {"source.glass.barrier_low=\"1.3 eV\""}), "the end lies above the beginning");
    EXPECT_MESSAGE(read(loop, {"source.glass.barriers=\"triangle\""}), "box, gaussian, exponential");
    EXPECT_MESSAGE(read(loop, {"source.glass.barrier=\"1 eV\""}), "barrier");
}

}  // namespace
}  // namespace vitrum::pipeline
