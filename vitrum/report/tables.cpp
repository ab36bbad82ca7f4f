#include "vitrum/report/tables.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/quantities/quantity.hpp"
#include "vitrum/report/page/html.hpp"
#include "vitrum/report/page/number_text.hpp"

namespace vitrum::report {

namespace {

constexpr double worrying_pull = 3;
constexpr std::size_t most_rows = 2000;  // of one table: a page has to open

// One style for all numbers of a row, so that truth and estimate can be compared digit by digit.
NumberStyle row_style(const Reading& reading) {
    const double truth = reading.truth ? reading.truth->value : not_a_number;
    const double value = reading.estimate && std::isfinite(reading.estimate->value) ? reading.estimate->value : truth;
    return number_style(value, reading.clean() ? reading.estimate->standard_error : not_a_number, reading.unit());
}

std::string place_text(const Abscissa& place) {
    std::string text;
    for (const Coordinate& c : place) {
        if (!c.text.empty()) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", c.name, c.text);
            continue;
        }
        const std::string unit = display_unit(c.unit);
        if (c.name == "region" && !unit.empty()) {  // several regions may share one q
            text += fmt::format("{}region {}, q {:.5g} {}", text.empty() ? "" : ", ", c.index, c.value, unit);
            continue;
        }
        text +=
            fmt::format("{}{} {:.5g}{}{}", text.empty() ? "" : ", ", c.name, c.value, unit.empty() ? "" : " ", unit);
    }
    return text.empty() ? "—" : escape(text);
}

std::string badge(const Reading& reading) {
    if (!reading.estimate) return "<span class=\"badge none\">not estimated</span>";
    if (reading.clean()) return "<span class=\"ok\">ok</span>";
    const Status status = reading.estimate->status;
    return fmt::format("<span class=\"badge bad\">{}</span>",
                       status == Status::ok ? "no number" : escape(status_text(status)));
}

// Where the estimator ended without success: in brackets and grey, or nothing at all.
std::string doubtful_value(const Reading& reading, const NumberStyle& style) {
    if (!reading.estimate || !std::isfinite(reading.estimate->value)) return "—";
    const Status status = reading.estimate->status;
    if (status == Status::not_converged || status == Status::no_data) return "—";
    return "<span class=\"doubt\">[" + number(style, reading.estimate->value) + "]</span>";
}

std::string pull_text(double pull) {
    std::string text = fmt::format("{:+.{}f}", pull, std::abs(pull) < 99.95 ? 1 : 0);
    if (text.starts_with('-')) text.replace(0, 1, "−");
    return std::abs(pull) > worrying_pull ? "<strong class=\"far\">" + text + "</strong>" : text;
}

std::string pull_cell(const Reading& reading, const NumberStyle& style) {
    if (std::isfinite(reading.pull)) return pull_text(reading.pull);
    if (reading.truth && reading.truth->origin == Origin::reference && std::isfinite(reading.difference()))
        return signed_number(style, reading.difference()) + "<br><small>paired difference</small>";
    return "—";
}

std::string truth_cell(const Reading& reading, const NumberStyle& style) {
    if (!reading.truth) return "<span class=\"quiet\">not known</span>";
    return number(style, reading.truth->value) + "<br><small>" + escape(origin_text(reading.truth->origin)) +
           "</small>";
}

std::string quantity_cell(const Reading& reading) {
    std::string cell = escape(display_symbol(reading.quantity()));
    const std::string plain = [&] {
        std::string name = reading.quantity();
        replace_all(name, "_", " ");
        return name;
    }();
    if (cell != escape(plain)) cell += "<br><small>" + escape(plain) + "</small>";
    return cell;
}

std::string interval_heading(const std::vector<Reading>& readings) {
    double level = not_a_number;
    for (const Reading& reading : readings) {
        if (!reading.estimate) continue;
        if (std::isfinite(level) && level != reading.estimate->level) return "interval";
        level = reading.estimate->level;
    }
    return std::isfinite(level) ? fmt::format("{:.3g} % interval", 100 * level) : "interval";
}

std::string summary_cell(const Reading& reading) {
    const NumberStyle style = row_style(reading);
    std::string cell;
    if (reading.clean())
        cell = escape(number_text(reading.estimate->value, reading.estimate->standard_error, reading.unit()));
    else if (reading.estimate)
        cell = badge(reading);
    else
        cell = "<span class=\"quiet\">not estimated</span>";
    if (!reading.truth) return cell;
    const bool reference = reading.truth->origin == Origin::reference;
    std::string below = (reference ? "reference " : "truth ") + number(style, reading.truth->value);
    if (!reading.clean() && !unit_label(style).empty()) below += " " + escape(unit_label(style));
    if (std::isfinite(reading.pull)) below += ", pull " + pull_text(reading.pull);
    if (reference && std::isfinite(reading.difference()))
        below += ", diff. " + signed_number(style, reading.difference());
    return cell + "<br><small>" + below + "</small>";
}

// Quantities of the group in the order of vitrum/core/quantities/quantity.hpp, unknown names last.
std::vector<std::string> ordered_quantities(const std::vector<Reading>& readings) {
    std::vector<std::string> names;
    const auto named = [&](std::string_view name) {
        return std::any_of(readings.begin(), readings.end(), [&](const Reading& r) { return r.quantity() == name; });
    };
    for (const Quantity& row : quantities())
        if (named(row.name)) names.emplace_back(row.name);
    for (const Reading& reading : readings)
        if (std::find(names.begin(), names.end(), reading.quantity()) == names.end())
            names.push_back(reading.quantity());
    return names;
}

}  // namespace

