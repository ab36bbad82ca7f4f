#include "analysis/correlation/streamed_map.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "analysis/correlation/g2.hpp"
#include "analysis/correlation/two_time.hpp"
#include "core/io/map_file.hpp"
#include "core/io/measured_file.hpp"
#include "tests/analysis/test_series.hpp"
#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"

namespace vitrum::analysis {
namespace {

using test::sparse_twin;
using test::white_noise;

SpeckleSeries series() {
    SpeckleSeries s = white_noise(157, 1, 400, 0.3, 41);
    s.frame_time = 0.5;
    s.used.assign(400, 1);
    s.used[17] = 0;
    s.region.assign(400, 1);
    std::fill(s.region.begin() + 250, s.region.end(), 2);
    std::fill_n(s.counts.begin() + 60 * 400, 400, 0.0F);  // an empty frame
    return s;
}

void expect_same(const std::vector<double>& a, const std::vector<double>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::isnan(a[i]) && std::isnan(b[i])) continue;
        ASSERT_EQ(a[i], b[i]) << i;
    }
}

// Blocks of a few rows, events in one go or in many passes: map, g2 and errors are those of the whole map, to the bit.
TEST(StreamedMap, IsTheWholeMap) {
    const SpeckleSeries dense = series();
    for (const auto& s : {dense, sparse_twin(dense)})
        for (const std::int32_t region : {0, 2})
            for (const std::size_t memory : {std::size_t{4000}, std::size_t{1} << 30})
                for (const std::size_t rows : {3UL, 50UL, 1000UL}) {
                    const StreamOptions options{region, memory, rows * 157 * sizeof(double), true};
                    TwoTimeOptions whole_options;
                    whole_options.region = region;
                    const auto whole = two_time(s, whole_options);
                    auto expected = g2_values(whole);
                    add_pixel_jackknife(expected, s, whole, region);
                    std::size_t next = 0;
                    const auto g2 = stream_two_time(s, options, [&](const MapRows& block) {
                        EXPECT_EQ(block.first, next);
                        next += block.count;
                        for (std::size_t i = block.first; i < next; ++i)
                            for (std::size_t j = i; j < s.frames; ++j) {
                                if (std::isnan(block(i, j)) && std::isnan(whole(i, j))) continue;
                                ASSERT_EQ(block(i, j), whole(i, j)) << i << " " << j;
                            }
                    });
                    EXPECT_EQ(next, s.frames);
                    expect_same(g2.x, expected.x);
                    expect_same(g2.y, expected.y);
                    expect_same(g2.weight, expected.weight);
                    expect_same(g2.scatter, expected.scatter);
                    expect_same(g2.y_error, expected.y_error);
                    EXPECT_EQ(g2.covariance_factor, expected.covariance_factor);
                    EXPECT_EQ(g2.error_method, expected.error_method);
                }
}

TEST(StreamedMap, SameBitsForAnyNumberOfThreads) {
    SpeckleSeries s = series();
    for (float& v : s.counts) v *= 0.37F;
    const auto with = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return stream_two_time(s, {0, 4000, 20 * 157 * sizeof(double), true}, {});
    };
    const auto one = with(1);
    const auto two = with(2);
    expect_same(one.y, two.y);
    expect_same(one.y_error, two.y_error);
}

// Each value is that of the whole map, rounded; from lists in memory, in many passes, and from dense frames.
TEST(StreamedMap, TriangleIsTheWholeMapInFloats) {
    const SpeckleSeries dense = series();
    for (const auto& s : {dense, sparse_twin(dense)})
        for (const std::size_t memory : {std::size_t{4000}, std::size_t{1} << 30})
            for (const std::size_t threads : {1UL, 2UL}) {
                const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
                const StreamOptions options{2, memory, 20 * 157 * sizeof(double), false};
                TwoTimeOptions whole_options;
                whole_options.region = 2;
                const auto whole = two_time(s, whole_options);
                std::vector<float> triangle(157 * 158 / 2, -1.0F);
                two_time_triangle(s, options, triangle);
                auto value = triangle.begin();
                for (std::size_t i = 0; i < 157; ++i)
                    for (std::size_t j = i; j < 157; ++j, ++value) {
                        const auto expected = static_cast<float>(whole(i, j));
                        ASSERT_TRUE(*value == expected || (std::isnan(*value) && std::isnan(expected)))
                            << i << " " << j << ": " << *value << " for " << expected;
                    }
            }
    std::vector<float> small(157);
    EXPECT_THROW(two_time_triangle(dense, {}, small), std::logic_error);
}

TEST(StreamedMap, NothingToCorrelate) {
    SpeckleSeries s = white_noise(10, 3, 3, 1);
    EXPECT_MESSAGE(stream_two_time(s, {.region = 2}, {}), "no pixel takes part in region 2");
    std::fill(s.counts.begin(), s.counts.end(), 0.0F);
    EXPECT_MESSAGE(stream_two_time(s, {}, {}), "every frame is empty");
}

// Written row by row and read as anybody's map: single precision is all that is lost.
TEST(StreamedMap, GoesToAFileAndBack) {
    const TemporaryFolder folder;
    SpeckleSeries s = series();
    std::fill_n(s.counts.begin() + 60 * 400, 400, 1.0F);
    io::MapFile file(folder / "map.h5", s.frames, s.frame_time, s.time_unit);
    (void)stream_two_time(s, {0, 4000, 20 * 157 * sizeof(double), false},
                          [&](const MapRows& block) { file.write_rows(block.first, block.count, block.values); });
    file.close();
    const auto back = io::read_measured(folder / "map.h5", {});
    const auto& map = std::get<TwoTimeMap>(back.at(0).data.data);
    const auto whole = two_time(s);
    ASSERT_EQ(map.frames, s.frames);
    EXPECT_EQ(map.frame_time, 0.5);
    for (std::size_t i = 0; i < s.frames; ++i)
        for (std::size_t j = 0; j < s.frames; ++j)
            ASSERT_NEAR(map(i, j), whole(i, j), 1e-6 * whole(i, j)) << i << " " << j;
}

}  // namespace
}  // namespace vitrum::analysis
