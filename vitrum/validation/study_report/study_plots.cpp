#include "vitrum/validation/study_report/study_plots.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/report/figures/axis.hpp"
#include "vitrum/report/page/number_text.hpp"
#include "vitrum/report/page/palette.hpp"

namespace vitrum::validation {

namespace {

using report::gnuplot_string;
using report::Plot;
using report::Range;

std::string label(const std::string& name, const std::string& unit) {
    return gnuplot_string(unit.empty() ? name : fmt::format("{} [{}]", name, report::display_unit(unit)));
}

// Values as they can be drawn on the axis: the range of all, or of the positive ones of a logarithmic axis.
void include(Range& range, double value, bool log) {
    if (!log || value > 0) range.include(value);
}

Plot points(const StudyFigure& figure) {
    Plot plot;
    plot.width = 760;
    plot.height = 360;
    Range x;
    Range y;
    std::string what;
    for (const auto& curve : figure.curves)
        for (const double value : curve.x) include(x, value, figure.log_x);
    const double widest = x.high - x.low;
    for (const double guide : figure.guides) include(y, guide, figure.log_y);
    for (std::size_t i = 0; i < figure.curves.size(); ++i) {
        const Curve& curve = figure.curves[i];
        std::string columns;
        for (std::size_t k = 0; k < curve.size(); ++k) {
            const bool limits = i < figure.lower.size();
            const double low = limits ? figure.lower[i][k] : curve.y[k];
            const double high = limits ? figure.upper[i][k] : curve.y[k];
            for (const double end : {low, curve.y[k], high}) include(y, end, figure.log_y);
            // Curves that agree stand side by side.
            const double aside = curve.y_error.empty() ? 0 : 0.012 * static_cast<double>(i);
            const double at = figure.log_x ? curve.x[k] * (1 + aside) : curve.x[k] + aside * widest;
            columns += fmt::format("{:.9g} {:.9g} {:.9g} {:.9g}\n", at, curve.y[k], low, high);
        }
        const std::string file = fmt::format("curve{}.txt", i);
        plot.files.emplace_back(file, columns);
        const auto colour = report::ordered_colour(i, figure.curves.size());
        const std::string title = curve.name.empty() ? "notitle" : "title " + gnuplot_string(curve.name);
        if (curve.y_error.empty())
            what += fmt::format("{}'{}' using 1:2 with lines linewidth 1.6 linecolor rgb '{}' {}",
                                i == 0 ? "" : ", \\\n", file, colour, title);
        else
            what += fmt::format(
                "{0}'{1}' using 1:2 with lines linewidth 1.2 linecolor rgb '{2}' notitle, \\\n'{1}' using 1:2:3:4 with "
                "yerrorbars pointtype 7 pointsize 0.5 linewidth 1.2 linecolor rgb '{2}' {3}",
                i == 0 ? "" : ", \\\n", file, colour, title);
    }
    const Curve& first = figure.curves.front();
    const Range xs = figure.log_x ? report::padded_log(x, 0.05) : report::padded(x, 0.05);
    const Range ys = figure.log_y ? report::padded_log(y, 0.08) : report::padded(y, 0.08);
    plot.script = report::common_style() +
                  (figure.log_x ? report::log_axis('x', xs) : report::linear_axis('x', xs, 7)) +
                  (figure.log_y ? report::log_axis('y', ys) : report::linear_axis('y', ys, 6)) + "set xlabel " +
                  label(first.x_name, first.x_unit) + "\nset ylabel " + label(first.y_name, first.y_unit) +
                  "\nset key outside right top\n";
    for (std::size_t g = 0; g < figure.guides.size(); ++g)
        plot.script += fmt::format(
            "set arrow {} from graph 0, first {:.9g} to graph 1, first {:.9g} nohead back linewidth 1 dashtype (6,4) "
            "linecolor rgb '#888888'\n",
            g + 1, figure.guides[g], figure.guides[g]);
    plot.script += "plot " + what + "\n";
    return plot;
}

Plot zip(const StudyFigure& figure) {
    const Curve& low = figure.curves[0];
    const Curve& high = figure.curves[1];
    std::string held;
    std::string missed;
    Range x;
    for (std::size_t k = 0; k < low.size(); ++k) {
        const std::string line = fmt::format("{:.9g} {:.9g} {:.9g}\n", low.y[k], low.x[k], high.y[k] - low.y[k]);
        (low.y[k] <= 0 && high.y[k] >= 0 ? held : missed) += line;
        x.include(low.y[k]);
        x.include(high.y[k]);
    }
    // Wild intervals of a few replicates would squeeze all others.
    std::vector<double> ends = low.y;
    ends.insert(ends.end(), high.y.begin(), high.y.end());
    const Range core{report::percentile(ends, 0.01), report::percentile(ends, 0.99)};
    x = {std::max(x.low, core.low - (core.high - core.low)), std::min(x.high, core.high + (core.high - core.low))};
    Plot plot;
    plot.width = 520;
    plot.height = 460;
    plot.files.emplace_back("held.txt", held);
    plot.files.emplace_back("missed.txt", missed);
    plot.script =
        report::common_style() + report::linear_axis('x', report::padded(x, 0.04), 6) +
        "set yrange [0:100]\nset ytics 10\nset key off\nset xlabel " + label(low.y_name, low.y_unit) +
        "\nset ylabel 'replicates, sorted [%]'\n"
        "set arrow 1 from graph 0, first 95 to graph 1, first 95 nohead dashtype (6,4) linecolor rgb '#888888'\n"
        "set arrow 2 from first 0, graph 0 to first 0, graph 1 nohead front linewidth 1 linecolor rgb '#222222'\n"
        "plot ";
    const auto lines = [&](const char* file, std::string_view colour) {
        return fmt::format("'{}' using 1:2:3:(0) with vectors nohead linewidth 0.8 linecolor rgb '{}'", file, colour);
    };
    if (!held.empty()) plot.script += lines("held.txt", report::data_colour);
    if (!missed.empty()) plot.script += (held.empty() ? "" : ", \\\n") + lines("missed.txt", report::fit_colour);
    plot.script += "\n";
    return plot;
}

// One coloured tile for each cell of the grid, with its number.
Plot heat(const StudyFigure& figure) {
    const Curve& all = figure.curves.front();
    auto sorted = [](std::vector<double> v) {
        std::sort(v.begin(), v.end());
        v.erase(std::unique(v.begin(), v.end()), v.end());
        return v;
    };
    const auto xs = sorted(all.x);
    const auto ys = sorted(all.y);
    const auto place = [](const std::vector<double>& of, double value) {
        return static_cast<double>(std::lower_bound(of.begin(), of.end(), value) - of.begin());
    };
    std::string tiles;
    Range z;
    for (std::size_t k = 0; k < all.size(); ++k) {
        if (!std::isfinite(all.weight[k])) continue;
        z.include(all.weight[k]);
        tiles += fmt::format("{} {} {:.9g} {:.3g}\n", place(xs, all.x[k]), place(ys, all.y[k]), all.weight[k],
                             all.weight[k]);
    }
    const auto tics = [](char axis, const std::vector<double>& of) {
        std::string text;
        for (std::size_t i = 0; i < of.size(); ++i) text += fmt::format("{}'{:g}' {}", i == 0 ? "" : ", ", of[i], i);
        return fmt::format("set {0}tics ({1})\nset {0}range [-0.5:{2}]\n", axis, text,
                           static_cast<double>(of.size()) - 0.5);
    };
    Plot plot;
    plot.width = 620;
    plot.height = std::max(240, 130 + 50 * static_cast<int>(ys.size()));
    plot.files.emplace_back("tiles.txt", tiles);
    plot.script =
        report::common_style() + "unset grid\nset key off\n" + tics('x', xs) + tics('y', ys) +
        report::viridis_palette() + "set cblabel " + gnuplot_string(all.name) + "\nset xlabel " +
        label(all.x_name, all.x_unit) + "\nset ylabel " + label(all.y_name, all.y_unit) +
        fmt::format("\nset cbrange [{:.9g}:{:.9g}]\n", report::padded(z, 0.02).low, report::padded(z, 0.02).high) +
        "plot 'tiles.txt' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid noborder palette, '' using 1:2:4 "
        "with labels textcolor rgb '#ffffff' font "
        "',11'\n";
    return plot;
}

}  // namespace

Plot plot_of(const StudyFigure& figure) {
    switch (figure.kind) {
        case StudyFigure::Kind::zip: return zip(figure);
        case StudyFigure::Kind::heat: return heat(figure);
        case StudyFigure::Kind::points: break;
    }
    return points(figure);
}

}  // namespace vitrum::validation
