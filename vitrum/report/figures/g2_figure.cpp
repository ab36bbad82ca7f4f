#include "vitrum/report/figures/g2_figure.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/report/figures/axis.hpp"
#include "vitrum/report/figures/readings.hpp"
#include "vitrum/report/page/palette.hpp"

namespace vitrum::report {

namespace {

constexpr std::size_t most_points = 160;  // drawn of one curve
constexpr std::size_t most_bars = 60;     // above it errors are a band

bool sound(const Curve& curve) { return !curve.x.empty() && curve.x.size() == curve.y.size(); }

bool drawn(const Curve& curve, std::size_t i) { return curve.x[i] > 0 && std::isfinite(curve.y[i]); }

// Indices of the points to draw: all, or one per step in log lag, so that the long lags do not fill the page.
std::vector<std::size_t> chosen(const Curve& curve) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < curve.size(); ++i)
        if (drawn(curve, i)) all.push_back(i);
    if (all.size() <= most_points) return all;
    const double step = std::log(curve.x[all.back()] / curve.x[all.front()]) / (most_points - 1);
    std::vector<std::size_t> some;
    double next = 0;
    for (const std::size_t i : all) {
        const double at = std::log(curve.x[i] / curve.x[all.front()]);
        if (at < next - 1e-9) continue;
        some.push_back(i);
        next = at + step;
    }
    return some;
}

bool has_errors(const Curve& curve) { return curve.y_error.size() == curve.y.size(); }

// What is subtracted below, and how it is called.
struct Comparison {
    const Curve* curve = nullptr;
    std::string label;  // "truth", "reference", "fit"
    bool pulls = false;
};

Origin truth_origin(const GroundTruth& truth, const Curve* curve) {
    const auto at = static_cast<std::size_t>(curve - truth.curves.data());
    return at < truth.curve_origins.size() ? truth.curve_origins[at] : Origin::closed_form;
}

Comparison comparison(const SeriesResult& series) {
    Comparison result;
    if (const Curve* truth = series.truth.curve("g2"); truth && sound(*truth)) {
        const bool reference = truth_origin(series.truth, truth) == Origin::reference;
        result = {truth, reference ? "reference" : "truth", has_errors(*series.g2) && !reference};
    } else if (series.fit && sound(*series.fit)) {
        result = {&*series.fit, "fit", has_errors(*series.g2)};
    }
    return result;
}

// Text columns of one curve, sorted as the curve is.
std::string columns(const Curve& curve, const std::vector<std::size_t>& points, double factor) {
    std::string text;
    for (const std::size_t i : points) {
        const double error = has_errors(curve) && std::isfinite(curve.y_error[i]) ? curve.y_error[i] : 0.0;
        text += fmt::format("{:.9g} {:.9g} {:.6g}\n", curve.x[i] * factor, curve.y[i], error);
    }
    return text;
}

// Room for the curves, and for all data but the noisiest hundredth.
Range value_range(const SeriesResult& series, const std::vector<std::size_t>& points) {
    const Curve& g2 = *series.g2;
    std::vector<double> values;
    for (const std::size_t i : points) values.push_back(g2.y[i]);
    Range range;
    range.include(percentile(values, 0.01));
    range.include(percentile(values, 0.99));
    for (std::size_t k = 0; k < std::min<std::size_t>(points.size(), 3); ++k) range.include(g2.y[points[k]]);
    for (const Curve* curve : {series.fit ? &*series.fit : nullptr, series.truth.curve("g2")}) {
        if (!curve || !sound(*curve)) continue;
        for (std::size_t i = 0; i < curve->size(); ++i)
            if (curve->x[i] >= g2.x[points.front()] && curve->x[i] <= g2.x[points.back()]) range.include(curve->y[i]);
    }
    return padded(range, 0.08);
}

struct Residuals {
    std::string columns;
    std::size_t points = 0;
    Range range;
};

Residuals residuals(const Curve& g2, const Comparison& against, const std::vector<std::size_t>& points, double factor) {
    Residuals result;
    std::vector<double> sizes;
    for (const std::size_t i : points) {
        const double difference = g2.y[i] - interpolated(*against.curve, g2.x[i]);
        const double error = has_errors(g2) ? g2.y_error[i] : 0.0;
        const double shown = against.pulls ? difference / error : difference;
        if (!std::isfinite(shown)) continue;
        const bool bars = !against.pulls && std::isfinite(error);
        result.columns += fmt::format("{:.9g} {:.6g} {:.6g}\n", g2.x[i] * factor, shown, bars ? error : 0.0);
        sizes.push_back(std::abs(shown));
    }
    double reach = percentile(sizes, 0.98);
    if (against.pulls) reach = std::max(3.2, reach);
    if (!(reach > 0)) reach = 1e-3;
    result.points = sizes.size();
    result.range = {-1.15 * reach, 1.15 * reach};
    return result;
}

