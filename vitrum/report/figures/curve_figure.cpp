#include "vitrum/report/figures/curve_figure.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "vitrum/report/figures/axis.hpp"
#include "vitrum/report/page/html.hpp"
#include "vitrum/report/page/number_text.hpp"
#include "vitrum/report/page/palette.hpp"

namespace vitrum::report {

namespace {

constexpr std::size_t most_points = 800;
constexpr std::size_t most_bars = 60;  // beyond it errors are a band
constexpr std::size_t most_keys = 12;

bool finite(const Curve& curve, std::size_t i) { return std::isfinite(curve.x[i]) && std::isfinite(curve.y[i]); }

bool has_error(const Curve& curve, std::size_t i) {
    return i < curve.y_error.size() && std::isfinite(curve.y_error[i]) && curve.y_error[i] > 0;
}

// Times over decades; lag 0 is then left out.
bool wants_log(const CurveSet& set) {
    Range positive;
    for (const LabelledCurve& entry : set.curves) {
        if (entry.curve->x_unit != "s") return false;
        for (std::size_t i = 0; i < entry.curve->size(); ++i)
            if (finite(*entry.curve, i) && entry.curve->x[i] > 0) positive.include(entry.curve->x[i]);
    }
    return !positive.empty() && positive.high > 100 * positive.low;
}

std::string axis_label(const std::string& name, const std::string& unit) {
    const std::string shown = display_unit(unit);
    return gnuplot_string(shown.empty() ? name : name + " [" + shown + "]");
}

// Inside where it is short, above the figure where it would cover the curves.
std::string compact_key(std::size_t entries) {
    return entries > 4 ? "set key outside top center horizontal samplen 0.5 font ',9'\n"
                       : "set key top right samplen 1 font ',11'\n";
}

struct Columns {
    std::string text;
    std::size_t points = 0;
    bool errors = false;
};

Columns columns(const Curve& curve, double factor, bool logarithmic) {
    Columns result;
    const std::size_t stride = (curve.size() + most_points - 1) / most_points;
    for (std::size_t i = 0; i < curve.size(); i += stride) {
        if (!finite(curve, i) || (logarithmic && !(curve.x[i] > 0))) continue;
        const double error = has_error(curve, i) ? curve.y_error[i] : 0;
        result.errors = result.errors || error > 0;
        result.text += fmt::format("{:.9g} {:.9g} {:.6g}\n", curve.x[i] * factor, curve.y[i], error);
        ++result.points;
    }
    return result;
}

}  // namespace

bool drawable(const Curve& curve) {
    std::set<double> places;
    for (std::size_t i = 0; i < curve.size() && places.size() < 2; ++i)
        if (finite(curve, i)) places.insert(curve.x[i]);
    return places.size() > 1;
}

std::vector<CurveSet> curve_sets(const Group& group) {
    std::vector<CurveSet> sets;
    const auto add = [&](const Curve& curve, const std::string& label) {
        if (!drawable(curve)) return;
        auto at = std::find_if(sets.begin(), sets.end(), [&](const CurveSet& set) { return set.name == curve.name; });
        if (at == sets.end()) at = sets.insert(sets.end(), {curve.name, {}});
        at->curves.push_back({&curve, label});
    };
    for (const auto& [label, curve] : group.mean_curves) add(curve, label);
    const std::size_t means = sets.size();
    const auto has_mean = [&](const std::string& name) {
        const auto end = sets.begin() + static_cast<std::ptrdiff_t>(means);
        return std::any_of(sets.begin(), end, [&](const CurveSet& set) { return set.name == name; });
    };
    for (const Member& member : group.members)
        for (const Curve& curve : member.series->curves)
            if (!has_mean(curve.name)) add(curve, group.several() ? member.label : "");
    return sets;
}

Plot curve_figure(const CurveSet& set, bool compact) {
    const bool logarithmic = wants_log(set);
    Range x;
    Range y;
    for (const LabelledCurve& entry : set.curves)
        for (std::size_t i = 0; i < entry.curve->size(); ++i) {
            if (!finite(*entry.curve, i) || (logarithmic && !(entry.curve->x[i] > 0))) continue;
            x.include(entry.curve->x[i]);
            y.include(entry.curve->y[i]);
        }
    // Bars count for the range as far as they do not dwarf the curve.
    const double reach = y.high - y.low;
    for (const LabelledCurve& entry : set.curves)
        for (std::size_t i = 0; i < entry.curve->size(); ++i)
            if (finite(*entry.curve, i) && has_error(*entry.curve, i) && entry.curve->y_error[i] < reach) {
                y.include(entry.curve->y[i] + entry.curve->y_error[i]);
                y.include(entry.curve->y[i] - entry.curve->y_error[i]);
            }
    const Curve& first = *set.curves.front().curve;
    double factor = 1;
    std::string x_unit = first.x_unit;
    if (first.x_unit == "s") std::tie(factor, x_unit) = time_axis(x.high, "s");
    const Range shown{x.low * factor, x.high * factor};

    Plot plot;
    plot.width = compact ? 430 : 760;
    plot.height = compact ? 310 : 380;
    plot.script = common_style() +
                  (logarithmic ? log_axis('x', padded_log(shown, 0.03))
                               : linear_axis('x', padded(shown, 0.03), compact ? 5 : 8)) +
                  linear_axis('y', padded(y, 0.06), compact ? 4 : 5) + "set xlabel " +
                  axis_label(first.x_name, x_unit) + "\nset ylabel " +
                  axis_label(first.y_name.empty() ? set.name : first.y_name, first.y_unit) + " offset 0.8,0\n";
    const bool keys = set.curves.size() > 1 && set.curves.size() <= most_keys;
    plot.script += keys ? (compact ? compact_key(set.curves.size()) : "set key outside right center Left reverse\n")
                        : "unset key\n";
    std::string commands;
    for (std::size_t k = 0; k < set.curves.size(); ++k) {
        const Columns data = columns(*set.curves[k].curve, factor, logarithmic);
        const std::string_view colour = set.curves.size() == 1 ? data_colour : ordered_colour(k, set.curves.size());
        const std::string file = fmt::format("curve{}.txt", k);
        plot.files.emplace_back(file, data.text);
        const auto add = [&](const std::string& style, bool titled) {
            commands +=
                fmt::format("{}'{}' {} linecolor rgb '{}' {}", commands.empty() ? "plot " : ", \\\n", file, style,
                            colour, titled && keys ? "title " + gnuplot_string(set.curves[k].label) : "notitle");
        };
        const bool bars = data.errors && data.points <= most_bars;
        if (data.errors && !bars)
            add("using 1:($2-$3):($2+$3) with filledcurves fillstyle transparent solid 0.25 noborder", false);
        if (bars) add("using 1:2:3 with yerrorbars pointtype 7 pointsize 0.4 linewidth 1", false);
        add(bars || data.points > most_bars ? "using 1:2 with lines linewidth 1.3"
                                            : "using 1:2 with linespoints pointtype 7 pointsize 0.4 linewidth 1.3",
            true);
    }
    plot.script += commands + "\n";
    return plot;
}

std::string curve_caption(const CurveSet& set) {
    const Curve& first = *set.curves.front().curve;
    std::string text = fmt::format("{}: {} against {}.", set.name, first.y_name, first.x_name);
    if (std::any_of(set.curves.begin(), set.curves.end(),
                    [](const LabelledCurve& c) { return !c.curve->y_error.empty(); }))
        text += first.error_method.empty() ? " Bars or bands: one standard error."
                                           : " Bars or bands: one standard error, " + first.error_method + ".";
    if (set.curves.size() > most_keys)
        text += fmt::format(" From dark ({}) to light ({}).", set.curves.front().label, set.curves.back().label);
    return escape(text);
}

}  // namespace vitrum::report
