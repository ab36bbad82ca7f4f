// Pixels, masks and regions of a detector against values computed elsewhere, limits and plain loops.
#include "vitrum/model/detector/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "vitrum/model/detector/detector_layout.hpp"

namespace vitrum::model {
namespace {

constexpr double degree = std::numbers::pi / 180;

// 2068 x 2162 pixels of 75 um, 5 m from the sample, on an arm at 15.5 degrees.
DetectorGeometry wide_angle() {
    return {
        .energy = 20.95, .distance = 5, .pixel_size = 75, .centre_row = 1081, .centre_column = 1034, .arm_angle = 15.5};
}

// Computed with a separate program from |k_out - k_in|, k = 2 pi E/hc, hc = 12.398419843320026 keV angstrom.
TEST(Geometry, ValuesComputedElsewhere) {
    EXPECT_NEAR(wavelength(20.95), 0.5918100163875908, 1e-15);
    const auto g = wide_angle();
    EXPECT_NEAR(direction(g, 1081, 1034).q, 2.863396564077219, 1e-12);
    EXPECT_NEAR(direction(g, 0, 0).q, 2.7054641558861503, 1e-12);
    EXPECT_NEAR(direction(g, 0, 0).azimuth, -3.6773789516512734, 1e-11);
    EXPECT_NEAR(direction(g, 2161, 2067).q, 3.0309853580978423, 1e-12);
    EXPECT_NEAR(direction(g, 2161, 2067).azimuth, 3.285871548874293, 1e-11);
    // No arm: the detector is shifted sideways in its plane, the beam's centre lies outside it.
    const DetectorGeometry shifted{
        .energy = 21, .distance = 0.5, .pixel_size = 55, .centre_row = 1000, .centre_column = -2000, .arm_angle = 0};
    EXPECT_NEAR(direction(shifted, 255, 255).q, 2.7119763523274028, 1e-12);
    EXPECT_NEAR(direction(shifted, 255, 255).azimuth, -18.282363885337766, 1e-11);
    const DetectorGeometry back{.energy = 8.0478,
                                .distance = 0.1,
                                .pixel_size = 172,
                                .centre_row = 100,
                                .centre_column = 100,
                                .arm_angle = -90};
    EXPECT_NEAR(direction(back, 40, 160).q, 5.465316275059125, 1e-12);
    EXPECT_NEAR(direction(back, 40, 160).azimuth, -174.10793378333477, 1e-11);
}

TEST(Geometry, IsTheDifferenceOfTwoWavevectors) {
    const auto g = wide_angle();
    const double k = 2 * std::numbers::pi / wavelength(g.energy);
    const Eigen::AngleAxisd turn(g.arm_angle * degree, Eigen::Vector3d::UnitY());
    const auto all = directions(g, 20, 30);
    for (std::size_t r = 0; r < 20; ++r)
        for (std::size_t c = 0; c < 30; ++c) {
            const Eigen::Vector3d flat((static_cast<double>(c) - g.centre_column) * 75e-6,
                                       (static_cast<double>(r) - g.centre_row) * 75e-6, g.distance);
            const Eigen::Vector3d out = turn * flat.normalized();
            EXPECT_NEAR(all[r * 30 + c].q, k * (out - Eigen::Vector3d::UnitZ()).norm(), 1e-13);
            EXPECT_NEAR(all[r * 30 + c].azimuth, std::atan2(out.y(), out.x()) / degree, 1e-12);
        }
}

TEST(Geometry, Limits) {
    // Small angles: q = k r/L.
    const DetectorGeometry small{
        .energy = 10, .distance = 20, .pixel_size = 10, .centre_row = 0, .centre_column = 0, .arm_angle = 0};
    const double k = 2 * std::numbers::pi / wavelength(10);
    EXPECT_NEAR(direction(small, 3, 4).q / (k * 50e-6 / 20), 1, 1e-11);
    EXPECT_EQ(direction(small, 0, 0).q, 0);
    EXPECT_NEAR(direction(small, 5, 0).azimuth, 90, 1e-12);
    // The arm's axis sees 2 theta = arm; so does a pixel far out in the plane without an arm.
    DetectorGeometry arm = small;
    arm.arm_angle = 40;
    EXPECT_NEAR(direction(arm, 0, 0).q, 2 * k * std::sin(20 * degree), 1e-13);
    EXPECT_NEAR(direction(small, 0, 20 * std::tan(40 * degree) / 10e-6).q, direction(arm, 0, 0).q, 1e-12);
    // The other side of the beam: the same q, half a turn away.
    arm.arm_angle = -40;
    EXPECT_NEAR(direction(arm, 0, 0).q, 2 * k * std::sin(20 * degree), 1e-13);
    EXPECT_NEAR(std::abs(direction(arm, 0, 0).azimuth), 180, 1e-12);
}

TEST(Layout, ModulesAndShapesMaskWhatTheyCover) {
    LayoutOptions o;
    o.geometry = wide_angle();
    o.modules = {512, 1028, 38, 12};  // four by two modules
    const auto gaps = lay_out(o, 2162, 2068);
    EXPECT_EQ(std::count(gaps.used.begin(), gaps.used.end(), 1), 4 * 512 * 2 * 1028);
    EXPECT_EQ(gaps.used[511 * 2068 + 1027], 1);
    EXPECT_EQ(gaps.used[512 * 2068 + 1027], 0);
    EXPECT_EQ(gaps.used[550 * 2068 + 1027], 1);
    EXPECT_EQ(gaps.used[550 * 2068 + 1028], 0);

    using Kind = DetectorShape::Kind;
    const auto count = [](const DetectorShape& shape) {
        int inside = 0;
        for (int r = 0; r < 100; ++r)
            for (int c = 0; c < 100; ++c) inside += shape.holds(r, c) ? 1 : 0;
        return inside;
    };
    EXPECT_EQ(count({.kind = Kind::rectangle, .row = 10, .column = 20, .height = 5, .width = 7}), 35);
    // Areas: of a disc pi r^2, of a band its length times its width, to the pixels on their rims.
    EXPECT_NEAR(count({.kind = Kind::disc, .row = 50, .column = 50, .radius = 30}), std::numbers::pi * 900, 60);
    EXPECT_NEAR(count({.kind = Kind::line, .row = 10, .column = 10, .width = 8, .end_row = 90, .end_column = 70}),
                100 * 8, 40);
    EXPECT_NEAR(count({.kind = Kind::arc, .row = 50, .column = 50, .width = 6, .radius = 30}),
                2 * std::numbers::pi * 30 * 6, 60);
    const DetectorShape arc{.kind = Kind::arc, .row = -200, .column = 50, .width = 4, .radius = 250};
    EXPECT_TRUE(arc.holds(50, 50));  // nearly straight across the detector
    EXPECT_TRUE(arc.holds(50 - 1.2, 26));
    EXPECT_FALSE(arc.holds(53, 50));
}

TEST(Layout, AnUnmaskedShadowLowersTheIntensity) {
    LayoutOptions o;
    o.shapes = {{.row = 0, .column = 0, .height = 10, .width = 5, .transmission = 0.5}};
    const auto layout = lay_out(o, 10, 10);
    EXPECT_TRUE(layout.used.empty());
    EXPECT_NEAR(layout.intensity[0], 0.5 / 0.75, 1e-15);
    EXPECT_NEAR(layout.intensity[9], 1 / 0.75, 1e-15);
}

TEST(Layout, RingsOfEqualWidthHoldEveryPixelInUse) {
    LayoutOptions o;
    o.geometry = wide_angle();
    o.geometry.pixel_size *= 20;
    o.geometry.centre_row /= 20;
    o.geometry.centre_column /= 20;
    o.shapes = {{.row = 0, .column = 0, .height = 100, .width = 10}};
    o.regions.rings = 6;
    const auto layout = lay_out(o, 108, 103);
    ASSERT_EQ(layout.regions.size(), 6U);
    double low = 1e9;
    double high = 0;
    for (std::size_t p = 0; p < layout.q.size(); ++p)
        if (layout.used[p]) {
            low = std::min(low, layout.q[p]);
            high = std::max(high, layout.q[p]);
        }
    std::vector<double> sums(7, 0);
    std::vector<double> counts(7, 0);
    for (std::size_t p = 0; p < layout.q.size(); ++p) {
        if (!layout.used[p]) continue;
        const auto ring = static_cast<std::int32_t>(std::min(5.0, std::floor(6 * (layout.q[p] - low) / (high - low))));
        EXPECT_EQ(layout.region[p], ring + 1) << p;
        sums[static_cast<std::size_t>(ring) + 1] += layout.q[p];
        ++counts[static_cast<std::size_t>(ring) + 1];
    }
    for (const auto& region : layout.regions) {
        const auto i = static_cast<std::size_t>(region.index);
        EXPECT_EQ(static_cast<double>(region.pixels), counts[i]);
        EXPECT_NEAR(region.q, sums[i] / counts[i], 1e-13);
    }
}

TEST(Layout, EdgesAndSectors) {
    LayoutOptions o;
    o.geometry = {
        .energy = 10, .distance = 1, .pixel_size = 1000, .centre_row = 20, .centre_column = 20, .arm_angle = 0};
    const double q_of_10 = direction(o.geometry, 20, 30).q;
    const double q_of_5 = direction(o.geometry, 20, 25).q;
    o.regions.edges = {q_of_5, q_of_10};
    o.regions.sectors = 4;
    o.regions.first_azimuth = -45;
    o.regions.last_azimuth = 315;
    const auto layout = lay_out(o, 41, 41);
    const auto region = [&](std::size_t r, std::size_t c) { return layout.region[r * 41 + c]; };
    EXPECT_EQ(region(20, 25), 1);  // on the lower edge: inside
    EXPECT_EQ(region(20, 30), 0);  // on the upper edge: outside
    EXPECT_EQ(region(20, 24), 0);
    EXPECT_EQ(region(27, 20), 2);
    EXPECT_EQ(region(20, 13), 3);
    EXPECT_EQ(region(13, 20), 4);
    EXPECT_NEAR(layout.regions[2].azimuth, 180, 1e-12);
    // A window of azimuth across the cut at 180 degrees.
    o.regions.sectors = 1;
    o.regions.first_azimuth = 170;
    o.regions.last_azimuth = 190;
    const auto window = lay_out(o, 41, 41);
    EXPECT_EQ(window.region[20 * 41 + 13], 1);
    EXPECT_EQ(window.region[21 * 41 + 13], 1);
    EXPECT_EQ(window.region[20 * 41 + 27], 0);
}

TEST(Layout, PeakOfTheMeanIntensity) {
    const DiffractionPeak peak{2.87, 0.2, 0.1};
    EXPECT_NEAR(peak(2.87), 1, 1e-15);
    EXPECT_NEAR(peak(2.97), 0.1 + 0.45, 1e-14);
    EXPECT_NEAR(peak(1e6), 0.1, 1e-9);
    LayoutOptions o;
    o.geometry = wide_angle();
    o.geometry.pixel_size *= 20;
    o.geometry.centre_row /= 20;
    o.geometry.centre_column /= 20;
    o.peak = peak;
    const auto layout = lay_out(o, 108, 103);
    double sum = 0;
    for (std::size_t p = 0; p < layout.q.size(); ++p) {
        sum += layout.intensity[p];
        EXPECT_NEAR(layout.intensity[p] / layout.intensity[0], peak(layout.q[p]) / peak(layout.q[0]), 1e-12);
    }
    EXPECT_NEAR(sum / static_cast<double>(layout.q.size()), 1, 1e-12);
}

TEST(Layout, BadInputIsNamed) {
    const auto with = [](auto&& change) {
        LayoutOptions o;
        o.geometry = wide_angle();
        change(o);
        return message_of([&] { static_cast<void>(lay_out(o, 8, 8)); });
    };
    EXPECT_EQ(with([](auto&) {}), "no error");
    EXPECT_TRUE(contains(with([](auto& o) { o.geometry.energy = 0; }), "energy = 0 keV"));
    EXPECT_TRUE(contains(with([](auto& o) { o.geometry.distance = -1; }), "distance = -1 m"));
    EXPECT_TRUE(contains(with([](auto& o) { o.geometry.arm_angle = 200; }), "arm_angle = 200"));
    EXPECT_TRUE(contains(with([](auto& o) { o.shapes = {{.height = 3}}; }), "width = 0 of a rectangle"));
    EXPECT_TRUE(contains(with([](auto& o) { o.shapes = {{.height = 99, .width = 99}}; }), "no pixel in use"));
    EXPECT_TRUE(contains(with([](auto& o) { o.modules.gap_rows = 3; }), "module_rows"));
    EXPECT_TRUE(contains(with([](auto& o) { o.regions.edges = {2}; }), "at least 2 edges"));
    EXPECT_TRUE(contains(with([](auto& o) { o.regions.edges = {2, 2}; }), "q_edges: they must increase"));
    EXPECT_TRUE(contains(with([](auto& o) { o.regions.edges = {7, 8}; }), "no pixel in use lies in any region"));
    EXPECT_TRUE(contains(with([](auto& o) { o.regions.sectors = 3; }), "sectors"));
    EXPECT_TRUE(contains(with([](auto& o) { o.peak.width = 0.1; }), "peak_q = 0"));
    EXPECT_TRUE(contains(message_of([] { static_cast<void>(shape_from("disk")); }), "did you mean 'disc'"));
}

}  // namespace
}  // namespace vitrum::model
