// Planning: formulas of the optics against closed forms, limits and a plain double sum; what an experiment file gives.
#include "vitrum/validation/plan/plan.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/temporary_folder.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/validation/plan/plan_domain.hpp"
#include "vitrum/validation/plan/plan_optics.hpp"
#include "vitrum/validation/plan/plan_run.hpp"
#include "vitrum/validation/plan/plan_size.hpp"

namespace vitrum::validation {
namespace {

const double root_pi = std::sqrt(std::numbers::pi);

double fact(const Experiment& e, const std::string& name) {
    const auto at = std::find_if(e.facts.begin(), e.facts.end(), [&](const Fact& f) { return f.name == name; });
    return at == e.facts.end() ? not_a_number : at->value;
}

TEST(PlanOptics, MeanOverPairsHasItsLimits) {
    EXPECT_DOUBLE_EQ(pair_mean(0), 1);
    for (const double a : {0.05, 0.5, 2.0, 9.0}) {
        double sum = 0;  // midpoints
        const int n = 20000;
        for (int i = 0; i < n; ++i) {
            const double u = (i + 0.5) / n;
            sum += 2 * (1 - u) * std::exp(-a * a * u * u) / n;
        }
        EXPECT_NEAR(pair_mean(a), sum, 1e-8) << a;
    }
    EXPECT_NEAR(pair_mean(1e-2 * (1 - 1e-9)), pair_mean(1e-2 * (1 + 1e-9)), 1e-11);  // where the form changes
    EXPECT_NEAR(pair_mean(1e4) * 1e4 / root_pi, 1, 1e-4);
}

TEST(PlanOptics, SmallSpecklesLeaveTheShareOfTheirArea) {
    // s_r s_t of one pixel's area, and all of the contrast of large ones.
    EXPECT_NEAR(pixel_factor(0.01, 0.02) / (0.01 * 0.02), 1, 0.02);
    EXPECT_NEAR(pixel_factor(100, 200), 1, 1e-3);
}

TEST(PlanOptics, ExposureAgainstTheClosedFormOfAnExponential) {
    for (const double x : {0.01, 0.3, 2.0, 20.0}) {
        const double c = 2 * x;  // 2 integral (1-u) exp(-c u) du
        EXPECT_NEAR(exposure_factor(x, 1), 2 * (c - 1 + std::exp(-c)) / (c * c), 1e-6) << x;
    }
    EXPECT_NEAR(exposure_factor(1e-6, 1.5), 1, 1e-6);
}

TEST(PlanOptics, ContrastOfAVolumeInItsLimits) {
    const double b_sigma = 1.4e-4 / (2 * std::sqrt(2 * std::numbers::ln2));
    ScatteringVolume v{0.5918, 0.27, 8, 0, 1.4e-4};
    const double k = 2 * std::numbers::pi / 0.5918e-4;  // [1/um]
    // A thin foil: x alone.
    EXPECT_NEAR(in_plane_factor(v), pair_mean(k * b_sigma * 8 * std::sin(0.27)), 1e-6);
    // The same with partial coherence: Gaussians multiply.
    v.coherence_length = 5;
    EXPECT_NEAR(in_plane_factor(v), pair_mean(std::hypot(k * b_sigma * 8 * std::sin(0.27), 8.0 / 5)), 1e-6);
    EXPECT_NEAR(out_of_plane_factor(v), pair_mean(8.0 / 5), 1e-12);
    // A narrow beam: z alone.
    const ScatteringVolume needle{0.5918, 0.27, 1e-4, 50, 1.4e-4};
    EXPECT_NEAR(in_plane_factor(needle), pair_mean(k * b_sigma * 50 * (1 - std::cos(0.27))), 1e-6);
    // One wavelength: nothing is lost, however thick.
    const ScatteringVolume pure{0.5918, 0.27, 8, 5000, 0};
    EXPECT_NEAR(in_plane_factor(pure), 1, 1e-9);
}

TEST(PlanOptics, ContrastOfAVolumeAgainstASumOverPairsOfPoints) {
    const ScatteringVolume v{0.5918, 0.27, 1.5, 30, 1.4e-4, 2};
    const double k_sigma = 2 * std::numbers::pi / 0.5918e-4 * v.bandwidth / (2 * std::sqrt(2 * std::numbers::ln2));
    const int n = 40;  // points a side
    double sum = 0;
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j)
            for (int a = 0; a < n; ++a)
                for (int b = 0; b < n; ++b) {
                    const double x = (i - a) * v.beam_size / n;
                    const double z = (j - b) * v.thickness / n;
                    const double path = x * std::sin(v.two_theta) - z * (1 - std::cos(v.two_theta));
                    sum += std::exp(-std::pow(k_sigma * path, 2) - std::pow(x / v.coherence_length, 2));
                }
    // Points in place of a volume: off by (a/n)^2/12 and less.
    EXPECT_NEAR(sum / std::pow(n, 4), in_plane_factor(v), 2e-3 * in_plane_factor(v));
    EXPECT_LT(in_plane_factor(v), 0.8);
    EXPECT_GT(in_plane_factor(v), 0.05);
}

constexpr auto direct = R"(
[experiment]
contrast = 0.15
pixels = 1000
mean_count = 0.5
frames = 300
frame_time = "1 s"
tau = "20 s"
beta = 1.5
)";

