#include "vitrum/analysis/correlation/products/event_lists.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "tests/analysis/test_series.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/products/sparse_products.hpp"

namespace vitrum::analysis {
namespace {

using test::sparse_twin;
using test::white_noise;
using Values = std::vector<double>;

Values row_of(const EventLists& lists, std::size_t i, std::size_t frames) {
    Values out(frames - i, 0.0);
    EventLists::Row work;
    lists.add_row(i, work, out.data());
    return out;
}

Values naive_row(const SpeckleSeries& dense, const std::vector<std::uint32_t>& pixels, std::size_t i) {
    Values out;
    for (std::size_t j = i; j < dense.frames; ++j) {
        double sum = 0;
        for (const auto p : pixels) sum += test::count(dense, i, p) * test::count(dense, j, p);
        out.push_back(sum);
    }
    return out;
}

// Faint frames go photon by photon, where events of two and three photons stand several times; brighter ones event by
// event. Both are sums of integers: equal to the last bit.
TEST(EventLists, PhotonByPhotonOrEventByEvent) {
    for (const double mean : {0.02, 0.1, 1.5}) {
        const auto dense = white_noise(120, 1, 2000, mean, 17);
        const auto events = sparse_twin(dense);
        if (mean < 1) {
            ASSERT_GT(*std::max_element(events.intensity.begin(), events.intensity.end()), 1U) << mean;
        }
        const auto pixels = active_pixels(dense, 0);
        const EventLists lists(events, pixels, {0, pixels.size()});
        for (const std::size_t i : {0UL, 57UL, 119UL})
            EXPECT_EQ(row_of(lists, i, dense.frames), naive_row(dense, pixels, i)) << mean << " frame " << i;
        // 6 bytes per photon, 8 per event; an end of 2 or 4 bytes per pixel, 20 bytes per frame.
        const double each = static_cast<double>(lists.bytes() - 20 * dense.frames) /
                            static_cast<double>(events.index.size() + pixels.size());
        EXPECT_LT(each, 8.1) << mean;
        if (mean < 1) {
            EXPECT_LT(each, 6.8) << mean;
        } else {
            EXPECT_GT(each, 7) << mean;
        }
    }
}

// One bright pixel among faint ones: its photons are not counted one by one, be they 2^32 in all.
TEST(EventLists, ABrightPixelIsNotCountedPhotonByPhoton) {
    for (const float level : {60000.0F, 0x1p24F}) {
        auto dense = white_noise(256, 1, 3000, 0.02, 3);
        for (std::size_t f = 0; f < dense.frames; ++f) dense.counts[f * 3000 + 1234] = level;
        const auto events = sparse_twin(dense);
        const auto pixels = active_pixels(dense, 0);
        const EventLists lists(events, pixels, {0, pixels.size()});
        const std::size_t each = level < 65536 ? 8 : 12;
        EXPECT_LT(lists.bytes(), each * events.index.size() + (each - 4) * pixels.size() + 20 * dense.frames + 100);
        EXPECT_EQ(row_of(lists, 100, dense.frames), naive_row(dense, pixels, 100));
    }
}

// Frames whose number does not fit into 16 bits, and those that just do.
TEST(EventLists, LongRuns) {
    for (const std::size_t frames : {65534UL, 65535UL, 65536UL, 65537UL, 70000UL})
        for (const double mean : {0.05, 2.0}) {
            auto dense = white_noise(frames, 1, 3, mean, 5);
            std::fill_n(dense.counts.end() - 7 * 3, 7 * 3, 1.0F);
            const auto events = sparse_twin(dense);
            const auto pixels = active_pixels(dense, 0);
            const std::size_t from = frames - 5000;
            const EventLists lists(events, pixels, {0, 3}, from);
            for (const std::size_t i : {from, frames - 10, frames - 1})
                ASSERT_EQ(row_of(lists, i, frames), naive_row(dense, pixels, i)) << frames << " " << i;
        }
}

// Enough events for several slices of pixels, filled side by side: every thread number, and frames whose events are
// not sorted, give the same sums. Masked pixels lie between those that take part.
TEST(EventLists, SlicesAreTheWhole) {
    auto dense = white_noise(500, 1, 40000, 0.12, 29);
    dense.used.assign(40000, 1);
    for (std::size_t p = 0; p < 40000; p += 7) dense.used[p] = 0;
    const auto events = sparse_twin(dense);
    ASSERT_GT(events.index.size(), std::size_t{1} << 21);
    auto unsorted = events;
    for (std::size_t f = 0; f < dense.frames; ++f) {
        const auto first = static_cast<std::ptrdiff_t>(events.frame_ptr[f]);
        const auto last = static_cast<std::ptrdiff_t>(events.frame_ptr[f + 1]);
        std::reverse(unsorted.index.begin() + first, unsorted.index.begin() + last);
        std::reverse(unsorted.intensity.begin() + first, unsorted.intensity.begin() + last);
    }
    const auto pixels = active_pixels(dense, 0);
    for (const auto& s : {events, unsorted})
        for (const std::size_t threads : {1UL, 2UL}) {
            const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
            const EventLists lists(s, pixels, {0, pixels.size()});
            for (const std::size_t i : {0UL, 250UL, 499UL})
                EXPECT_EQ(row_of(lists, i, dense.frames), naive_row(dense, pixels, i)) << threads << " " << i;
        }
}

}  // namespace
}  // namespace vitrum::analysis
