#include "vitrum/report/figures/trace_figure.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/report/figures/axis.hpp"
#include "vitrum/report/page/number_text.hpp"
#include "vitrum/report/page/palette.hpp"

namespace vitrum::report {

namespace {
constexpr std::size_t most_points = 600;
}

bool drawable(const TimeSeries& trace) {
    return !trace.time.empty() && trace.time.size() == trace.value.size() &&
           std::any_of(trace.value.begin(), trace.value.end(), [](double v) { return std::isfinite(v); });
}

Plot trace_figure(const std::vector<TimeSeries>& traces) {
    std::vector<const TimeSeries*> shown;
    Range time;
    for (const TimeSeries& trace : traces) {
        if (!drawable(trace)) continue;
        shown.push_back(&trace);
        for (const double t : trace.time) time.include(t);
    }
    const auto [factor, unit] = time_axis(std::max(std::abs(time.low), std::abs(time.high)), "s");
    const Range times = padded({time.low * factor, time.high * factor}, 0.02);

    constexpr int panel_height = 130;
    Plot plot;
    plot.width = 760;
    plot.height = panel_height * static_cast<int>(shown.size()) + 50;
    plot.script = common_style() + "unset key\nset lmargin at screen 0.14\nset rmargin at screen 0.98\nset multiplot\n";
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const TimeSeries& trace = *shown[i];
        Range values;
        std::string columns;
        const std::size_t stride = (trace.time.size() + most_points - 1) / most_points;
        for (std::size_t k = 0; k < trace.time.size(); k += stride) {
            if (!std::isfinite(trace.value[k])) continue;
            values.include(trace.value[k]);
            columns += fmt::format("{:.9g} {:.9g}\n", trace.time[k] * factor, trace.value[k]);
        }
        const std::string file = fmt::format("trace{}.txt", i);
        plot.files.emplace_back(file, columns);
        const double top = plot.height - 24 - panel_height * static_cast<double>(i);
        const bool last = i + 1 == shown.size();
        const std::string value_unit = display_unit(trace.unit);
        plot.script += fmt::format("set tmargin at screen {:.5f}\nset bmargin at screen {:.5f}\n", top / plot.height,
                                   (top - panel_height + 30) / plot.height);
        plot.script +=
            linear_axis('x', times, 8) + linear_axis('y', padded(values, 0.08), 3) +
            (last ? "set xlabel " + gnuplot_string("time [" + unit + "]") : "set format x ''") + "\nset label 1 " +
            gnuplot_string(value_unit.empty() ? trace.name : trace.name + " [" + value_unit + "]") +
            " at graph 0, graph 1.1 left" +
            fmt::format("\nplot '{}' using 1:2 with lines linewidth 0.8 linecolor rgb '{}'\n", file, data_colour);
    }
    plot.script += "unset multiplot\n";
    return plot;
}

Plot correlation_trace_figure(const Curve& trace) {
    Range time;
    Range values;
    double mean = 0;
    double noise = 0;
    double known = 0;
    for (std::size_t t = 0; t < trace.size(); ++t) {
        if (!std::isfinite(trace.y[t])) continue;
        mean += trace.y[t];
        noise += t < trace.y_error.size() ? trace.y_error[t] : 0;
        known += 1;
        time.include(trace.x[t]);
        values.include(trace.y[t]);
    }
    mean /= known;
    noise *= 1.96 / known;
    values.include(mean + noise);
    values.include(mean - noise);
    const auto [factor, unit] = time_axis(time.high, trace.x_unit);
    // The extremes of each stretch: nothing that stands out is lost.
    std::string columns;
    const std::size_t stride = (2 * trace.size() + most_points - 1) / most_points;
    for (std::size_t from = 0; from < trace.size(); from += stride) {
        Range here;
        for (std::size_t t = from; t < std::min(trace.size(), from + stride); ++t)
            if (std::isfinite(trace.y[t])) here.include(trace.y[t]);
        if (here.low <= here.high)
            columns += fmt::format("{0:.9g} {1:.9g}\n{0:.9g} {2:.9g}\n", trace.x[from] * factor, here.low, here.high);
    }
    Plot plot;
    plot.width = 760;
    plot.height = 240;
    plot.files.emplace_back("trace.txt", columns);
    plot.files.emplace_back("band.txt", fmt::format("{0:.9g} {2:.9g} {3:.9g}\n{1:.9g} {2:.9g} {3:.9g}\n",
                                                    time.low * factor, time.high * factor, mean - noise, mean + noise));
    plot.script = common_style() + linear_axis('x', padded({time.low * factor, time.high * factor}, 0.02), 8) +
                  linear_axis('y', padded(values, 0.06), 4) + "unset key\nset xlabel " +
                  gnuplot_string("t [" + unit + "]") + "\nset ylabel " + gnuplot_string("C(t, t + τ)") +
                  fmt::format(
                      "\nplot 'band.txt' using 1:2:3 with filledcurves fillcolor rgb '{}', \\\n"
                      "'trace.txt' using 1:2 with lines linewidth 0.8 linecolor rgb '{}'\n",
                      band_colour, data_colour);
    return plot;
}

}  // namespace vitrum::report