constexpr auto optics = R"(
[experiment]
energy = "20.95 keV"
distance = "5 m"
pixel_size = "75 um"
beam_size = "8 um"
wavevector = "2.87 1/angstrom"
bandwidth = 1.4e-4
thickness = "50 um"
detector_rows = 2162
detector_columns = 2068
counted_flux = 89420.32
frames = 6000
frame_time = "0.1 s"
tau = "40 s"
beta = 1.5
)";

TEST(Plan, FactsOfAnExperimentFromItsOptics) {
    const Experiment e = experiment_from_text(optics, "t");
    EXPECT_NEAR(fact(e, "wavelength"), 0.5918, 1e-4);
    EXPECT_NEAR(fact(e, "angle 2 theta"), 15.5, 0.05);
    EXPECT_NEAR(e.grain_transverse, 37.0 / 75, 2e-3);
    EXPECT_DOUBLE_EQ(e.pixels, 2162.0 * 2068);
    EXPECT_NEAR(e.mean_count, 0.002, 1e-8);
    EXPECT_DOUBLE_EQ(e.run_time(), 600);
    EXPECT_NEAR(e.contrast,
                fact(e, "contrast factor in the plane of scattering") * fact(e, "contrast factor across the plane") *
                    fact(e, "contrast factor of the pixel"),
                1e-15);
    EXPECT_GT(e.contrast, 0.005);
    EXPECT_LT(e.contrast, 0.1);  // a few per cent at most
    const bool labelled = std::any_of(e.facts.begin(), e.facts.end(), [](const Fact& f) { return f.from_memory; });
    EXPECT_TRUE(labelled);
}

TEST(Plan, AngleAndWavevectorAreTheSame) {
    std::string other = optics;
    const Experiment e = experiment_from_text(optics, "t");
    const std::string line = "wavevector = \"2.87 1/angstrom\"";
    other.replace(other.find(line), line.size(), fmt::format("angle = {:.15g}", fact(e, "angle 2 theta")));
    EXPECT_NEAR(experiment_from_text(other, "t").contrast, e.contrast, 1e-9);
}

TEST(Plan, RefusesWhatContradictsItself) {
    const auto refused = [](const std::string& change, const std::string& part) {
        try {
            static_cast<void>(experiment_from_text(optics + change, "t"));
            ADD_FAILURE() << change;
        } catch (const InputError& error) {
            EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
        }
    };
    refused("speckle_size = 2\n", "follows from the optics");
    refused("mean_count = 0.1\n", "one of mean_count");
    refused("pixels = 1000\n", "exclude each other");
    refused("angle = 12\n", "exclude each other");
    refused("background = 1\n", "to below 1");
    refused("coherence_lenght = 1\n", "did you mean");
    refused("[other]\n", "one table");
}