Range lag_range(const Curve& g2, const std::vector<std::size_t>& points, double factor) {
    return padded_log({g2.x[points.front()] * factor, g2.x[points.back()] * factor}, 0.03);
}

std::string lag_label(const std::string& unit) { return gnuplot_string("lag Δt [" + unit + "]"); }

std::string upper_panel(const SeriesResult& series, const std::vector<std::size_t>& points, bool compact) {
    const bool band = has_errors(*series.g2) && points.size() > most_bars;
    std::string plot = "plot ";
    if (band)
        plot += fmt::format("'g2.txt' using 1:($2-$3):($2+$3) with filledcurves fillcolor rgb '{}' notitle, \\\n",
                            band_colour);
    if (has_errors(*series.g2) && !band)
        plot += fmt::format(
            "'g2.txt' using 1:2:3 with yerrorbars linecolor rgb '{}' pointtype 7 pointsize 0.45 title 'data'",
            data_colour);
    else
        plot += fmt::format("'g2.txt' using 1:2 with points linecolor rgb '{}' pointtype 7 pointsize 0.32 title 'data'",
                            data_colour);
    if (const Curve* truth = series.truth.curve("g2"); truth && sound(*truth)) {
        const std::string origin = origin_text(truth_origin(series.truth, truth));
        plot += fmt::format(", \\\n'truth.txt' using 1:2 with lines linewidth 1.6 linecolor rgb '{}' title {}",
                            truth_colour,
                            gnuplot_string(origin == "reference" ? "reference, same atoms" : "truth, " + origin));
    }
    if (series.fit && sound(*series.fit))
        plot += fmt::format(
            ", \\\n'fit.txt' using 1:2 with lines linewidth 1.6 dashtype (8,5) linecolor rgb '{}' title 'fit'",
            fit_colour);
    // A slow decay fills the upper right corner, a fast one the lower left.
    const Curve& g2 = *series.g2;
    const double middle = std::sqrt(g2.x[points.front()] * g2.x[points.back()]);
    const Range range = value_range(series, points);
    const bool slow = interpolated(g2, middle) > range.low + 0.6 * (range.high - range.low);
    return fmt::format("set key {} samplen {}\n", slow ? "bottom left Left reverse" : "top right",
                       compact ? 1.2 : 1.6) +
           plot + "\n";
}

std::string lower_panel(const Comparison& against, const Residuals& left_over) {
    std::string text = "unset key\n";
    text += against.pulls ? range_command('y', left_over.range) + "set format y '%g'\nset ytics (-4,-2,0,2,4)\n"
                          : linear_axis('y', left_over.range, 3);
    text += "plot ";
    if (against.pulls) text += "1.96 with filledcurves y1=-1.96 fillcolor rgb '#eeeeee', ";
    if (!against.pulls && left_over.points > most_bars)
        text +=
            fmt::format("'residuals.txt' using 1:($2-$3):($2+$3) with filledcurves fillcolor rgb '{}', ", band_colour);
    text += fmt::format("0 with lines linewidth 1 linecolor rgb '{}', ", frame_colour);
    if (against.pulls)
        text += fmt::format("'residuals.txt' using 1:2 with points pointtype 7 pointsize 0.28 linecolor rgb '{}'\n",
                            data_colour);
    else
        text += fmt::format("'residuals.txt' using 1:2{} pointtype 7 pointsize 0.28 linecolor rgb '{}'\n",
                            left_over.points > most_bars ? " with points" : ":3 with yerrorbars", data_colour);
    return text;
}

std::vector<std::size_t> all_points(const Curve& curve) {
    std::vector<std::size_t> points;
    for (std::size_t i = 0; i < curve.size(); ++i)
        if (drawn(curve, i)) points.push_back(i);
    return points;
}

}  // namespace

bool has_g2(const SeriesResult& series) { return series.g2 && sound(*series.g2) && !all_points(*series.g2).empty(); }

double interpolated(const Curve& curve, double x) {
    const auto above = std::lower_bound(curve.x.begin(), curve.x.end(), x * (1 - 1e-9));
    if (above == curve.x.end()) return not_a_number;
    const auto i = static_cast<std::size_t>(above - curve.x.begin());
    if (std::abs(curve.x[i] - x) <= 1e-6 * std::abs(x)) return curve.y[i];
    if (i == 0) return not_a_number;
    const double x0 = curve.x[i - 1];
    const double x1 = curve.x[i];
    const double share = x0 > 0 ? std::log(x / x0) / std::log(x1 / x0) : (x - x0) / (x1 - x0);
    return curve.y[i - 1] + share * (curve.y[i] - curve.y[i - 1]);
}

