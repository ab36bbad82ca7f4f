// Study files: what is read from them, and that those that come with Vitrum read.
#include "vitrum/validation/study/study.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/temporary_folder.hpp"
#include "vitrum/validation/study/study_keys.hpp"

namespace vitrum::validation {
namespace {

constexpr auto text = R"(
[study]
title = "T"
replicates = 20
most = 60
stage = 10
confirmatory = [{ "source.a.tau" = "4 s" }]
axes = ["source.a.tau"]

[set]
"source.a.frames" = 60

[source.a]
kind = "speckle"
tau = "6 s"
frames = 50
rows = 8
columns = 8

[grid]
"source.a.tau" = ["2 s", "4 s"]
"source.a.mean_count" = [0.1, 1]

[[cells]]
label = "one mode"
"source.a.modes" = 1

[judge.tau]
bias = "5 %"
coverage = [0.9, 0.99]

[judge.beta]
bias = "0.2 sd"

[judge.contrast]
bias = 0.01
)";

TEST(Study, ReadsCellsMarginsAndSettings) {
    const Study study = study_from_text(text, "t");
    ASSERT_EQ(study.cells.size(), 5U);
    EXPECT_EQ(study.cells[0].label, "tau = 2 s, mean_count = 0.1");
    EXPECT_EQ(study.cells[4].label, "one mode");
    EXPECT_EQ(study.cells[4].settings.size(), 1U);
    for (std::size_t c = 0; c < 5; ++c) EXPECT_EQ(study.cells[c].confirmatory, c == 2 || c == 3) << c;
    for (const auto& cell : study.cells) EXPECT_NE(cell.scenario.resolved.find("frames = 60"), std::string::npos);
    EXPECT_DOUBLE_EQ(study.judge("tau")->bias->absolute(-40, 3), 2);
    EXPECT_DOUBLE_EQ(study.judge("beta")->bias->absolute(40, 3), 0.6);
    EXPECT_DOUBLE_EQ(study.judge("contrast")->bias->absolute(40, 3), 0.01);
    EXPECT_EQ(study.judge("baseline"), nullptr);
    EXPECT_TRUE(study.deviations.empty());
}

TEST(Study, ItsTextRunsAgainAsTheSame) {
    const Study study = study_from_text(text, "t");
    const Study again = study_from_text(study.input, "again");
    EXPECT_EQ(study.input, again.input);
    EXPECT_EQ(identity_of(study), identity_of(again));
}

TEST(Study, WhatTheCommandLineChangesIsADeviation) {
    const TemporaryFolder folder;
    const auto file = folder / "t.toml";
    std::ofstream(file) << text;
    const Study plan = read_study(file, {});
    StudyOverrides overrides;
    overrides.replicates = 30;
    overrides.seed = 9;
    overrides.settings = {"source.a.rows=4"};
    const Study changed = read_study(file, overrides);
    EXPECT_EQ(changed.deviations.size(), 3U);
    EXPECT_EQ(changed.frozen, plan.frozen);
    EXPECT_NE(identity_of(changed), identity_of(plan));
    EXPECT_EQ(changed.most, 30U);
}

TEST(Study, RandomNumbersOfACellDoNotDependOnTheOthers) {
    std::string fewer = text;
    fewer.replace(fewer.find("[\"2 s\", \"4 s\"]"), 14, "[\"4 s\"]");
    const Study all = study_from_text(text, "t");
    const Study some = study_from_text(fewer, "t");
    EXPECT_EQ(some.cells[0].identity, all.cells[2].identity);
    EXPECT_NE(some.cells[0].identity, all.cells[0].identity);
}

TEST(Study, NumbersInSettings) {
    EXPECT_DOUBLE_EQ(number_in("\"10 s\""), 10);
    EXPECT_DOUBLE_EQ(number_in("0.5"), 0.5);
    EXPECT_TRUE(std::isnan(number_in("\"dense\"")));
}

TEST(Study, ThoseThatComeWithVitrumRead) {
    ::setenv("VITRUM_STUDIES", VITRUM_TREE "/studies", 1);
    ::setenv("VITRUM_SCENARIOS", VITRUM_TREE "/scenarios", 1);
    const auto all = known_studies();
    ASSERT_GE(all.size(), 9U);
    for (const auto& file : all) {
        const Study study = read_study(file.path, {});
        EXPECT_FALSE(study.question.empty()) << file.name;
        EXPECT_FALSE(study.judges.empty()) << file.name;
    }
}

}  // namespace
}  // namespace vitrum::validation