TEST(PlanSize, WhatFitsIsLeftAsItIs) {
    const PlanSize size = plan_size(experiment_from_text(direct, "t"));
    EXPECT_FALSE(size.changed());
    EXPECT_EQ(size.rows * size.columns, 1000U);
    EXPECT_EQ(size.frames, 300U);
    EXPECT_DOUBLE_EQ(size.mean_count, 0.5);
    EXPECT_DOUBLE_EQ(size.fit_factor, 1);
    EXPECT_DOUBLE_EQ(size.entry_factor, 1);
}

TEST(PlanSize, FewPhotonsOnManyPixelsKeepTheirPairs) {
    // Counting noise alone: what counts is N mu^2, whatever N.
    Experiment e = experiment_from_text(direct, "t");
    e.pixels = 1e6;
    e.mean_count = 1e-5;
    e.frames = 600;
    const PlanSize size = plan_size(e);
    EXPECT_EQ(size.bin, 1U);
    const double pairs = static_cast<double>(size.rows * size.columns) * size.mean_count * size.mean_count;
    EXPECT_NEAR(pairs / (1e6 * 1e-10), 1, 0.02);
    EXPECT_NEAR(size.fit_factor, 1, 1e-9);
    EXPECT_NEAR(size.entry_factor, 1, 0.02);
}

TEST(PlanSize, ManyPhotonsFollowTheLawOfPixels) {
    Experiment e = experiment_from_text(direct, "t");
    e.pixels = 1e6;
    e.mean_count = 1e4;
    e.frames = 600;
    const PlanSize size = plan_size(e);
    const double ratio = static_cast<double>(size.rows * size.columns) / 1e6;
    EXPECT_NEAR(size.fit_factor / std::sqrt(ratio), 1, 0.01);
    EXPECT_NEAR(size.entry_factor / std::sqrt(ratio), 1, 0.01);
    EXPECT_DOUBLE_EQ(size.mean_count, 1e4);
}

TEST(PlanSize, LargeSpecklesAreFewerPixels) {
    // Without counting noise, speckles of 4 pixels leave a quarter of the pixels.
    Experiment e = experiment_from_text(direct, "t");
    e.grain_radial = e.grain_transverse = 2;
    e.pixels = 1600;
    e.mean_count = 1e4;
    PlanSize size = plan_size(e);
    EXPECT_EQ(size.rows * size.columns, 400U);
    EXPECT_NEAR(size.fit_factor, 1, 1e-3);
    // With counting noise alone, pairs of photons in all pixels.
    e.mean_count = 1e-4;
    size = plan_size(e);
    EXPECT_NEAR(400 * size.mean_count * size.mean_count / (1600 * 1e-8), 1, 0.02);
}

TEST(PlanSize, AddsFramesAndCutsRuns) {
    Experiment e = experiment_from_text(direct, "t");
    e.pixels = 300;
    e.frames = 14000;
    e.frame_time = 0.1;
    e.tau = 34;
    PlanSize size = plan_size(e);
    EXPECT_EQ(size.bin, 8U);  // 340 frames in tau, at least 40 are left
    EXPECT_DOUBLE_EQ(size.binned_count, 4);
    EXPECT_EQ(size.frames, 1200U);
    EXPECT_DOUBLE_EQ(size.cut, 1200.0 / 1750);
    EXPECT_DOUBLE_EQ(size.fit_factor, std::sqrt(size.cut));
    EXPECT_DOUBLE_EQ(size.entry_factor, 1);
}

TEST(PlanRun, TheSmallestChangeIsFoundWithEightyPerCent) {
    const auto below = [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); };
    const double s = 0.07;
    const double d = relative_change(s) / (std::sqrt(2.0) * s);  // in standard errors of the difference
    const double power = 1 - below(1.959963984540054 - d) + below(-1.959963984540054 - d);
    EXPECT_NEAR(power, 0.8, 2e-6);  // the far side adds 1e-6
}

