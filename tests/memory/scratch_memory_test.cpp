// Bytes that the correlators hold beyond their input and output, counted at operator new: exact, whatever else the
// machine does. The sizes are large enough for every buffer that has a limit to reach it.
#include <atomic>
#include <cstdlib>
#include <new>

#include <boost/random/geometric_distribution.hpp>
#include <gtest/gtest.h>
#include <malloc.h>
#include <tbb/global_control.h>

#include "vitrum/analysis/chain/streamed_map.hpp"
#include "vitrum/analysis/correlation/multi_tau/multi_tau.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/core/stream.hpp"

namespace {

std::atomic<std::size_t> held = 0;
std::atomic<std::size_t> most = 0;

void* counted(void* p) {
    if (!p) throw std::bad_alloc();
    const std::size_t now = held += malloc_usable_size(p);
    for (std::size_t seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    return p;
}

void release(void* p) {
    if (p) held -= malloc_usable_size(p);
    std::free(p);
}

}  // namespace

void* operator new(std::size_t n) { return counted(std::malloc(n)); }
void* operator new(std::size_t n, std::align_val_t alignment) {
    const auto a = static_cast<std::size_t>(alignment);
    return counted(std::aligned_alloc(a, (n + a - 1) / a * a));
}
void operator delete(void* p) noexcept { release(p); }
void operator delete(void* p, std::size_t) noexcept { release(p); }
void operator delete(void* p, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { release(p); }

namespace vitrum::analysis {
namespace {

constexpr double limit = 64e6;

// Most bytes held at once during work(), beyond those held before.
template <class Work>
double bytes_of(Work&& work) {
    const std::size_t before = held;
    most = before;
    work();
    return static_cast<double>(most - before);
}

SpeckleSeries dense(std::size_t frames, std::size_t pixels, float scale) {
    SpeckleSeries s;
    s.frames = frames;
    s.rows = 1;
    s.columns = pixels;
    s.counts.resize(frames * pixels);
    for (std::size_t i = 0; i < s.counts.size(); ++i)
        s.counts[i] = scale * static_cast<float>((i * 2654435761U >> 7) % 11);
    return s;
}

SpeckleSeries events(std::size_t frames, std::size_t pixels, double rate) {
    SpeckleSeries s;
    s.frames = frames;
    s.rows = 1;
    s.columns = pixels;
    s.frame_ptr = {0};
    Stream stream({1, 0, 0}, Purpose::test, 0);
    boost::random::geometric_distribution<std::int64_t, double> gap(rate);
    for (std::size_t f = 0; f < frames; ++f) {
        for (auto p = static_cast<std::size_t>(gap(stream)); p < pixels;
             p += 1 + static_cast<std::size_t>(gap(stream))) {
            s.index.push_back(static_cast<std::uint32_t>(p));
            s.intensity.push_back(1);
        }
        s.frame_ptr.push_back(s.index.size());
    }
    return s;
}

double bytes_of_map(std::size_t frames) { return static_cast<double>(frames * frames * sizeof(double)); }

// Counts as bytes, counts as floats, intensities as floats, and counts as doubles.
TEST(ScratchMemory, DenseFrames) {
    const tbb::global_control two(tbb::global_control::max_allowed_parallelism, 2);
    for (const float scale : {1.0F, 20.0F, 0.37F, 100.0F}) {
        const auto s = dense(300, 80000, scale);
        EXPECT_LT(bytes_of([&] { (void)two_time(s); }) - bytes_of_map(s.frames), limit) << scale;
        EXPECT_LT(bytes_of([&] { (void)multi_tau(s); }), limit) << scale;
    }
}

TEST(ScratchMemory, RowsOfDenseFrames) {
    const tbb::global_control two(tbb::global_control::max_allowed_parallelism, 2);
    const auto s = dense(2200, 3000, 0.37F);
    EXPECT_LT(bytes_of([&] { two_time_rows(s, {}, [](const MapRows&) {}); }), limit);
}

// 6 million events; the triangle of the output is the caller's.
TEST(ScratchMemory, Events) {
    const tbb::global_control two(tbb::global_control::max_allowed_parallelism, 2);
    const auto s = events(6000, 100000, 0.01);
    std::vector<float> triangle(s.frames * (s.frames + 1) / 2);
    EXPECT_LT(bytes_of([&] { two_time_triangle(s, {}, triangle); }), limit);
    EXPECT_LT(bytes_of([&] { two_time_rows(s, {}, [](const MapRows&) {}); }), limit);
    EXPECT_LT(bytes_of([&] { (void)multi_tau(s); }), limit);
}

// More events than one pass takes: a limit on the lists is kept.
TEST(ScratchMemory, EventsInPasses) {
    const tbb::global_control two(tbb::global_control::max_allowed_parallelism, 2);
    const auto s = events(1500, 100000, 0.07);
    ASSERT_GT(s.index.size(), 10000000U);
    EXPECT_LT(bytes_of([&] { (void)two_time(s); }) - bytes_of_map(s.frames), limit);
}

}  // namespace
}  // namespace vitrum::analysis
