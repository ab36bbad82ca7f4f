#include "vitrum/analysis/chain/streamed_map.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/analysis/test_series.hpp"
#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"
#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/io/measured/measured_file.hpp"
#include "vitrum/io/result/map_file.hpp"

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

// Every policy of the diagonal, in blocks that cut between neighbours.
TEST(StreamedMap, DiagonalsOfTheWholeMap) {
    const SpeckleSeries s = sparse_twin(series());
    for (const auto policy : {Diagonal::raw, Diagonal::factorial, Diagonal::neighbour_mean, Diagonal::excluded}) {
        TwoTimeOptions whole_options;
        whole_options.diagonal = policy;
        const auto whole = two_time(s, whole_options);
        two_time_rows(s, {.row_bytes = 7 * 157 * sizeof(double), .diagonal = policy}, [&](const MapRows& block) {
            for (std::size_t i = block.first; i < block.first + block.count; ++i) {
                ASSERT_EQ(std::isnan(block(i, i)), std::isnan(whole(i, i))) << i << " " << name(policy);
                if (std::isnan(whole(i, i))) continue;
                ASSERT_EQ(block(i, i), whole(i, i)) << i << " " << name(policy);
            }
        });
    }
    SpeckleSeries intensities = series();
    intensities.counts[0] = 0.5F;
    EXPECT_MESSAGE(two_time_rows(intensities, {.diagonal = Diagonal::factorial}, [](const MapRows&) {}),
                   "factorial needs photon counts");
}

// Written in rows and read back, by rows and as anybody's map; blocks that fit the tiles and some that do not.
TEST(StreamedMap, GoesToAFileAndBack) {
    const TemporaryFolder folder;
    SpeckleSeries s = white_noise(600, 1, 40, 0.3, 43);
    s.frame_time = 0.5;
    const auto whole = two_time(s);
    for (const std::size_t rows : {std::size_t{64}, std::size_t{75}, std::size_t{600}}) {
        io::MapFile file(folder / "map.h5", s.frames, s.frame_time, s.time_unit);
        two_time_rows(s, {.row_bytes = rows * s.frames * sizeof(double) / 4},
                      [&](const MapRows& block) { file.write_rows(block.first, block.count, block.values); });
        {
            const TwoTimeMap stored = file.take();
            ASSERT_TRUE(stored.on_disk);
            EXPECT_TRUE(stored.values.empty());
            const auto back = io::read_measured(folder / "map.h5", {});
            const auto& map = std::get<TwoTimeMap>(back.at(0).data.data);
            ASSERT_EQ(map.frames, s.frames);
            EXPECT_EQ(map.frame_time, 0.5);
            expect_same(map.values, whole.values);
            std::vector<double> some(300 * s.frames);
            for (const std::size_t first : {200UL, 0UL, 300UL}) {
                stored.on_disk->rows(first, 300, some.data());
                const auto* from = whole.values.data() + first * s.frames;
                EXPECT_TRUE(std::equal(some.begin(), some.end(), from)) << first;
            }
        }
        EXPECT_FALSE(std::filesystem::exists(folder / "map.h5"));  // it went with the last copy of the map
    }
}

}  // namespace
}  // namespace vitrum::analysis
