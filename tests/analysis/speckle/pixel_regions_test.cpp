#include "vitrum/analysis/speckle/pixel_regions.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

#include "vitrum/analysis/speckle/hot_pixels.hpp"
#include "vitrum/core/error.hpp"

namespace vitrum::analysis {
namespace {

using std::numbers::pi;

DetectorGeometry straight() {
    DetectorGeometry g;
    g.pixel_1 = 100e-6;
    g.pixel_2 = 200e-6;
    g.distance = 0.5;
    g.poni_1 = 3.5 * g.pixel_1;
    g.poni_2 = 2.5 * g.pixel_2;
    g.wavelength = 1.5;
    return g;
}

TEST(PixelRegions, QOfAStraightDetector) {
    const auto g = straight();
    const auto places = pixel_places(g, 8, 6);
    EXPECT_NEAR(places.q[3 * 6 + 2], 0, 1e-12);
    for (std::size_t row = 0; row < 8; ++row)
        for (std::size_t column = 0; column < 6; ++column) {
            const double x = (static_cast<double>(column) - 2) * g.pixel_2;
            const double y = (static_cast<double>(row) - 3) * g.pixel_1;
            const double q = 4 * pi / 1.5 * std::sin(std::atan(std::hypot(x, y) / 0.5) / 2);
            EXPECT_NEAR(places.q[row * 6 + column], q, 1e-12);
            if (q > 0) {
                EXPECT_NEAR(places.azimuth[row * 6 + column], std::atan2(y, x), 1e-12);
            }
        }
}

// A detector that is turned about the sample sees each direction at another place, and the same q there.
TEST(PixelRegions, TurnedDetectorsSeeTheirDirections) {
    auto g = straight();
    const double turn = 0.2;
    g.rotation_1 = turn;
    // The normal then leaves the sample at 0.2 rad from the beam.
    EXPECT_NEAR(pixel_places(g, 8, 6).q[3 * 6 + 2], 4 * pi / 1.5 * std::sin(turn / 2), 1e-12);
    g.rotation_1 = 0;
    g.rotation_2 = turn;
    EXPECT_NEAR(pixel_places(g, 8, 6).q[3 * 6 + 2], 4 * pi / 1.5 * std::sin(turn / 2), 1e-12);
    g.rotation_2 = 0;
    g.rotation_3 = turn;  // about the beam: q stays, the azimuth turns
    const auto turned = pixel_places(g, 8, 6);
    g.rotation_3 = 0;
    const auto plain = pixel_places(g, 8, 6);
    for (std::size_t p = 0; p < plain.q.size(); ++p) EXPECT_NEAR(turned.q[p], plain.q[p], 1e-12);
    EXPECT_NEAR(std::abs(turned.azimuth[0] - plain.azimuth[0]), turn, 1e-12);
}

TEST(PixelRegions, RingsAndSectorsHoldEveryPixelOnce) {
    const auto places = pixel_places(straight(), 8, 6);
    const auto edges = equal_rings(places.q, {}, 3);
    const auto region = ring_regions(places.q, places.azimuth, edges, 4);
    for (std::size_t p = 0; p < region.size(); ++p) {
        ASSERT_GE(region[p], 1);
        ASSERT_LE(region[p], 12);
        const auto ring = static_cast<std::size_t>((region[p] - 1) / 4);
        const auto sector = (region[p] - 1) % 4;
        EXPECT_GE(places.q[p], edges[ring]);
        EXPECT_LE(places.q[p], edges[ring + 1]);
        EXPECT_GE(places.azimuth[p], -pi + sector * pi / 2 - 1e-12);
        EXPECT_LE(places.azimuth[p], -pi + (sector + 1) * pi / 2 + 1e-12);
    }
    EXPECT_EQ(ring_regions({0.1, 0.2, 0.3, 0.4, std::nan("")}, {}, {0.2, 0.3}, 1),
              (std::vector<std::int32_t>{0, 1, 1, 0, 0}));
    EXPECT_THROW(static_cast<void>(equal_rings({0.1, 0.1}, {}, 2)), InputError);
}

SpeckleSeries still_speckle(std::uint64_t seed, double mean) {
    std::mt19937_64 random(seed);
    SpeckleSeries s;
    s.frames = 4;
    s.rows = s.columns = 100;
    s.counts.resize(s.frames * s.pixels());
    for (std::size_t p = 0; p < s.pixels(); ++p) {
        const double intensity = std::exponential_distribution<double>(1 / mean)(random);
        for (std::size_t f = 0; f < s.frames; ++f)
            s.counts[f * s.pixels() + p] =
                static_cast<float>(std::poisson_distribution<int>(intensity / 4 + 1e-300)(random));
    }
    return s;
}

// The rule allows one alarm in 1e6 detectors where the mean is known; 60 detectors of the widest speckle raise none.
TEST(HotPixels, SpeckleThatStandsStillHasNone) {
    for (const double mean : {0.02, 1.0, 200.0})
        for (std::uint64_t seed = 1; seed <= 20; ++seed)
            EXPECT_TRUE(find_hot_pixels(still_speckle(seed, mean)).pixels.empty()) << mean << " " << seed;
}

TEST(HotPixels, AreFoundAloneAndInClustersAndMasked) {
    auto s = still_speckle(3, 1.0);
    const std::vector<std::size_t> hot{505, 506, 605, 606, 7777};
    for (const std::size_t p : hot)
        for (std::size_t f = 0; f < s.frames; ++f) s.counts[f * s.pixels() + p] = 5000;
    const auto found = find_hot_pixels(s);
    EXPECT_EQ(found.pixels, hot);
    double all = 0;
    for (const float c : s.counts) all += c;
    EXPECT_NEAR(found.share, 5 * 4 * 5000 / all, 1e-12);

    // As events: the same pixels, and the same counts are left.
    SpeckleSeries events = s;
    events.counts.clear();
    events.frame_ptr = {0};
    for (std::size_t f = 0; f < s.frames; ++f) {
        for (std::size_t p = 0; p < s.pixels(); ++p)
            if (const float c = s.counts[f * s.pixels() + p]; c > 0) {
                events.index.push_back(static_cast<std::uint32_t>(p));
                events.intensity.push_back(static_cast<std::uint32_t>(c));
            }
        events.frame_ptr.push_back(events.index.size());
    }
    EXPECT_EQ(find_hot_pixels(events).pixels, hot);
    mask_pixels(s, hot);
    mask_pixels(events, hot);
    expect_consistent(events);
    EXPECT_EQ(s.used, events.used);
    EXPECT_EQ(std::count(s.used.begin(), s.used.end(), 0), 5);
    double dense = 0;
    for (const float c : s.counts) dense += c;
    double sparse = 0;
    for (const auto c : events.intensity) sparse += c;
    EXPECT_EQ(dense, sparse);
    EXPECT_EQ(dense, all - 100000);
    EXPECT_TRUE(find_hot_pixels(s).pixels.empty());
}

// Scattering that falls over the detector has bright pixels that are not hot.
TEST(HotPixels, BrightPartsOfAPatternAreNot) {
    SpeckleSeries s;
    s.frames = 1;
    s.rows = s.columns = 100;
    std::mt19937_64 random(8);
    for (std::size_t p = 0; p < s.pixels(); ++p) {
        const double r = std::hypot(static_cast<double>(p / 100) - 50, static_cast<double>(p % 100) - 50);
        const double mean = 1e5 / (1 + std::pow(r, 3));
        s.counts.push_back(static_cast<float>(
            std::poisson_distribution<int>(mean * std::exponential_distribution<double>(1)(random) + 1e-300)(random)));
    }
    // The centre itself is a peak as sharp as a pixel; around it nothing is hot.
    for (const std::size_t p : find_hot_pixels(s).pixels)
        EXPECT_LT(std::hypot(static_cast<double>(p / 100) - 50, static_cast<double>(p % 100) - 50), 2.5);
}

}  // namespace
}  // namespace vitrum::analysis