Plot g2_figure(const SeriesResult& series, bool compact) {
    const Curve& g2 = *series.g2;
    const std::vector<std::size_t> points = chosen(g2);
    const auto [factor, unit] = time_axis(g2.x[points.back()], g2.x_unit);
    const Comparison against = comparison(series);

    Plot plot;
    plot.width = compact ? 430 : 640;
    plot.height = compact ? 360 : 490;
    plot.font_size = compact ? 14 : 14.5;
    plot.files.emplace_back("g2.txt", columns(g2, points, factor));
    if (const Curve* truth = series.truth.curve("g2"); truth && sound(*truth))
        plot.files.emplace_back("truth.txt", columns(*truth, chosen(*truth), factor));
    if (series.fit && sound(*series.fit))
        plot.files.emplace_back("fit.txt", columns(*series.fit, chosen(*series.fit), factor));

    const double left = compact ? 0.195 : 0.14;
    const double bottom = compact ? 0.17 : 0.135;
    const double split = against.curve ? (compact ? 0.385 : 0.345) : bottom;
    const double label_at = 12.0 / plot.width;
    const Range lags = lag_range(g2, points, factor);
    std::string& script = plot.script;
    script = common_style() + fmt::format("set lmargin at screen {}\nset rmargin at screen 0.975\n", left);
    script += fmt::format("set multiplot\nset tmargin at screen 0.97\nset bmargin at screen {}\n",
                          against.curve ? split + 0.03 : bottom);
    if (!against.curve) script += fmt::format("set xlabel {}\n", lag_label(unit));
    script += log_axis('x', lags, !against.curve) + linear_axis('y', value_range(series, points), compact ? 4 : 5) +
              upright_label(1, "g₂(Δt)", label_at, (against.curve ? split + 1.0 : bottom + 0.97) / 2) +
              upper_panel(series, points, compact);
    if (against.curve) {
        Residuals left_over = residuals(g2, against, points, factor);
        plot.files.emplace_back("residuals.txt", std::move(left_over.columns));
        script +=
            log_axis('x', lags) + fmt::format("set tmargin at screen {}\nset bmargin at screen {}\nset xlabel {}\n",
                                              split - 0.005, bottom, lag_label(unit));
        script += upright_label(1, against.pulls ? "pull" : "difference", label_at, (split + bottom) / 2) +
                  lower_panel(against, left_over);
    }
    script += "unset multiplot\n";
    return plot;
}

std::string residual_caption(const SeriesResult& series) {
    const Comparison against = comparison(series);
    if (!against.curve) return "";
    if (against.pulls)
        return fmt::format(
            "Below: (g₂ − {}) / standard error; the grey band is ±1.96. Neighbouring lags share their "
            "noise.",
            against.label);
    return fmt::format("Below: g₂ − {}.", against.label);
}

Plot g2_overlay(const Group& group) {
    Plot plot;
    plot.width = 760;
    plot.height = 430;
    Range lags;
    Range values;
    std::string unit_given;
    for (const Member& member : group.members) {
        if (!has_g2(*member.series)) continue;
        const Curve& g2 = *member.series->g2;
        if (unit_given.empty()) unit_given = g2.x_unit;
        if (g2.x_unit != unit_given) continue;  // frames and seconds do not share an axis
        const auto points = chosen(g2);
        lags.include(g2.x[points.front()]);
        lags.include(g2.x[points.back()]);
        const Range range = value_range(*member.series, points);
        values.include(range.low);
        values.include(range.high);
    }
    const auto [factor, unit] = time_axis(lags.high, unit_given);
    plot.script = common_style() + log_axis('x', padded_log({lags.low * factor, lags.high * factor}, 0.03)) +
                  linear_axis('y', values, 5) + "set xlabel " + lag_label(unit) + "\nset ylabel 'g₂(Δt)'\n" +
                  "set ylabel offset 1,0\nset key outside right center Left reverse title " +
                  gnuplot_string(group.axis) + "\nplot ";
    for (std::size_t m = 0; m < group.members.size(); ++m) {
        const SeriesResult& series = *group.members[m].series;
        if (!has_g2(series) || series.g2->x_unit != unit_given) continue;
        const auto colour = ordered_colour(m, group.members.size());
        const std::string file = fmt::format("g2_{}.txt", m);
        plot.files.emplace_back(file, columns(*series.g2, chosen(*series.g2), factor));
        const bool fitted = series.fit && sound(*series.fit);
        plot.script +=
            fmt::format("'{}' using 1:2 with points pointtype 7 pointsize 0.3 linecolor rgb '{}' {}, \\\n", file,
                        colour, fitted ? "notitle" : "title " + gnuplot_string(group.members[m].label));
        if (!fitted) continue;
        const std::string fit_file = fmt::format("fit_{}.txt", m);
        plot.files.emplace_back(fit_file, columns(*series.fit, chosen(*series.fit), factor));
        plot.script += fmt::format("'{}' using 1:2 with lines linewidth 1.8 linecolor rgb '{}' title {}, \\\n",
                                   fit_file, colour, gnuplot_string(group.members[m].label));
    }
    plot.script += "1/0 notitle\n";
    return plot;
}

}  // namespace vitrum::report
