#include "vitrum/analysis/correlation/products/active_pixels.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

std::vector<std::uint32_t> active_pixels(const SpeckleSeries& s, std::int32_t region) {
    std::vector<std::uint32_t> pixels;
    for (std::size_t p = 0; p < s.pixels(); ++p) {
        if (!s.used.empty() && !s.used[p]) continue;
        if (region > 0 && (s.region.empty() || s.region[p] != region)) continue;
        pixels.push_back(static_cast<std::uint32_t>(p));
    }
    return pixels;
}

std::vector<std::uint32_t> in_patches(const SpeckleSeries& s, std::vector<std::uint32_t> pixels, std::size_t groups) {
    if (pixels.empty() || groups == 0) return pixels;
    const auto column = [&](std::uint32_t p) { return p % s.columns; };
    const auto by_column = [&](std::uint32_t a, std::uint32_t b) {
        return column(a) != column(b) ? column(a) < column(b) : a < b;
    };
    const auto [left, right] = std::minmax_element(
        pixels.begin(), pixels.end(), [&](std::uint32_t a, std::uint32_t b) { return column(a) < column(b); });
    const std::size_t rows = pixels.back() / s.columns - pixels.front() / s.columns + 1;
    const std::size_t columns = column(*right) - column(*left) + 1;
    // Bands of rows, each cut across into its share of the groups.
    const double square = std::sqrt(static_cast<double>(groups * rows) / static_cast<double>(columns));
    const auto bands =
        std::clamp<std::size_t>(static_cast<std::size_t>(std::llround(square)), 1, std::min(groups, rows));
    for (std::size_t band = 0; band < bands; ++band) {
        const auto border = [&](std::size_t b) {
            return pixels.begin() + static_cast<std::ptrdiff_t>(b * groups / bands * pixels.size() / groups);
        };
        std::sort(border(band), border(band + 1), by_column);
    }
    return pixels;
}

bool one_stretch(std::span<const std::uint32_t> pixels) {
    return pixels.back() - pixels.front() + 1 == pixels.size() && std::is_sorted(pixels.begin(), pixels.end());
}

std::int32_t region_count(const SpeckleSeries& s) {
    return s.region.empty() ? 0 : *std::max_element(s.region.begin(), s.region.end());
}

std::vector<double> lit_frame_sums(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels,
                                   std::int32_t region) {
    if (pixels.empty())
        throw InputError(fmt::format("no pixel takes part in region {}: the mask or region map leaves none", region));
    auto sums = frame_sums(s, pixels);
    if (std::all_of(sums.begin(), sums.end(), [](double v) { return v == 0; }))
        throw InputError("every frame is empty: there is nothing to correlate");
    return sums;
}

std::vector<std::int64_t> positions(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels) {
    std::vector<std::int64_t> place(s.pixels(), -1);
    for (std::size_t i = 0; i < pixels.size(); ++i) place[pixels[i]] = static_cast<std::int64_t>(i);
    return place;
}

namespace {

// Eight sums side by side: a fixed order, and a loop of vectors.
template <class Value>
double sum_of(std::size_t n, Value&& value) {
    std::array<double, 8> sums{};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (std::size_t k = 0; k < 8; ++k) sums[k] += value(i + k);
    for (; i < n; ++i) sums[0] += value(i);
    double sum = 0;
    for (const double v : sums) sum += v;
    return sum;
}

}  // namespace

std::vector<double> frame_sums(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels) {
    std::vector<double> sums(s.frames, 0.0);
    if (pixels.empty()) return sums;
    const bool contiguous = one_stretch(pixels);
    const auto place = s.sparse() && !contiguous ? positions(s, pixels) : std::vector<std::int64_t>{};
    for_each_block(s.frames, 16, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t f = first; f < last; ++f) {
            if (s.sparse()) {
                std::uint64_t sum = 0;
                if (contiguous)
                    for (std::size_t e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e)
                        sum += s.index[e] - pixels.front() < pixels.size() ? s.intensity[e] : 0;
                else
                    for (std::size_t e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e)
                        sum += place[s.index[e]] >= 0 ? s.intensity[e] : 0;
                sums[f] = static_cast<double>(sum);
                continue;
            }
            const float* row = s.counts.data() + f * s.pixels();
            sums[f] =
                contiguous
                    ? sum_of(pixels.size(),
                             [&, own = row + pixels.front()](std::size_t i) { return static_cast<double>(own[i]); })
                    : sum_of(pixels.size(), [&](std::size_t i) { return static_cast<double>(row[pixels[i]]); });
        }
    });
    return sums;
}

}  // namespace vitrum::analysis
