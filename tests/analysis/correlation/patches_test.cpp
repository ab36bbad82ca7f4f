// Groups of pixels are patches of neighbours: their jackknife holds where neighbours share speckle.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::analysis {
namespace {

SpeckleSeries detector(std::size_t rows, std::size_t columns) {
    SpeckleSeries s;
    s.rows = rows;
    s.columns = columns;
    return s;
}

struct Box {
    std::size_t rows, columns;
};

Box box_of(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, std::size_t group, std::size_t groups) {
    std::size_t low_row = s.rows, high_row = 0, low_column = s.columns, high_column = 0;
    for (std::size_t i = group * pixels.size() / groups; i < (group + 1) * pixels.size() / groups; ++i) {
        low_row = std::min<std::size_t>(low_row, pixels[i] / s.columns);
        high_row = std::max<std::size_t>(high_row, pixels[i] / s.columns);
        low_column = std::min<std::size_t>(low_column, pixels[i] % s.columns);
        high_column = std::max<std::size_t>(high_column, pixels[i] % s.columns);
    }
    return {high_row - low_row + 1, high_column - low_column + 1};
}

TEST(Patches, AreSquaresWhereTheyCanBe) {
    const auto s = detector(64, 64);
    const auto all = active_pixels(s, 0);
    const auto pixels = in_patches(s, all, 64);
    auto sorted = pixels;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(sorted, all);
    for (std::size_t g = 0; g < 64; ++g) {
        const Box box = box_of(s, pixels, g, 64);
        EXPECT_EQ(box.rows, 8U) << g;
        EXPECT_EQ(box.columns, 8U) << g;
    }
}

// A ring, a long strip, a wide one, one row: the same pixels, no patch that spans the detector.
TEST(Patches, OfAnyShape) {
    for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{60, 50}, {200, 12}, {9, 300}, {1, 500}}) {
        auto s = detector(rows, columns);
        if (rows == 60) {
            s.used.assign(s.pixels(), 0);
            for (std::size_t p = 0; p < s.pixels(); ++p) {
                const double radius = std::hypot(static_cast<double>(p / 50) - 80, static_cast<double>(p % 50) - 20);
                s.used[p] = radius > 40 && radius < 60 ? 1 : 0;
            }
        }
        const auto all = active_pixels(s, 0);
        for (const std::size_t groups : {1U, 7U, 20U, 64U}) {
            const auto pixels = in_patches(s, all, groups);
            auto sorted = pixels;
            std::sort(sorted.begin(), sorted.end());
            EXPECT_EQ(sorted, all);
            if (groups < 20) continue;
            for (std::size_t g = 0; g < groups; ++g) {
                const Box box = box_of(s, pixels, g, groups);
                const double area = static_cast<double>(all.size()) / static_cast<double>(groups);
                EXPECT_LE(static_cast<double>(box.rows * box.columns),
                          4 * area + 2.0 * static_cast<double>(box.columns))
                    << rows << " x " << columns << ", group " << g << " of " << groups;
            }
        }
    }
    EXPECT_TRUE(in_patches(detector(4, 4), {}, 8).empty());
}

// 300 series of 64 x 64 pixels with a grain of 2.5 x 2.5 pixels, 64 patches of 8 x 8. What |mu|^4 couples across the
// edges of a patch is missing from its error: with 1.768 = sum of exp(-2 pi d^2/s^2) along an axis and 1.667 of it
// inside, the quoted error is 0.943 of the spread. The spread has an error of 1/sqrt(600) = 0.041, |z| < 4: false alarm
// 6e-5 per lag. Runs of whole rows would quote 0.75.
TEST(Patches, GiveTheErrorOfSpeckleWithGrains) {
    model::SpeckleOptions o;
    o.frames = 4;
    o.rows = o.columns = 64;
    o.modes = 2;
    o.mean_count = 100;
    o.relaxation = {1.5, 1};
    o.pattern.rows.grain = o.pattern.columns.grain = 2.5;
    constexpr int runs = 300;
    std::vector<double> sum(2), squares(2), quoted(2);
    for (int r = 0; r < runs; ++r) {
        const auto s = model::generate(o, {71, cell_id("patches"), static_cast<std::uint64_t>(r)}).data;
        const TwoTimeMap map = two_time(s, {});
        Curve g2 = g2_values(map);
        add_pixel_jackknife(g2, s, map, 0);
        for (std::size_t i = 0; i < 2; ++i) {
            sum[i] += g2.y[i];
            squares[i] += g2.y[i] * g2.y[i];
            quoted[i] += g2.y_error[i] * g2.y_error[i] / runs;
        }
    }
    for (std::size_t i = 0; i < 2; ++i) {
        const double spread = std::sqrt((squares[i] - sum[i] * sum[i] / runs) / (runs - 1));
        EXPECT_NEAR(std::sqrt(quoted[i]) / spread, 0.943, 4 * 0.041) << i;
        RecordProperty("ratio_" + std::to_string(i), std::to_string(std::sqrt(quoted[i]) / spread));
    }
}

}  // namespace
}  // namespace vitrum::analysis
