#include "report/map_figure.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "report/palette.hpp"

namespace vitrum::report {

namespace {

double without_diagonal(const TwoTimeMap& map, std::size_t i, std::size_t j) {
    if (i != j || map.diagonal_valid || map.frames < 2) return map(i, j);
    const double before = i > 0 ? map(i - 1, i) : map(i, i + 1);
    const double after = i + 1 < map.frames ? map(i, i + 1) : before;
    return (before + after) / 2;
}

}  // namespace

bool drawable(const TwoTimeMap& map) { return map.frames > 0 && map.values.size() == map.frames * map.frames; }

Thumbnail shrink(const TwoTimeMap& map, std::size_t most_cells) {
    Thumbnail small;
    small.block = (map.frames + most_cells - 1) / most_cells;
    small.cells = (map.frames + small.block - 1) / small.block;
    small.cell = static_cast<double>(small.block) * map.frame_time;
    small.extent = static_cast<double>(map.frames) * map.frame_time;
    small.unit = map.time_unit;
    small.values.resize(small.cells * small.cells);
    for (std::size_t row = 0; row < small.cells; ++row)
        for (std::size_t column = 0; column < small.cells; ++column) {
            double sum = 0;
            std::size_t known = 0;
            for (std::size_t i = row * small.block; i < std::min((row + 1) * small.block, map.frames); ++i)
                for (std::size_t j = column * small.block; j < std::min((column + 1) * small.block, map.frames); ++j) {
                    const double value = without_diagonal(map, i, j);
                    if (!std::isfinite(value)) continue;
                    sum += value;
                    ++known;
                }
            small.values[row * small.cells + column] =
                known ? static_cast<float>(sum / static_cast<double>(known)) : std::numeric_limits<float>::quiet_NaN();
        }
    return small;
}

Range colour_range(const Thumbnail& thumbnail) {
    std::vector<double> off;
    std::vector<double> beside;
    for (std::size_t i = 0; i < thumbnail.cells; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            off.push_back(thumbnail.values[i * thumbnail.cells + j]);
            if (i == j + 1) beside.push_back(off.back());
        }
    if (off.empty()) off.assign(thumbnail.values.begin(), thumbnail.values.end());
    Range range;
    range.include(percentile(off, 0.01));
    range.include(percentile(off, 0.99));
    range.include(percentile(beside, 0.5));
    if (range.empty()) return {0, 1};
    return range.low < range.high ? range : padded(range, 0);
}

Plot map_figure(const Thumbnail& thumbnail, const Range& colours, int width) {
    Plot plot;
    plot.picture = Picture::png;
    plot.width = width;
    plot.font_size = width < 800 ? 20.5 : 21.5;
    // A square field in fixed margins, in pixels: tics and labels left and below, the colour bar right.
    const double left = 118;
    const double right = 205;
    const double below = 112;
    const double above = 22;
    const double side = width - left - right;
    plot.height = static_cast<int>(std::lround(side + below + above));
    const auto x = [&](double pixels) { return pixels / plot.width; };
    const auto y = [&](double pixels) { return pixels / plot.height; };

    const auto [factor, unit] = time_axis(thumbnail.extent, thumbnail.unit);
    const double extent = thumbnail.extent * factor;
    const double cell = thumbnail.cell * factor;
    std::string bytes(thumbnail.values.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), thumbnail.values.data(), bytes.size());
    plot.files.emplace_back("map.bin", std::move(bytes));

    const int intervals = width < 800 ? 4 : 6;
    plot.script =
        viridis_palette() +
        fmt::format(
            "set lmargin at screen {:.6f}\nset rmargin at screen {:.6f}\n"
            "set bmargin at screen {:.6f}\nset tmargin at screen {:.6f}\n",
            x(left), x(left + side), y(below), y(below + side)) +
        linear_axis('x', {0, extent}, intervals) + linear_axis('y', {0, extent}, intervals) +
        fmt::format(
            "set cbrange [{:.12g}:{:.12g}]\nset cbtics {:.12g}\n"
            "set colorbox user origin screen {:.6f},{:.6f} size screen {:.6f},{:.6f}\n",
            colours.low, colours.high, round_step(colours, 5), x(left + side + 18), y(below), x(24), y(side)) +
        fmt::format("set xlabel {}\n", gnuplot_string("t₁ [" + unit + "]")) +
        upright_label(1, "t₂ [" + unit + "]", x(18), y(below + side / 2)) +
        upright_label(2, "C(t₁, t₂)", x(width - 18), y(below + side / 2)) +
        "set tics out nomirror scale 0.5\nset cbtics out scale 0.5\nset border 15 linewidth 0.7\nunset key\n" +
        fmt::format(
            "plot 'map.bin' binary array=({0},{0}) format='%float' dx={1:.12g} dy={1:.12g} "
            "origin=({2:.12g},{2:.12g}) with image\n",
            thumbnail.cells, cell, cell / 2);
    return plot;
}

}  // namespace vitrum::report