std::string full_table(const std::vector<Reading>& readings) {
    if (readings.empty()) return "<p class=\"quiet\">No estimates.</p>\n";
    const bool places = std::any_of(readings.begin(), readings.end(), [&](const Reading& reading) {
        return !same_place(reading.place(), readings.front().place());
    });
    std::string html = "<table class=\"full\"><thead><tr><th>quantity</th>";
    if (places) html += "<th>at</th>";
    html +=
        "<th class=\"n\">truth</th><th class=\"n\">estimate</th><th class=\"n\">standard error</th><th class=\"n\">" +
        interval_heading(readings) + "</th><th>unit</th><th class=\"n\">pull</th><th>status</th></tr></thead><tbody>\n";
    const std::size_t shown = std::min(readings.size(), most_rows);
    for (std::size_t r = 0; r < shown; ++r) {
        const Reading& reading = readings[r];
        const NumberStyle style = row_style(reading);
        const bool clean = reading.clean();
        const auto cell = [&](const std::string& content) { html += "<td class=\"n\">" + content + "</td>"; };
        html += clean || !reading.estimate ? "<tr>" : "<tr class=\"marked\">";
        html += "<td>" + quantity_cell(reading) + "</td>";
        if (places) html += "<td class=\"at\">" + place_text(reading.place()) + "</td>";
        cell(truth_cell(reading, style));
        cell(clean ? number(style, reading.estimate->value) : doubtful_value(reading, style));
        cell(clean ? number(style, reading.estimate->standard_error) : "—");
        const bool interval = clean && std::isfinite(reading.estimate->lower) && std::isfinite(reading.estimate->upper);
        cell(interval ? number(style, reading.estimate->lower) + " to " + number(style, reading.estimate->upper) : "—");
        html += "<td>" + escape(unit_label(style)) + "</td>";
        cell(pull_cell(reading, style));
        html += "<td>" + badge(reading) + "</td></tr>\n";
        std::string note = reading.estimate ? reading.estimate->note : "";
        if (reading.truth && !reading.truth->note.empty())
            note += (note.empty() ? "Truth: " : "; truth: ") + reading.truth->note;
        if (!note.empty())
            html += fmt::format("<tr class=\"note\"><td></td><td colspan=\"{}\">{}</td></tr>\n", places ? 8 : 7,
                                escape(note));
    }
    html += "</tbody></table>\n";
    if (shown < readings.size())
        html += fmt::format("<p class=\"quiet\">{} rows more are in the result file, /entry/estimates.</p>\n",
                            readings.size() - shown);
    return html;
}

std::string summary_table(const Group& group) {
    std::string html = "<div class=\"wide\"><table class=\"summary\"><thead><tr><th>" + escape(group.axis) + "</th>";
    std::vector<Reading> all;
    for (const Member& member : group.members) {
        html += "<th>" + escape(member.label) + "</th>";
        for (const Reading& reading : member.readings)
            if (same_place(reading.place(), member.series->abscissa)) all.push_back(reading);
    }
    if (all.empty()) return "";  // all of it belongs to stages
    html += "</tr></thead><tbody>\n";
    for (const std::string& name : ordered_quantities(all)) {
        html += "<tr><th>" + escape(display_symbol(name)) + "</th>";
        for (const Member& member : group.members) {
            const auto at = std::find_if(member.readings.begin(), member.readings.end(), [&](const Reading& reading) {
                return reading.quantity() == name && same_place(reading.place(), member.series->abscissa);
            });
            const bool present = at != member.readings.end();
            const bool died = !member.series->failure.empty();
            html += "<td>" +
                    (present ? summary_cell(*at)
                     : died  ? "<span class=\"badge bad\">failed</span>"
                             : "—") +
                    "</td>";
        }
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n";
}

std::string provenance_table(const Result& result) {
    if (result.provenance.empty()) return "<p class=\"quiet\">No provenance was recorded.</p>\n";
    std::string html = "<table class=\"provenance\"><tbody>\n";
    for (const auto& [key, value] : result.provenance)
        html += "<tr><th>" + escape(key) + "</th><td>" + escape(value) + "</td></tr>\n";
    return html + "</tbody></table>\n";
}

std::string definitions_table(const std::vector<Reading>& readings) {
    if (readings.empty()) return "";
    std::string html =
        "<table class=\"definitions\"><thead><tr><th>symbol</th><th>name</th><th>unit</th><th>definition</th>"
        "<th>source</th></tr></thead><tbody>\n";
    for (const std::string& name : ordered_quantities(readings)) {
        const auto known = quantities();
        const auto at = std::find_if(known.begin(), known.end(), [&](const Quantity& row) { return row.name == name; });
        if (at == known.end()) continue;
        html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                            escape(display_symbol(name)), escape(name), escape(display_unit(at->unit)),
                            escape(at->definition), escape(at->source));
    }
    return html + "</tbody></table>\n";
}

}  // namespace vitrum::report
