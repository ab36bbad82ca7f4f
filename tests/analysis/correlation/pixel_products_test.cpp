#include "vitrum/analysis/correlation/products/pixel_products.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/analysis/test_series.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/products/dense_products.hpp"
#include "vitrum/analysis/correlation/products/sparse_products.hpp"
#include "vitrum/core/stream.hpp"

namespace vitrum::analysis {
namespace {

using test::sparse_twin;
using test::white_noise;
using Values = std::vector<double>;

// The definition in wide integers, which no order of sums can change.
Values naive(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels) {
    Values out(s.frames * s.frames, 0.0);
    for (std::size_t i = 0; i < s.frames; ++i)
        for (std::size_t j = i; j < s.frames; ++j) {
            __extension__ unsigned __int128 sum = 0;
            for (const auto p : pixels)
                sum +=
                    static_cast<std::uint64_t>(test::count(s, i, p)) * static_cast<std::uint64_t>(test::count(s, j, p));
            out[i * s.frames + j] = static_cast<double>(sum);
        }
    return out;
}

Values products(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels) {
    TwoTimeMap map;
    map.frames = s.frames;
    map.values.assign(s.frames * s.frames, 0.0);
    add_pixel_products(s, pixels, map);
    return map.values;
}

// Noise with a frame and some pixels empty, a mask, two regions, and the given count here and there.
SpeckleSeries mixture(std::size_t frames, std::size_t pixels, float rare, double mean = 0.4) {
    SpeckleSeries s = white_noise(frames, 1, pixels, mean, 5);
    Stream stream({7, 0, 0}, Purpose::test, 0);
    s.used.assign(pixels, 1);
    s.region.assign(pixels, 1);
    for (std::size_t p = 0; p < pixels; ++p) {
        if (p % 11 == 3) s.used[p] = 0;
        if (p % 3 == 0) s.region[p] = 2;
        for (std::size_t f = 0; f < frames; ++f) {
            float& v = s.counts[f * pixels + p];
            if (p % 13 == 5) v = 0;
            if (p % 7 == 2 && stream() % 5 == 0) v = rare;
        }
    }
    if (frames > 4) std::fill_n(s.counts.begin() + static_cast<std::ptrdiff_t>(3 * pixels), pixels, 0.0F);
    return s;
}

class ExactProducts : public testing::TestWithParam<float> {};

// Every way a pixel can go, in every kernel that this processor runs, to the bit.
TEST_P(ExactProducts, OfCounts) {
    for (const auto& [frames, pixels] : {std::pair<std::size_t, std::size_t>{1, 1}, {2, 17}, {61, 300}, {250, 1601}}) {
        const SpeckleSeries s = mixture(frames, pixels, GetParam());
        const SpeckleSeries events = sparse_twin(s);
        for (const std::int32_t region : {0, 1, 2}) {
            const auto list = active_pixels(s, region);
            if (list.empty()) continue;
            const Values truth = naive(s, list);
            EXPECT_EQ(products(s, list), truth) << frames << " frames, region " << region;
            EXPECT_EQ(products(events, list), truth) << frames << " frames, region " << region << ", events";
            for (std::size_t k = 0; k < kernels::product_kernel_sets(); ++k) {
                Values out(frames * frames, 0.0);
                add_dense_products(s, list, 0, frames, out.data(), frames, kernels::product_kernel_set(k));
                EXPECT_EQ(out, truth) << kernels::product_kernel_set(k).name;
            }
        }
    }
}
INSTANTIATE_TEST_SUITE_P(Counts, ExactProducts, testing::Values(0, 1, 127, 128, 255, 256, 65535, 70000, 4e6F),
                         [](const auto& one) { return std::to_string(static_cast<int>(one.param)); });

// Bright pixels everywhere: bytes are given up, floats in blocks of 256 pixels hold 255^2 each.
TEST(PixelProducts, AreExactWhereEveryPixelIsBright) {
    for (const float level : {127.0F, 255.0F, 65535.0F}) {
        SpeckleSeries s = white_noise(30, 1, 2000, 0.2, 3);
        for (float& v : s.counts) v = v == 0 ? level : level - 1;
        const auto list = active_pixels(s, 0);
        EXPECT_EQ(products(s, list), naive(s, list)) << level;
        EXPECT_EQ(products(sparse_twin(s), list), naive(s, list)) << level;
    }
}

// More than 2^31 in one sum: 127^2 x 140000 pixels.
TEST(PixelProducts, DoNotWrap) {
    SpeckleSeries s;
    s.frames = 2;
    s.rows = 1;
    s.columns = 140000;
    s.counts.assign(2 * s.columns, 127.0F);
    EXPECT_EQ(products(s, active_pixels(s, 0)),
              (Values{140000.0 * 127 * 127, 140000.0 * 127 * 127, 0, 140000.0 * 127 * 127}));
}

// Bound of the header: 256 * 2^-24 of a sum; rounding errors that are independent stay far below it.
TEST(PixelProducts, OfIntensitiesKeepTheirDigits) {
    SpeckleSeries s = white_noise(100, 1, 5000, 3, 11);
    Stream stream({9, 0, 0}, Purpose::test, 0);
    for (float& v : s.counts) v += static_cast<float>(stream()) * 0x1p-33F;
    const auto list = active_pixels(s, 0);
    for (std::size_t k = 0; k < kernels::product_kernel_sets(); ++k) {
        Values out(100 * 100, 0.0);
        add_dense_products(s, list, 0, 100, out.data(), 100, kernels::product_kernel_set(k));
        double worst = 0;
        for (std::size_t i = 0; i < 100; ++i)
            for (std::size_t j = i; j < 100; ++j) {
                double sum = 0;
                for (const auto p : list) sum += test::count(s, i, p) * test::count(s, j, p);
                worst = std::max(worst, std::abs(out[i * 100 + j] / sum - 1));
            }
        EXPECT_LT(worst, 1e-6) << kernels::product_kernel_set(k).name;
        EXPECT_GT(worst, 1e-12) << "whole numbers would be exact: the test has none";
    }
}

TEST(PixelProducts, GiveTheSameBitsForAnyNumberOfThreads) {
    SpeckleSeries s = mixture(400, 3000, 300);
    for (std::size_t i = 0; i < s.counts.size(); i += 3) s.counts[i] *= 0.37F;
    const auto list = active_pixels(s, 0);
    const SpeckleSeries events = sparse_twin(mixture(400, 3000, 300));
    const auto with = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return std::pair{products(s, list), products(events, list)};
    };
    EXPECT_EQ(with(1), with(2));
}

// Rows by themselves, and events in many small blocks of pixels, are the rows of the whole.
TEST(PixelProducts, InPartsAreTheWhole) {
    const SpeckleSeries s = mixture(130, 900, 200);
    SpeckleSeries events = sparse_twin(s);
    // Files need not sort a frame's events.
    for (std::size_t f = 0; f < s.frames; f += 2) {
        const auto first = static_cast<std::ptrdiff_t>(events.frame_ptr[f]);
        const auto last = static_cast<std::ptrdiff_t>(events.frame_ptr[f + 1]);
        std::reverse(events.index.begin() + first, events.index.begin() + last);
        std::reverse(events.intensity.begin() + first, events.intensity.begin() + last);
    }
    const auto list = active_pixels(s, 1);
    const Values truth = naive(s, list);
    for (const std::size_t rows : {7UL, 48UL, 130UL}) {
        Values dense(truth.size(), 0.0);
        Values sparse(truth.size(), 0.0);
        for (std::size_t first = 0; first < s.frames; first += rows) {
            const std::size_t last = std::min(first + rows, s.frames);
            add_product_rows(s, list, first, last, dense.data() + first * s.frames, s.frames);
            add_sparse_products(events, list, first, last, sparse.data() + first * s.frames, s.frames, 4000);
        }
        EXPECT_EQ(dense, truth) << rows;
        EXPECT_EQ(sparse, truth) << rows;
    }
    EXPECT_GT(pixel_blocks(events, list, 4000).size(), 10U);
}

}  // namespace
}  // namespace vitrum::analysis
