#include "vitrum/report/figures/pressure_figure.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/estimate/fit_quality.hpp"
#include "vitrum/core/quantities/quantity.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/report/figures/axis.hpp"
#include "vitrum/report/figures/stages.hpp"
#include "vitrum/report/page/html.hpp"
#include "vitrum/report/page/number_text.hpp"
#include "vitrum/report/page/palette.hpp"

namespace vitrum::report {

namespace {

// A value with a status other than ok that may be shown in grey: the estimator did end somewhere.
bool doubtful(const Reading& reading) {
    return reading.estimate && std::isfinite(reading.estimate->value) && reading.estimate->status != Status::ok &&
           reading.estimate->status != Status::not_converged && reading.estimate->status != Status::no_data;
}

double position(const Panel& panel, const Reading& reading) { return reading.place().find(panel.axis)->value; }

// Half the bar: one standard error, or else what the 95 % interval says of it.
double bar(const Estimate& estimate) {
    if (std::isfinite(estimate.standard_error)) return estimate.standard_error;
    const double half = (estimate.upper - estimate.lower) / 2;
    return std::isfinite(half) ? half / student_factor(std::numeric_limits<double>::infinity()) : 0;
}

struct Layer {
    std::string columns;
    std::string title;
};

std::string line(double x, double y, double error) { return fmt::format("{:.9g} {:.9g} {:.6g}\n", x, y, error); }

bool of_one_quench(const Panel& panel, const Reading& reading) {
    return panel.axis != "quench" && reading.place().find("quench") != nullptr;
}

// Coordinates beside the axis and those that the whole group shares. Quenches repeat a place, they are none.
Abscissa own_place(const Panel& panel, const Reading& reading) {
    Abscissa place = reading.place().without(panel.axis);
    if (panel.axis != "quench") place = place.without("quench");
    if (!panel.stage.empty()) place = place.without("stage");
    for (const Coordinate& shared : panel.rest) place = place.without(shared.name);
    return place;
}

std::string title(const std::string& what, const Reading& reading, const Panel& panel) {
    const Abscissa own = own_place(panel, reading);
    if (reading.place().find("stage")) return own.empty() ? what : in_short(own);
    const std::string rest = own.label();
    return rest.empty() ? what : what + ", " + rest;
}

bool wants_log(const Panel& panel, const Range& values) {
    return (panel.quantity == "tau" || panel.quantity == "rate") && values.low > 0 && values.high > 5 * values.low;
}

std::string style_of(const std::string& origin) {
    if (origin == "closed form")
        return fmt::format("with linespoints linewidth 1.5 pointtype 7 pointsize 0.25 linecolor rgb '{}'",
                           truth_colour);
    if (origin == "imposed")
        return fmt::format(
            "with linespoints linewidth 1.5 dashtype (6,4) pointtype 7 pointsize 0.25 linecolor rgb '{}'",
            truth_colour);
    return fmt::format("with points pointtype 10 pointsize 1.5 linewidth 1.3 linecolor rgb '{}'", truth_colour);
}

}  // namespace

std::vector<Panel> panels(const Group& group) {
    std::vector<Panel> found;
    if (group.axis.empty()) return found;
    std::map<std::string, Panel> by_quantity;
    std::set<double> places_of_members;
    for (const Member& member : group.members) places_of_members.insert(member.position);
    const bool at_stages = group.axis == "pressure" && places_of_members.size() == 1;
    std::vector<Reading> all;
    const auto gather = [&](std::vector<Reading> readings, const Abscissa& series) {
        for (Reading& reading : readings) {
            if (for_tables(reading)) continue;
            if (reading.estimate) settle(reading.estimate->abscissa, series, at_stages);
            if (reading.truth) settle(reading.truth->abscissa, series, at_stages);
            all.push_back(std::move(reading));
        }
    };
    for (const Member& member : group.members) gather(member.readings, member.series->abscissa);
    gather(group.over_members, {});
    for (Reading& reading : all) {
        if (!reading.place().find(group.axis) || is_law_p(reading.quantity())) continue;
        const Coordinate* stage = at_stages ? nullptr : reading.place().find("stage");
        Panel& panel = by_quantity[reading.quantity() + (stage ? fmt::format("@{:04.0f}", stage->value) : "")];
        panel.quantity = reading.quantity();
        if (stage) panel.stage = stage->text;
        panel.axis = group.axis;
        panel.axis_unit = group.axis_unit;
        panel.rest = group.rest;
        if (panel.exact.empty())
            std::copy_if(group.truth_curves.begin(), group.truth_curves.end(), std::back_inserter(panel.exact),
                         [&](const Curve& curve) { return curve.y_name == panel.quantity; });
        if (panel.unit.empty()) panel.unit = reading.unit();
        if (panel.unit == reading.unit()) panel.readings.push_back(std::move(reading));
    }
    const auto take = [&](const std::string& name) {
        const auto at = by_quantity.find(name);
        if (at == by_quantity.end()) return;
        Panel panel = std::move(at->second);
        by_quantity.erase(at);
        // The quantity of the axis itself against the axis says nothing.
        if (panel.quantity == panel.axis) return;
        std::set<double> places;
        for (const Reading& reading : panel.readings)
            if (reading.clean() || doubtful(reading)) places.insert(position(panel, reading));
        if (places.size() < 2) return;
        const auto by_position = [&](const Reading& a, const Reading& b) {
            return position(panel, a) < position(panel, b);
        };
        std::stable_sort(panel.readings.begin(), panel.readings.end(), by_position);
        if (const auto floor = by_quantity.find("heterogeneity_floor");
            name == "heterogeneity_width" && floor != by_quantity.end()) {
            std::copy_if(floor->second.readings.begin(), floor->second.readings.end(), std::back_inserter(panel.floor),
                         [](const Reading& reading) { return reading.clean(); });
            std::stable_sort(panel.floor.begin(), panel.floor.end(), by_position);
            by_quantity.erase(floor);
        }
        found.push_back(std::move(panel));
    };
    take("tau");
    for (const Quantity& row : quantities()) {
        take(std::string(row.name));
        std::vector<std::string> at_its_stages;
        for (const auto& [key, panel] : by_quantity)
            if (key.starts_with(std::string(row.name) + "@")) at_its_stages.push_back(key);
        for (const std::string& key : at_its_stages) take(key);
    }
    while (!by_quantity.empty()) take(by_quantity.begin()->first);
    return found;
}

Plot panel_figure(const Panel& panel, bool compact) {
    Range x;
    Range y;
    std::vector<double> sizes;
    for (const Reading& reading : panel.readings) {
        x.include(position(panel, reading));
        if (reading.clean() || doubtful(reading)) {
            y.include(reading.estimate->value);
            sizes.push_back(std::abs(reading.estimate->value));
        }
        if (reading.truth) y.include(reading.truth->value);
    }
    for (const Curve& curve : panel.exact)
        for (const double value : curve.y) y.include(value);
    for (const Reading& reading : panel.floor) y.include(reading.estimate->value);
    double factor = 1;
    std::string unit = display_unit(panel.unit);
    if (panel.unit == "s") std::tie(factor, unit) = time_axis(percentile(sizes, 0.5), panel.unit);
    const bool logarithmic = wants_log(panel, y);
    // Bars count for the range as far as they do not dwarf what they belong to.
    const double reach = y.high - y.low;
    for (const Reading& reading : panel.readings) {
        if (!reading.clean()) continue;
        const double half = std::min(bar(*reading.estimate), 2 * reach + std::abs(reading.estimate->value));
        y.include(reading.estimate->value + half);
        if (!logarithmic || reading.estimate->value > half) y.include(reading.estimate->value - half);
    }
    Range shown{y.low * factor, y.high * factor};
    shown = logarithmic ? padded_log(shown, 0.06) : padded(shown, 0.10);

    std::map<std::string, Layer> truths;  // by title
    std::map<std::string, std::string> truth_origins;
    std::map<std::string, Layer> estimates;  // by title
    Layer open;
    // Single quenches stand behind their mean; one quench alone is the estimate.
    std::set<std::int64_t> numbers;
    for (const Reading& reading : panel.readings) {
        const Coordinate* quench = reading.place().find("quench");
        numbers.insert(quench ? quench->index : -1);
    }
    const bool repeated = numbers.size() > 1;
    std::string quenches;
    for (const Reading& reading : panel.readings) {
        const double at = position(panel, reading);
        if (reading.clean() && repeated && of_one_quench(panel, reading)) {
            quenches += line(at, reading.estimate->value * factor, 0);
        } else if (reading.clean()) {
            Layer& layer = estimates[title("estimate", reading, panel)];
            layer.columns += line(at, reading.estimate->value * factor, bar(*reading.estimate) * factor);
        } else if (doubtful(reading)) {
            open.columns += line(at, reading.estimate->value * factor, 0);
        }
        if (reading.truth && std::isfinite(reading.truth->value)) {
            const std::string origin = origin_text(reading.truth->origin);
            const std::string what = origin == "reference" ? "reference" : "truth (" + origin + ")";
            const std::string name = title(what, reading, panel);
            truth_origins[name] = origin;
            truths[name].columns += line(at, reading.truth->value * factor, 0);
        }
    }

    Plot plot;
    plot.width = compact ? 430 : 760;
    plot.height = compact ? 310 : 380;
    plot.script = common_style() + linear_axis('x', padded(x, 0.06), compact ? 5 : 8) +
                  (logarithmic ? log_axis('y', shown) : linear_axis('y', shown, compact ? 4 : 5));
    const std::string axis_unit = display_unit(panel.axis_unit);
    const auto with_unit = [](const std::string& what, const std::string& u) {
        return gnuplot_string(u.empty() ? what : what + " [" + u + "]");
    };
    plot.script += "set xlabel " +
                   with_unit(panel.axis == "region" && !axis_unit.empty() ? "q" : panel.axis, axis_unit) +
                   "\nset ylabel " + with_unit(display_symbol(panel.quantity), unit) + " offset 0.8,0\n";
    const bool of_stages = std::any_of(panel.readings.begin(), panel.readings.end(),
                                       [](const Reading& reading) { return reading.place().find("stage") != nullptr; });
    // Long names would take the place of the panel; they stand below it.
    constexpr std::size_t long_name = 24;
    std::size_t longest = 0;
    for (const auto* layers : {&truths, &estimates})
        for (const auto& [name, layer] : *layers) longest = std::max(longest, name.size());
    if (!compact && longest > long_name) {
        plot.height += static_cast<int>(20 * (truths.size() + estimates.size()));
        plot.script += "set key outside bottom center vertical maxcols 1 Left reverse\n";
    } else if (!compact)
        plot.script += "set key outside right center Left reverse\n";
    else if (of_stages && estimates.size() > 1)
        plot.script += "set key outside top center horizontal font ',10' samplen 0.5\nset rmargin 1.5\n";
    else
        plot.script += "unset key\nset rmargin 1.5\nset tmargin 0.8\n";
    std::string commands;
    const auto add = [&](const std::string& columns, const std::string& style, const std::string& name) {
        const std::string file = fmt::format("layer{}.txt", plot.files.size());
        plot.files.emplace_back(file, columns);
        commands +=
            fmt::format("{}'{}' {} title {}", commands.empty() ? "plot " : ", \\\n", file, style, gnuplot_string(name));
    };
    // Lines of the truth below the estimates, its points above, where both can be seen.
    const auto is_line = [&](const std::string& name) {
        return truth_origins[name] == "closed form" || truth_origins[name] == "imposed";
    };
    for (const auto& [name, layer] : truths) {
        if (!is_line(name)) continue;
        if (!panel.exact.empty()) {
            // The line follows the exact curve, not straight lines between the readings.
            std::string columns;
            for (const Curve& curve : panel.exact) {
                for (std::size_t i = 0; i < curve.size(); ++i) columns += line(curve.x[i], curve.y[i] * factor, 0);
                columns += "\n";
            }
            add(columns,
                fmt::format("using 1:2 with lines linewidth 1.5 {} linecolor rgb '{}'",
                            truth_origins[name] == "imposed" ? "dashtype (6,4)" : "", truth_colour),
                name);
            continue;
        }
        add(layer.columns, "using 1:2 " + style_of(truth_origins[name]), name);
    }
    if (!panel.floor.empty()) {
        std::string columns;
        for (const Reading& reading : panel.floor)
            columns += line(position(panel, reading), reading.estimate->value, bar(*reading.estimate));
        add(columns,
            fmt::format("using 1:2:3 with yerrorlines pointtype 1 pointsize 0.3 linewidth 1.2 dashtype (3,3) linecolor "
                        "rgb '{}'",
                        fit_colour),
            "noise alone");
    }
    if (!quenches.empty())
        add(quenches,
            fmt::format("using 1:2 with points pointtype 6 pointsize 0.6 linewidth 1 linecolor rgb '{}'", frame_colour),
            "single quenches");
    std::size_t number = 0;
    for (const auto& [name, layer] : estimates) {
        const std::string_view colour = estimates.size() == 1 ? data_colour : ordered_colour(number, estimates.size());
        add(layer.columns,
            fmt::format("using 1:2:3 with yerrorbars pointtype 7 pointsize 0.75 linewidth 1.5 linecolor rgb '{}'",
                        colour),
            name);
        ++number;
    }
    for (const auto& [name, layer] : truths)
        if (!is_line(name)) add(layer.columns, "using 1:2 " + style_of(truth_origins[name]), name);
    if (!open.columns.empty())
        add(open.columns,
            fmt::format("using 1:2 with points pointtype 2 pointsize 0.9 linewidth 1.6 linecolor rgb '{}'",
                        doubtful_colour),
            "not an estimate");
    plot.script += commands + "\n";
    return plot;
}

bool crowded(const Panel& panel) {
    return std::any_of(panel.readings.begin(), panel.readings.end(), [&](const Reading& reading) {
        return !own_place(panel, reading).empty() && !reading.place().find("stage");
    });
}

std::string panel_caption(const Panel& panel) {
    std::set<std::string> origins;
    std::map<std::string, std::vector<std::string>> marked;  // by status
    for (const Reading& reading : panel.readings) {
        if (reading.truth) origins.insert(origin_text(reading.truth->origin));
        if (reading.estimate && !reading.clean())
            marked[reading.estimate->status == Status::ok ? "no number" : status_text(reading.estimate->status)]
                .push_back(fmt::format("{:.4g}", position(panel, reading)));
    }
    std::string text = fmt::format("{} against {}{}. ", display_symbol(panel.quantity), panel.axis,
                                   panel.stage.empty() ? "" : ", stage '" + panel.stage + "'");
    if (origins.empty())
        text += panel.stage.empty() ? "No truth is known." : "";
    else
        text += fmt::format("Truth: {}.", fmt::join(origins, ", "));
    if (!panel.floor.empty())
        text +=
            " Dashed: what a homogeneous stationary sample would show by noise, contrast and tau over the run "
            "alone, with the spread of single runs.";
    for (const auto& [status, places] : marked)
        text +=
            fmt::format(" No estimate at {} {}: {}.", fmt::join(places, ", "), display_unit(panel.axis_unit), status);
    return escape(text);
}

std::string panel_legend(const std::vector<Panel>& panels) {
    std::set<Origin> origins;
    bool stopped = false;
    bool quenches = false;
    for (const Panel& panel : panels)
        for (const Reading& reading : panel.readings) {
            quenches = quenches || of_one_quench(panel, reading);
            if (reading.truth) origins.insert(reading.truth->origin);
            stopped = stopped || doubtful(reading);
        }
    std::string html = fmt::format("<span style=\"color:{}\">●</span> estimate ± one standard error", data_colour);
    if (origins.contains(Origin::closed_form)) html += "; ── truth, closed form";
    if (origins.contains(Origin::imposed)) html += "; ╌╌ truth, imposed: put in by hand, its mechanism is not tested";
    if (origins.contains(Origin::recorded)) html += "; ▽ truth, recorded by the generator";
    if (origins.contains(Origin::reference)) html += "; ▽ reference from the same atoms, which shares their noise";
    if (quenches) html += fmt::format("; <span style=\"color:{}\">○</span> single quenches", frame_colour);
    if (stopped)
        html += fmt::format("; <span style=\"color:{}\">×</span> where an estimator stopped without an estimate",
                            doubtful_colour);
    return html + ".";
}

}  // namespace vitrum::report
