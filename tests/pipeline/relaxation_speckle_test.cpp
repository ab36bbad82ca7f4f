// Speckle of a spectrum of wells and of renewal events: its g1, what is true of it, and what is refused.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/model/landscape/spectrum.hpp"
#include "vitrum/model/relaxation/renewal.hpp"
#include "vitrum/pipeline/scenario/scenario.hpp"

namespace vitrum::pipeline {
namespace {

const std::string head = R"(
[source.glass]
kind = "relaxation_speckle"
modes = 2
mean_count = 4
frames = 60
rows = 16
columns = 16
)";
const std::string box = head + R"(
relaxation = "box"
barrier_low = "0.79 eV"
barrier_high = "0.91 eV"
)";
const std::string renewal = head + R"(
relaxation = "renewal"
shape = 4
mean_wait = "12 s"
)";

Scenario read(const std::string& text) {
    return scenario_from(parse_toml_text(text, "test.toml"), "test.toml", {}, std::nullopt);
}

Labelled<DataSet> made(const std::string& text, std::uint64_t seed = 1) {
    return read(text).sources[0].units[0].generate({{seed, 2, 3}, {}, {}});
}

TEST(RelaxationSpeckle, G2IsThatOfTheLaw) {
    const model::RelaxationSpectrum wells{model::BoxBarriers{0.79, 0.91}};
    const model::Renewal events{4, 12};
    const auto of_box = made(box);
    const auto of_renewal = made(renewal);
    for (const std::size_t lag : {1U, 7U, 40U}) {
        const auto t = static_cast<double>(lag);
        const Curve* g2 = of_box.truth.curve("g2");
        ASSERT_NE(g2, nullptr);
        ASSERT_DOUBLE_EQ(g2->x[lag - 1], t);
        EXPECT_NEAR(g2->y[lag - 1], 1 + std::pow(wells.relaxation(t), 2) / 2, 1e-12);
        EXPECT_NEAR(of_renewal.truth.curve("g2")->y[lag - 1], 1 + std::pow(events.unbroken(t), 2) / 2, 1e-12);
    }
    // Neither is a KWW decay: no tau, no beta; a time to 1/e and a mean there are.
    for (const auto* set : {&of_box, &of_renewal})
        for (const char* quantity : {"tau", "beta", "rate"}) EXPECT_EQ(set->truth.find(quantity, {}), nullptr);
    EXPECT_NEAR(wells.relaxation(of_box.truth.find("tau_apparent", {})->value), std::exp(-1.0), 1e-9);
    EXPECT_NEAR(of_box.truth.find("mean_relaxation_time", {})->value, wells.moment(1), 1e-9 * wells.moment(1));
    // m (1 + 1/k)/2, half the mean square of the waiting times over their mean.
    EXPECT_NEAR(of_renewal.truth.find("mean_relaxation_time", {})->value, 7.5, 1e-12);
    EXPECT_EQ(of_box.truth.find("contrast", {})->value, 0.5);
}

// The mean over pixels and 8 seeds of I(t) I(t + dt), without a fit. Deviations of 8 seeds' means have 7 degrees of
// freedom: |t| > 9.0 comes in 4e-5 of the cases, four lags and two sources are eight of them, 3e-4 in all.
TEST(RelaxationSpeckle, FramesHaveThisCorrelation) {
    constexpr int seeds = 8;
    for (const std::string& text : {box, renewal}) {
        const Curve g2 = *made(text).truth.curve("g2");
        for (const std::size_t lag : {1U, 3U, 8U, 20U}) {
            double sum = 0;
            double squares = 0;
            for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
                const auto set = made(text, seed);
                const auto& s = std::get<SpeckleSeries>(set.data.data);
                const std::size_t pixels = s.rows * s.columns;
                double product = 0;
                for (std::size_t f = 0; f + lag < s.frames; ++f)
                    for (std::size_t p = 0; p < pixels; ++p)
                        product += double{s.counts[f * pixels + p]} * double{s.counts[(f + lag) * pixels + p]};
                product /= 16.0 * static_cast<double>((s.frames - lag) * pixels);
                sum += product;
                squares += product * product;
            }
            const double mean = sum / seeds;
            const double error = std::sqrt((squares / seeds - mean * mean) / (seeds - 1));
            EXPECT_LT(std::abs(mean - g2.y[lag - 1]), 9 * error) << lag;
            EXPECT_LT(error, 0.05);
        }
    }
}

TEST(RelaxationSpeckle, WhereItIsKwwItSaysSo) {
    const auto stable = made(head + "relaxation = \"stable\"\ntau = \"9 s\"\nbeta = 0.6\n");
    EXPECT_EQ(stable.truth.find("tau", {})->value, 9);
    EXPECT_EQ(stable.truth.find("beta", {})->value, 0.6);
    EXPECT_NEAR(stable.truth.find("tau_apparent", {})->value, 9, 1e-9);
    EXPECT_NEAR(stable.truth.curve("g2")->y[4], 1 + std::exp(-2 * std::pow(5.0 / 9, 0.6)) / 2, 1e-12);
    const auto poisson = made(head + "relaxation = \"renewal\"\nshape = 1\nmean_wait = \"9 s\"\n");
    EXPECT_EQ(poisson.truth.find("tau", {})->value, 9);
    EXPECT_EQ(poisson.truth.find("beta", {})->value, 1);
    // A rest that never moves: the wells' own F, partial.
    const auto partial = made(box + "static_fraction = 0.5\n");
    const model::RelaxationSpectrum wells{model::BoxBarriers{0.79, 0.91}};
    EXPECT_NEAR(partial.truth.curve("g2")->y[6], 1 + std::pow(0.5 + 0.5 * wells.relaxation(7), 2) / 2, 1e-12);
    EXPECT_EQ(partial.truth.find("contrast", {}), nullptr);
    // <tau> of gamma rates of shape 1 has no end.
    EXPECT_EQ(made(head + "relaxation = \"gamma\"\n").truth.find("mean_relaxation_time", {}), nullptr);
}

TEST(RelaxationSpeckle, WhatHasNoLawIsRefused) {
    EXPECT_MESSAGE(read(head + "relaxation = \"triangle\"\n"), "renewal");
    EXPECT_MESSAGE(read(head + "relaxation = \"stable\"\nbeta = 1.5\n"), "beta");
    EXPECT_MESSAGE(read(head + "relaxation = \"renewal\"\nshape = 0\n"), "shape");
    EXPECT_MESSAGE(read(box + "mean_wait = \"3 s\"\n"), "mean_wait");
    EXPECT_MESSAGE(read("[source.glass]\nkind = \"relaxation_speckle\"\nframes = 3000\n"), "at most 2000");
    EXPECT_MESSAGE(read(box + "attempt_rate = \"0 1/s\"\n"), "attempt_rate");
}

}  // namespace
}  // namespace vitrum::pipeline
