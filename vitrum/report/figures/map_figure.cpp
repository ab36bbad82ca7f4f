#include "vitrum/report/figures/map_figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "vitrum/report/figures/trace_figure.hpp"
#include "vitrum/report/page/number_text.hpp"
#include "vitrum/report/page/palette.hpp"

namespace vitrum::report {

namespace {

// Entry j of row i; the map is symmetric.
double without_diagonal(const TwoTimeMap& map, const double* row, std::size_t i, std::size_t j) {
    if (i != j || map.diagonal_valid || map.frames < 2) return row[j];
    const double before = i > 0 ? row[i - 1] : row[i + 1];
    const double after = i + 1 < map.frames ? row[i + 1] : before;
    return (before + after) / 2;
}

constexpr double panel_height = 180;  // pixels of the picture
constexpr double panel_gap = 52;      // above a panel, for its name
constexpr std::size_t most_points = 900;

// Large and small values in powers of a thousand, so that their numbers fit beside the panel.
int thousands(const Range& values) {
    const double most = std::max(std::abs(values.low), std::abs(values.high));
    return most > 0 && (most >= 1e4 || most < 1e-2) ? 3 * static_cast<int>(std::floor(std::log10(most) / 3)) : 0;
}

std::string power_of_ten(int exponent) {
    constexpr std::array digits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string text = exponent < 0 ? "10⁻" : "10";
    for (const char c : fmt::format("{}", std::abs(exponent))) text += digits.at(static_cast<std::size_t>(c - '0'));
    return text;
}

// The commands that draw a trace into the margins that are set, and its data. A blank line ends a stretch without gaps.
std::string trace_panel(Plot& plot, const TimeSeries& trace, const std::string& file, double factor) {
    Range values;
    for (const double v : trace.value) values.include(v);
    const int exponent = thousands(values);
    const double scale = std::pow(10.0, -exponent);
    values = {values.low * scale, values.high * scale};
    std::string columns;
    const std::size_t stride = (trace.time.size() + most_points - 1) / most_points;
    for (std::size_t k = 0; k < trace.time.size(); k += stride)
        columns += std::isfinite(trace.value[k])
                       ? fmt::format("{:.9g} {:.9g}\n", trace.time[k] * factor, trace.value[k] * scale)
                       : std::string("\n");
    plot.files.emplace_back(file, columns);
    std::string name = trace.name;
    std::replace(name.begin(), name.end(), '_', ' ');
    std::string unit = display_unit(trace.unit);
    if (exponent != 0) unit = power_of_ten(exponent) + (unit.empty() ? "" : " ") + unit;
    return linear_axis('y', padded(values, 0.08), 3) + "set label 1 " +
           gnuplot_string(unit.empty() ? name : name + " [" + unit + "]") + " at graph 0, graph 1.2 left\n" +
           fmt::format("plot '{}' using 1:2 with lines linewidth 1.6 linecolor rgb '{}'\n", file, data_colour);
}

}  // namespace

bool drawable(const TwoTimeMap& map) {
    return map.frames > 0 && (map.on_disk || map.values.size() == map.frames * map.frames);
}

Thumbnail shrink(const TwoTimeMap& map, std::size_t most_cells) {
    Thumbnail small;
    small.block = (map.frames + most_cells - 1) / most_cells;
    small.cells = (map.frames + small.block - 1) / small.block;
    small.cell = static_cast<double>(small.block) * map.frame_time;
    small.extent = static_cast<double>(map.frames) * map.frame_time;
    small.unit = map.time_unit;
    small.values.resize(small.cells * small.cells);
    std::vector<double> read(map.on_disk ? small.block * map.frames : 0);
    for (std::size_t row = 0; row < small.cells; ++row) {
        const std::size_t first = row * small.block;
        const std::size_t last = std::min(first + small.block, map.frames);
        if (map.on_disk) map.on_disk->rows(first, last - first, read.data());
        const double* rows = map.on_disk ? read.data() : map.values.data() + first * map.frames;
        for (std::size_t column = 0; column < small.cells; ++column) {
            double sum = 0;
            std::size_t known = 0;
            for (std::size_t i = first; i < last; ++i)
                for (std::size_t j = column * small.block; j < std::min((column + 1) * small.block, map.frames); ++j) {
                    const double value = without_diagonal(map, rows + (i - first) * map.frames, i, j);
                    if (!std::isfinite(value)) continue;
                    sum += value;
                    ++known;
                }
            small.values[row * small.cells + column] =
                known ? static_cast<float>(sum / static_cast<double>(known)) : std::numeric_limits<float>::quiet_NaN();
        }
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

std::vector<TimeSeries> traces_on_axis(const std::vector<TimeSeries>& traces, const TwoTimeMap& map) {
    std::vector<TimeSeries> found;
    const auto on_axis = [&](const TimeSeries& trace) {
        if (!drawable(trace) || trace.time.size() != map.frames) return false;
        for (std::size_t f = 0; f < map.frames; ++f)
            if (std::abs(trace.time[f] - static_cast<double>(f) * map.frame_time) > 1e-6 * map.frame_time) return false;
        return true;
    };
    std::copy_if(traces.begin(), traces.end(), std::back_inserter(found), on_axis);
    return found;
}

Plot map_figure(const Thumbnail& thumbnail, const Range& colours, int width, const std::vector<TimeSeries>& traces) {
    Plot plot;
    plot.picture = Picture::png;
    plot.width = width;
    plot.font_size = width < 800 ? 20.5 : 21.5;
    // A square field in fixed margins, in pixels: tics and labels left and below, the colour bar right, and between the
    // map and its time axis the panels of the traces.
    const double left = 118;
    const double right = 205;
    const double below = 112;
    const double above = 22;
    const double side = width - left - right;
    const double panels = panel_height * static_cast<double>(traces.size());
    plot.height = static_cast<int>(std::lround(side + below + above + panels));
    const auto x = [&](double pixels) { return pixels / plot.width; };
    const auto y = [&](double pixels) { return pixels / plot.height; };
    const double floor = below + panels;  // of the map

    const auto [factor, unit] = time_axis(thumbnail.extent, thumbnail.unit);
    const double extent = thumbnail.extent * factor;
    const double cell = thumbnail.cell * factor;
    std::string bytes(thumbnail.values.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), thumbnail.values.data(), bytes.size());
    plot.files.emplace_back("map.bin", std::move(bytes));

    const int intervals = width < 800 ? 4 : 6;
    const std::string time_label = fmt::format("set xlabel {}\n", gnuplot_string("t₁ [" + unit + "]"));
    plot.script =
        viridis_palette() + (traces.empty() ? "" : "set multiplot\n") +
        fmt::format(
            "set lmargin at screen {:.6f}\nset rmargin at screen {:.6f}\n"
            "set bmargin at screen {:.6f}\nset tmargin at screen {:.6f}\n",
            x(left), x(left + side), y(floor), y(floor + side)) +
        linear_axis('x', {0, extent}, intervals) + linear_axis('y', {0, extent}, intervals) +
        fmt::format(
            "set cbrange [{:.12g}:{:.12g}]\nset cbtics {:.12g}\n"
            "set colorbox user origin screen {:.6f},{:.6f} size screen {:.6f},{:.6f}\n",
            colours.low, colours.high, round_step(colours, 5), x(left + side + 18), y(floor), x(24), y(side)) +
        (traces.empty() ? time_label : "set format x ''\n") +
        upright_label(1, "t₂ [" + unit + "]", x(18), y(floor + side / 2)) +
        upright_label(2, "C(t₁, t₂)", x(width - 18), y(floor + side / 2)) +
        "set tics out nomirror scale 0.5\nset cbtics out scale 0.5\nset border 15 linewidth 0.7\nunset key\n" +
        fmt::format(
            "plot 'map.bin' binary array=({0},{0}) format='%float' dx={1:.12g} dy={1:.12g} "
            "origin=({2:.12g},{2:.12g}) with image\n",
            thumbnail.cells, cell, cell / 2);
    if (traces.empty()) return plot;
    plot.script += "unset label\n";
    for (std::size_t i = 0; i < traces.size(); ++i) {
        const bool last = i + 1 == traces.size();
        const double bottom = below + panel_height * static_cast<double>(traces.size() - 1 - i);
        plot.script += fmt::format("set bmargin at screen {:.6f}\nset tmargin at screen {:.6f}\n", y(bottom),
                                   y(bottom + panel_height - panel_gap)) +
                       (last ? "set format x '%g'\n" + time_label : "") +
                       trace_panel(plot, traces[i], fmt::format("trace{}.txt", i), factor);
    }
    plot.script += "unset multiplot\n";
    return plot;
}

}  // namespace vitrum::report