// Sum of squares over the square of the sum of the modes that the study sets.
double contrast_of(const Study& study) {
    const std::string& text = study.cells.front().scenario.resolved;
    const auto value = [&](const std::string& key) {
        const auto at = text.find("\n" + key + " = ");
        return at == std::string::npos ? std::string() : text.substr(at + key.size() + 4, text.find('\n', at + 1) - at);
    };
    const std::string background = value("background");
    const double rest = background.empty() ? 1 : 1 - std::stod(background);
    if (value("mode_weights").empty()) return rest * rest / std::stod(value("modes"));
    std::stringstream list(value("mode_weights").substr(1));
    double sum = 0;
    double squares = 0;
    for (std::string one; std::getline(list, one, ',');) {
        const double w = std::stod(one);
        sum += w;
        squares += w * w;
    }
    return rest * rest * squares / (sum * sum);
}

TEST(PlanRun, ModesHaveTheContrastAskedFor) {
    Experiment e = experiment_from_text(direct, "t");
    for (const double c : {1.0, 0.7, 0.5, 0.2, 0.15, 0.013, 0.004}) {
        e.contrast = c;
        EXPECT_NEAR(contrast_of(plan_study(e, plan_size(e), {})) / c, 1, 1e-9) << c;
    }
}

TEST(PlanRun, DriftReachesTheScenario) {
    const Experiment e = experiment_from_text(
        std::string(direct) + "speckle_size = [3, 2]\nbeam_size = \"8 um\"\ndrift = \"1 nm/s\"\n", "t");
    const Study study = plan_study(e, plan_size(e), {});
    const std::string& text = study.cells.front().scenario.resolved;
    EXPECT_NE(text.find("beam_radius = \""), std::string::npos) << text;
}

constexpr auto little_study = R"(
[study]
title = "Little"
replicates = 10
[source.a]
kind = "speckle"
tau = "10 s"
frames = 100
rows = 20
columns = 20
modes = 5
mean_count = 0.5
[grid]
"source.a.tau" = ["1 s", "10 s"]
"source.a.mean_count" = [0.1, 1.0]
[judge.tau]
bias = "5 %"
)";

TEST(PlanDomain, NamesTheNearestCellsAndWhatLiesOutside) {
    const Study study = study_from_text(little_study, "little");
    Experiment e = experiment_from_text(direct, "t");  // tau/T = 0.067, 0.5 counts, contrast 0.15, 1000 pixels
    e.pixels = 800;
    Domain d = domain_of(e, study);
    EXPECT_TRUE(d.inside());  // 800 pixels are twice 400, no more
    ASSERT_EQ(d.nearest.size(), 3U);
    EXPECT_EQ(d.nearest[0].label, "tau = 10 s, mean_count = 1.0");
    e.pixels = 801;
    d = domain_of(e, study);
    EXPECT_FALSE(d.inside());
    EXPECT_TRUE(d.axes[3].outside());
    e.pixels = 400;
    e.mean_count = 0.049;
    EXPECT_FALSE(domain_of(e, study).inside());

    const TemporaryFolder folder;
    const auto file = folder / "m.csv";
    std::ofstream(file) << "cell,quantity,method,truth,measure,value\n"
                        << "\"" << d.nearest[0].label << "\",tau,chain,10,bias,-0.5\n"
                        << "\"" << d.nearest[0].label << "\",tau,chain,10,coverage,0.93\n"
                        << "\"" << d.nearest[1].label << "\",beta,chain,1.5,bias,0.1\n";
    quote(d, file);
    ASSERT_EQ(d.nearest[0].stored.size(), 1U);
    EXPECT_EQ(d.nearest[0].stored[0], "tau: bias -5 % of the truth, coverage 0.930");
    EXPECT_TRUE(d.nearest[1].stored.empty());
}

}  // namespace
}  // namespace vitrum::validation
