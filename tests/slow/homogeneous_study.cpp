// What a homogeneous, stationary sample shows: the raw width Delta C and chi4 that come from noise, contrast and tau/T
// alone, and chi4 with the noise taken out, which has to be 0: the tables of docs/estimators/speckle/chi4.md and
// heterogeneity_width.md. Fails if the mean of a corrected chi4 leaves 0 by five standard errors where the run is long
// (tau/T up to 0.02; 14 numbers: false alarm below 1e-5).
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/heterogeneity/chi4.hpp"
#include "vitrum/analysis/heterogeneity/heterogeneity_corrected.hpp"
#include "vitrum/analysis/heterogeneity/heterogeneity_width.hpp"
#include "vitrum/core/numerics/shortest_interval.hpp"
#include "vitrum/core/parallel.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum {
namespace {

struct Mean {
    double value = 0, error = 0, sd = 0;
};

Mean mean_of(const std::vector<double>& x) {
    Mean m;
    const auto n = static_cast<double>(x.size());
    for (const double v : x) m.value += v / n;
    for (const double v : x) m.sd += (v - m.value) * (v - m.value) / (n - 1);
    m.sd = std::sqrt(m.sd);
    m.error = m.sd / std::sqrt(n);
    return m;
}

TEST(HomogeneousStudy, WhatNoiseAloneShows) {
    constexpr std::size_t replicates = 250;
    struct Case {
        double tau;  // frames
        int modes;
        double mean;
    };
    fmt::print(
        "\n| tau/T | contrast | counts | Delta C 90 % | floor | Delta C/contrast | chi4 formula / raw | chi4 split / "
        "raw | "
        "0 in the interval |\n");
    for (const Case& c :
         {Case{3, 5, 0.5}, Case{12, 5, 0.5}, Case{60, 5, 0.5}, Case{200, 5, 0.5}, Case{3, 5, 5}, Case{12, 5, 5},
          Case{60, 5, 5}, Case{200, 5, 5}, Case{12, 5, 0.05}, Case{12, 1, 0.5}, Case{12, 20, 0.5}, Case{12, 1, 5}}) {
        model::SpeckleOptions o;
        o.frames = 600;
        o.rows = o.columns = 20;
        o.modes = c.modes;
        o.mean_count = c.mean;
        o.relaxation = {c.tau, 1.8};
        const auto lag = static_cast<std::size_t>(c.tau);
        std::vector<double> width(replicates);
        std::array<std::vector<double>, 3> chi4;
        for (auto& v : chi4) v.resize(replicates);
        std::array<std::vector<int>, 3> held;  // -1: no interval
        for (auto& v : held) v.resize(replicates);
        for_each_block(replicates, 1, [&](std::size_t r, std::size_t, std::size_t) {
            const auto s = model::generate(o, {23, cell_id("homogeneous"), r}).data;
            auto values = analysis::correlation_trace(s, analysis::active_pixels(s, 0), lag);
            width[r] = shortest_interval(values, 0.9);
            const auto rows = analysis::chi4(s, {.region = 0, .lag = lag});
            for (std::size_t k = 0; k < 3; ++k) {
                chi4.at(k)[r] = rows.at(k).value;
                held.at(k)[r] = std::isfinite(rows.at(k).lower) ? rows.at(k).lower <= 0 && rows.at(k).upper >= 0 : -1;
            }
        });
        const analysis::EntryNoise noise{400, static_cast<double>(c.modes), c.mean, c.tau, 1.8};
        const auto floor = analysis::homogeneous_width(noise, lag, o.frames - lag, 0.9);
        const Mean w = mean_of(width);
        const double raw = mean_of(chi4[0]).value;
        const Mean formula = mean_of(chi4[1]);
        const Mean split = mean_of(chi4[2]);
        const auto share = [&](const std::vector<int>& h) {
            double hits = 0;
            double known = 0;
            for (const int v : h) {
                known += v >= 0;
                hits += v > 0;
            }
            return known > 0 ? fmt::format("{:.1f} %", 100 * hits / known) : std::string("no interval");
        };
        fmt::print(
            "| {:.3g} | {:.2g} | {} | {:.4f} +- {:.4f} | {:.4f} | {:.3f} | {:.4f} +- {:.4f} | {:.4f} +- {:.4f} "
            "| {}, {} | (sd {:.4f}, floor sd {:.4f}, chi4 raw {:.4g})\n",
            c.tau / 600, 1.0 / c.modes, c.mean, w.value, w.error, floor.mean, w.value * c.modes, formula.value / raw,
            formula.error / raw, split.value / raw, split.error / raw, share(held[1]), share(held[2]), w.sd, floor.sd,
            raw);
        std::fflush(stdout);
        if (c.tau <= 12) {
            EXPECT_LT(std::abs(formula.value), 5 * formula.error);
            EXPECT_LT(std::abs(split.value), 5 * split.error);
        }
    }
}

}  // namespace
}  // namespace vitrum
