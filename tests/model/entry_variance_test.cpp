// The noise of a map entry for every detector, against the closed form for equal modes and against generated counts.
#include "vitrum/model/field/entry_variance.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/model/speckle/series_law.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::model {
namespace {

TwoFrames equal_modes(double modes, double mean, double g1) {
    TwoFrames two;
    two.g1 = Eigen::MatrixXd::Ones(2, 2);
    two.g1(0, 1) = two.g1(1, 0) = g1;
    for (std::size_t r = 0; r < 5; ++r) two.shares.at(r) = modes * std::pow(1 / modes, static_cast<double>(r));
    two.level1 = two.level2 = mean;
    two.pixels = 700;
    return two;
}

TEST(EntryVariance, EqualModesAndNothingElse) {
    for (const double modes : {1.0, 3.0, 40.0})
        for (const double mean : {1e-3, 0.4, 20.0})
            for (const double g1 : {0.0, 0.4, 1.0}) {
                const MapEntry closed{700, modes, mean};
                EXPECT_NEAR(entry_variance(equal_modes(modes, mean, g1)) / closed.variance(g1 * g1), 1, 1e-9)
                    << modes << " " << mean << " " << g1;
            }
}

// Instants of an exposure in which nothing moves are one instant.
TEST(EntryVariance, AStillExposureIsAnInstant) {
    TwoFrames two = equal_modes(3, 0.7, 0.5);
    TwoFrames many = two;
    many.g1 = Eigen::MatrixXd::Ones(8, 8);
    many.g1.topRightCorner(4, 4).setConstant(0.5);
    many.g1.bottomLeftCorner(4, 4).setConstant(0.5);
    EXPECT_NEAR(entry_variance(many), entry_variance(two), 1e-14);
}

// A static speckle is one that does not move.
TEST(EntryVariance, StaticSpeckleIsSpeckleThatStays) {
    for (const double modes : {1.0, 3.0}) {
        TwoFrames still = equal_modes(modes, 0.9, 0.2);
        still.still = 0.7;
        still.moving = 0;
        still.flat = 0.3;
        TwoFrames stays = equal_modes(modes, 0.9, 1.0);
        stays.moving = 0.7;
        stays.flat = 0.3;
        EXPECT_NEAR(entry_variance(still) / entry_variance(stays), 1, 1e-12);
    }
}

// A beam that is twice as bright in one frame and gains that are all the same change the counts, not the formula.
TEST(EntryVariance, OnlyTheCountsMatter) {
    TwoFrames two = equal_modes(3, 0.8, 0.5);
    TwoFrames scaled = equal_modes(3, 0.4, 0.5);
    for (std::size_t k = 1; k < 5; ++k) scaled.classes[0].gains.at(k) = std::pow(2.0, static_cast<double>(k));
    EXPECT_NEAR(entry_variance(scaled), entry_variance(two), 1e-14);
}

struct Change {
    std::string what;
    void (*apply)(SpeckleOptions&);
};

const std::vector<Change> detectors{
    {"unequal modes",
     [](SpeckleOptions& o) {
         o.detector.mode_weights = {0.7, 0.2, 0.1};
     }},
    {"background and dark counts",
     [](SpeckleOptions& o) {
         o.detector.background = 0.3;
         o.detector.dark_counts = 0.4;
     }},
    {"static parts",
     [](SpeckleOptions& o) {
         o.detector.static_speckle = 0.4;
         o.detector.heterodyne_fraction = 0.3;
     }},
    {"exposure",
     [](SpeckleOptions& o) {
         o.detector.exposure = 1;
         o.detector.substeps = 3;
         o.relaxation.tau = 1;
     }},
    {"beam",
     [](SpeckleOptions& o) {
         o.detector.intensity_drift = 1;
         o.detector.dark_counts = 0.3;
     }},
    {"gains and zero pixels",
     [](SpeckleOptions& o) {
         o.detector.flat_field_cv = 0.3;
         o.detector.zero_pixels = 0.1;
         o.detector.dead_pixels = 0.1;
         o.detector.dark_counts = 0.3;
     }},
    {"hot pixels",
     [](SpeckleOptions& o) {
         o.detector.hot_pixels = 0.1;
         o.detector.hot_counts = 3;
         o.detector.flat_field_cv = 0.2;
     }},
};

// C less its mean is the mean over independent pixels of psi = k1 k2/(m1 m2) - C (k1/m1 + k2/m2) less its own mean in
// that pixel: its variance is the mean square of that over N. 60 series; the error of the ratio from their scatter.
// Four entries for each of seven detectors at 4.5 standard errors (t with 59 degrees: 3e-5 each): false alarm 9e-4 in
// all.
TEST(EntryVariance, GeneratedCounts) {
    for (const auto& detector : detectors) {
        SCOPED_TRACE(detector.what);
        SpeckleOptions o;
        o.frames = 4;
        o.rows = 40;
        o.columns = 100;
        o.modes = 3;
        o.mean_count = 1.5;
        o.relaxation = {2.2, 1.8};
        detector.apply(o);
        constexpr int repeats = 60;
        const std::vector<std::pair<std::size_t, std::size_t>> entries{{0, 1}, {0, 2}, {1, 2}, {0, 3}};
        std::vector<double> sum(entries.size());
        std::vector<double> squares(entries.size());
        for (int r = 0; r < repeats; ++r) {
            const StreamKey key{17, cell_id("entry"), static_cast<std::uint64_t>(r)};
            const auto s = generate(o, key).data;
            const auto drawn = draw(o.detector, o.frames, s.pixels(), key);
            const SeriesLaw law(kernel_of(o, key), sample_times(o), o.detector, drawn, o.mean_count, mode_shares(o));
            for (std::size_t e = 0; e < entries.size(); ++e) {
                const auto [i, j] = entries[e];
                const double m1 = law.mean(i);
                const double m2 = law.mean(j);
                const double c = law.correlation(i, j);
                // Each pixel's own mean, which a gain shifts: light is a quadratic in the gain.
                const double coupling = law.coherence() * std::pow(1 - o.detector.background, 2) *
                                        (std::pow(1 - o.detector.static_speckle, 2) * law.field_square(i, j) +
                                         std::pow(o.detector.static_speckle, 2));
                double variance = 0;
                double used = 0;
                for (std::size_t p = 0; p < s.pixels(); ++p) {
                    if (!s.used.empty() && s.used[p] == 0) continue;
                    ++used;
                    const double g = drawn.gain[p];
                    if (g == 0) continue;  // psi is 0
                    const double a1 = drawn.beam[i] * o.mean_count * g;
                    const double a2 = drawn.beam[j] * o.mean_count * g;
                    const double d = drawn.dark[p];
                    const double expected =
                        ((a1 + d) * (a2 + d) + a1 * a2 * coupling) / (m1 * m2) - c * ((a1 + d) / m1 + (a2 + d) / m2);
                    const double k1 = s.counts[i * s.pixels() + p];
                    const double k2 = s.counts[j * s.pixels() + p];
                    variance += std::pow(k1 * k2 / (m1 * m2) - c * (k1 / m1 + k2 / m2) - expected, 2);
                }
                const double ratio = variance / (used * used) / law.entry_variance(i, j);
                sum[e] += ratio;
                squares[e] += ratio * ratio;
            }
        }
        for (std::size_t e = 0; e < entries.size(); ++e) {
            const double mean = sum[e] / repeats;
            const double error = std::sqrt((squares[e] / repeats - mean * mean) / (repeats - 1));
            EXPECT_NEAR(mean, 1, 4.5 * error) << entries[e].first << " " << entries[e].second;
            EXPECT_LT(error, 0.04) << "too loose to see a fault";
        }
    }
}

TEST(EntryVariance, StandsInTheTruth) {
    SpeckleOptions o;
    o.frames = 200;
    o.modes = 4;
    o.relaxation = {10, 1.8};
    o.detector.background = 0.2;
    const StreamKey key{1, 2, 3};
    const GroundTruth truth = truth_of(o, key);
    const Curve& noise = *truth.curve("map_noise");
    const SeriesLaw law(kernel_of(o, key), sample_times(o), o.detector, draw(o.detector, o.frames, 4096, key),
                        o.mean_count, mode_shares(o));
    EXPECT_NEAR(noise.y.front(), std::sqrt(law.entry_variance(0, 1)), 1e-12);
    EXPECT_NEAR(truth.find("heterogeneity_width", {})->value, 3.289707 * std::sqrt(law.entry_variance(3, 13)), 1e-7);
    EXPECT_EQ(truth.find("heterogeneity_width", {})->origin, Origin::numerical);
}

}  // namespace
}  // namespace vitrum::model
