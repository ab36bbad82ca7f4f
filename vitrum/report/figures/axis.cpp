#include "vitrum/report/figures/axis.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "vitrum/core/units.hpp"
#include "vitrum/report/page/gnuplot.hpp"
#include "vitrum/report/page/number_text.hpp"
#include "vitrum/report/page/palette.hpp"

namespace vitrum::report {

namespace {

// 0.001 ... 1000 in full, powers of ten beyond.
std::string tic_label(int mantissa, int exponent) {
    if (exponent < -3 || exponent > 3)
        return mantissa == 1 ? power_of_ten(exponent) : fmt::format("{} × {}", mantissa, power_of_ten(exponent));
    return fmt::format("{:g}", mantissa * std::pow(10.0, exponent));
}

}  // namespace

Range padded(Range range, double share) {
    if (range.empty()) return {0, 1};
    double room = share * (range.high - range.low);
    if (!(room > 1e-12 * std::max(std::abs(range.low), std::abs(range.high))))
        room = range.high != 0 ? 0.1 * std::abs(range.high) : 1.0;
    return {range.low - room, range.high + room};
}

Range padded_log(Range range, double share) {
    const Range logs = padded({std::log(range.low), std::log(range.high)}, share);
    return {std::exp(logs.low), std::exp(logs.high)};
}

double percentile(std::vector<double> values, double p) {
    std::erase_if(values, [](double x) { return !std::isfinite(x); });
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    const auto rank = static_cast<std::ptrdiff_t>(std::lround(p * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
}

std::string range_command(char axis, const Range& range) {
    return fmt::format("set {}range [{:.12g}:{:.12g}]\n", axis, range.low, range.high);
}

std::string log_axis(char axis, const Range& range, bool labels) {
    const int first = static_cast<int>(std::floor(std::log10(range.low)));
    const int last = static_cast<int>(std::ceil(std::log10(range.high)));
    const double decades = std::log10(range.high / range.low);
    const int stride = decades > 8 ? 2 : 1;
    std::string tics;
    const auto add = [&](int mantissa, int exponent, bool major) {
        const double at = mantissa * std::pow(10.0, exponent);
        if (at < range.low * (1 - 1e-9) || at > range.high * (1 + 1e-9)) return;
        tics += fmt::format("{}{} {:.12g} {}", tics.empty() ? "" : ", ",
                            major && labels ? gnuplot_string(tic_label(mantissa, exponent)) : std::string("''"), at,
                            major ? 0 : 1);
    };
    for (int exponent = first; exponent <= last; ++exponent)
        for (int mantissa = 1; mantissa <= 9; ++mantissa) {
            const bool decade = mantissa == 1 && exponent % stride == 0;
            const bool between = (decades < 2 && (mantissa == 2 || mantissa == 5)) || decades < 0.5;
            add(mantissa, exponent, decade || between);
        }
    return fmt::format("set logscale {0}\n", axis) + range_command(axis, range) +
           fmt::format("set {}tics ({})\n", axis, tics);
}

double round_step(const Range& range, int intervals) {
    const double rough = (range.high - range.low) / intervals;
    const double unit = std::pow(10.0, std::floor(std::log10(rough)));
    const double share = rough / unit;
    return unit * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
}

std::string linear_axis(char axis, const Range& range, int intervals) {
    const double step = round_step(range, intervals);
    const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
    const bool plain = decimals <= 7 && std::max(std::abs(range.low), std::abs(range.high)) < 1e6;
    return fmt::format("unset logscale {0}\nset {0}tics {1:.12g}\nset format {0} '{2}'\n", axis, step,
                       plain ? fmt::format("%.{}f", decimals) : std::string("%g")) +
           range_command(axis, range);
}

std::string upright_label(int number, std::string_view text, double x, double y) {
    return fmt::format("set label {} {} at screen {:.5f}, screen {:.5f} center rotate by 90\n", number,
                       gnuplot_string(text), x, y);
}

std::string common_style() {
    return fmt::format(
        "set border 3 linecolor rgb '{0}' linewidth 1\n"
        "set tics nomirror out scale 0.6,0.35 textcolor rgb '#222222'\n"
        "set grid xtics ytics linetype 1 linecolor rgb '{1}' linewidth 0.7, linetype 1 linecolor rgb '{1}' "
        "linewidth 0.7\n"
        "set key samplen 1.6 spacing 1.1 textcolor rgb '#222222'\n"
        "set bars 0.6\nset xtics offset 0,0.3\nset xlabel offset 0,0.5\n",
        frame_colour, grid_colour);
}

std::pair<double, std::string> time_axis(double largest, std::string_view unit) {
    if (unit != "s") return {1.0, display_unit(unit)};
    const Scale scale = readable_time(largest);
    return {scale.factor, display_unit(scale.unit)};
}

}  // namespace vitrum::report
