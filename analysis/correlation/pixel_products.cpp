#include "analysis/correlation/pixel_products.hpp"

#include <algorithm>
#include <mutex>

#include <Eigen/Core>

#include "analysis/correlation/active_pixels.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"

namespace vitrum::analysis {

namespace {

// Fixed tiles: the sums of a tile never depend on who computes it.
constexpr std::size_t tile_frames = 192;
constexpr std::size_t tile_pixels = 1024;
using Tile = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Eigen's blocking follows the machine's caches unless it is told; told once, the bits do not.
void fix_eigen_blocking() {
    static std::once_flag once;
    std::call_once(once, [] { Eigen::setCpuCacheSizes(32768, 524288, 8388608); });
}

void load(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, std::size_t frame, std::size_t frames,
          std::size_t first, std::size_t count, Tile& tile) {
    tile.resize(static_cast<Eigen::Index>(frames), static_cast<Eigen::Index>(count));
    for (std::size_t f = 0; f < frames; ++f) {
        const float* row = s.counts.data() + (frame + f) * s.pixels();
        double* out = tile.data() + f * count;
        for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<double>(row[pixels[first + i]]);
    }
}

// Upper triangle of sum_p I_p(i) I_p(j), tile by tile.
void dense_products(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, TwoTimeMap& map) {
    fix_eigen_blocking();
    const std::size_t tiles = (s.frames + tile_frames - 1) / tile_frames;
    for_each_block(tiles * tiles, 1, [&](std::size_t t, std::size_t, std::size_t) {
        const std::size_t a = t / tiles;
        const std::size_t b = t % tiles;
        if (b < a) return;
        check_interrupt();
        const std::size_t first_a = a * tile_frames;
        const std::size_t first_b = b * tile_frames;
        const std::size_t rows = std::min(tile_frames, s.frames - first_a);
        const std::size_t columns = std::min(tile_frames, s.frames - first_b);
        Tile sum = Tile::Zero(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
        Tile left;
        Tile right;
        for (std::size_t first = 0; first < pixels.size(); first += tile_pixels) {
            const std::size_t count = std::min(tile_pixels, pixels.size() - first);
            load(s, pixels, first_a, rows, first, count, left);
            load(s, pixels, first_b, columns, first, count, right);
            sum.noalias() += left * right.transpose();
        }
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = 0; j < columns; ++j)
                map(first_a + i, first_b + j) = sum(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
    });
}

// The same sums from events: each photon of a frame meets the later photons of its pixel.
void sparse_products(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, TwoTimeMap& map) {
    const auto place = positions(s, pixels);
    std::vector<std::size_t> begin(pixels.size() + 1, 0);
    for (const auto p : s.index)
        if (place[p] >= 0) ++begin[static_cast<std::size_t>(place[p]) + 1];
    for (std::size_t i = 0; i < pixels.size(); ++i) begin[i + 1] += begin[i];
    struct Event {
        std::uint32_t frame;
        std::uint32_t count;
    };
    std::vector<Event> events(begin.back());
    std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
    std::vector<std::size_t> own(s.index.size(), 0);  // where each event went in its pixel's list
    for (std::size_t f = 0; f < s.frames; ++f)
        for (std::size_t e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e)
            if (const auto i = place[s.index[e]]; i >= 0) {
                own[e] = next[static_cast<std::size_t>(i)];
                events[next[static_cast<std::size_t>(i)]++] = {static_cast<std::uint32_t>(f), s.intensity[e]};
            }
    for_each_block(s.frames, 16, [&](std::size_t, std::size_t first, std::size_t last) {
        check_interrupt();
        for (std::size_t f = first; f < last; ++f) {
            double* row = map.values.data() + f * s.frames;
            for (std::size_t e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e) {
                const auto i = place[s.index[e]];
                if (i < 0) continue;
                for (std::size_t k = own[e]; k < begin[static_cast<std::size_t>(i) + 1]; ++k)
                    row[events[k].frame] += static_cast<double>(s.intensity[e]) * events[k].count;
            }
        }
    });
}

}  // namespace

void add_pixel_products(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels, TwoTimeMap& map) {
    if (s.sparse())
        sparse_products(s, pixels, map);
    else
        dense_products(s, pixels, map);
}

}  // namespace vitrum::analysis
