#include "vitrum/report/sections.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/report/figures/curve_figure.hpp"
#include "vitrum/report/figures/g2_figure.hpp"
#include "vitrum/report/figures/map_figure.hpp"
#include "vitrum/report/figures/pressure_figure.hpp"
#include "vitrum/report/figures/trace_figure.hpp"
#include "vitrum/report/page/html.hpp"
#include "vitrum/report/page/number_text.hpp"
#include "vitrum/report/tables.hpp"

namespace vitrum::report {

namespace {

std::string series_title(const SeriesResult& series) { return series.title.empty() ? series.name : series.title; }

std::string size_text(const SeriesResult& series, const SourceTexts& texts) {
    std::string text;
    if (series.frames > 0) text = fmt::format("{} frames", series.frames);
    if (series.pixels > 0) {
        const SourceText* source = find_text(texts, series.source);
        text += fmt::format(" × {} {}", series.pixels, source ? source->pixels : "pixels");
    }
    if (series.frames > 0 && series.pixels == 0) text += ", as a two-time map";
    return text;
}

void failure_box(Page& page, const SeriesResult& series) {
    if (series.failure.empty()) return;
    const std::size_t newline = series.failure.find('\n');
    page << "<div class=\"failure\"><p>" << escape(series_title(series))
         << " failed: " << escape(series.failure.substr(0, newline)) << "</p>";
    if (newline != std::string::npos) page << "<pre>" << escape(series.failure.substr(newline + 1)) << "</pre>";
    page << "</div>\n";
}

// Each note once; of a group, with the members that it concerns unless it concerns all.
void notes(Page& page, const Group& group) {
    std::vector<std::pair<std::string, std::vector<std::string>>> found;
    for (const Member& member : group.members)
        for (const std::string& note : member.series->notes) {
            auto at = std::find_if(found.begin(), found.end(), [&](const auto& entry) { return entry.first == note; });
            if (at == found.end()) at = found.insert(found.end(), {note, {}});
            at->second.push_back(member.label);
        }
    if (found.empty()) return;
    std::string common;
    std::string single;
    for (const auto& [note, labels] : found) {
        if (labels.size() >= group.members.size())
            common += "<li>" + escape(note) + "</li>\n";
        else
            single += "<li>" + escape(fmt::format("At {}: {}", fmt::join(labels, ", "), note)) + "</li>\n";
    }
    if (!common.empty()) page << "<ul>\n" << common << "</ul>\n";
    if (!single.empty())
        page << "<details><summary>Notes on single series</summary><ul>\n" << single << "</ul></details>\n";
}

std::string map_caption(const Thumbnail& map, const TwoTimeMap& whole) {
    std::string text = fmt::format("{0} × {0} frames", whole.frames);
    if (map.block > 1) text += fmt::format(", each cell the mean of {0} × {0}", map.block);
    if (!whole.diagonal_valid) text += "; the diagonal is not measured and drawn from its neighbours";
    return text + ".";
}

constexpr auto map_explanation =
    "Two-time correlation map C(t₁, t₂). The colours span the 1st to 99th percentile of the values off the diagonal; "
    "what lies outside has the end colour.";

void single_series(Page& page, const Member& member) {
    const SeriesResult& series = *member.series;
    const bool map = series.map && drawable(*series.map);
    const bool g2 = has_g2(series);
    if (map || g2) page << "<div class=\"pair\">\n";
    if (map) {
        const Thumbnail small = shrink(*series.map, 700);
        const auto beside = traces_on_axis(series.traces, *series.map);
        page << "<figure>";
        page.figure(map_figure(small, colour_range(small), 980, beside), "Two-time map of " + series_title(series));
        page << "<figcaption>" << map_explanation << " " << map_caption(small, *series.map)
             << (beside.empty() ? "" : " Below it, on its time axis, what was recorded beside the frames.")
             << "</figcaption></figure>\n";
    }
    if (g2) {
        page << "<figure>";
        page.figure(g2_figure(series, false), "g2 against lag of " + series_title(series));
        page << "<figcaption>g₂ against lag"
             << (series.g2->y_error.empty() ? "." : "; error bars or band: ± one standard error.");
        if (!series.g2->error_method.empty()) page << " Errors: " << escape(series.g2->error_method) << ".";
        page << " " << residual_caption(series) << "</figcaption></figure>\n";
    }
    if (map || g2) page << "</div>\n";
}

void correlation_trace(Page& page, const SeriesResult& series, bool folded) {
    if (!series.trace ||
        std::none_of(series.trace->y.begin(), series.trace->y.end(), [](double v) { return std::isfinite(v); }))
        return;
    if (folded) page << "<details><summary>" << escape("Correlation at lag tau of " + series.name) << "</summary>";
    page << "<figure class=\"single\">";
    page.figure(correlation_trace_figure(*series.trace), "C(t, t + tau) of " + series_title(series));
    page << "<figcaption>C(t, t + τ) against t. Band: where 95 % of the values lie if nothing but noise moves them ("
         << escape(series.trace->error_method) << ").</figcaption></figure>";
    if (folded) page << "</details>";
    page << "\n";
}

void traces(Page& page, const SeriesResult& series, const std::string& summary, bool below_map) {
    const auto drawn =
        std::count_if(series.traces.begin(), series.traces.end(), [](const TimeSeries& t) { return drawable(t); });
    if (drawn == 0) return;
    if (below_map && series.map && traces_on_axis(series.traces, *series.map).size() == static_cast<std::size_t>(drawn))
        return;
    page << "<details><summary>" << escape(summary) << "</summary><figure class=\"single\">";
    page.figure(trace_figure(series.traces), "Traces of " + series_title(series));
    page << "<figcaption>Traces recorded beside the frames.</figcaption></figure></details>\n";
}

void panel_figures(Page& page, const Group& group) {
    std::vector<Panel> large;
    std::vector<Panel> small;
    for (Panel& panel : panels(group))
        (panel.quantity == "tau" || crowded(panel) ? large : small).push_back(std::move(panel));
    const auto figure = [&](const Panel& panel, bool compact) {
        page << (compact ? "<figure>" : "<figure class=\"single\">");
        page.figure(panel_figure(panel, compact), panel.quantity + " against " + group.axis);
        page << "<figcaption>" << panel_caption(panel) << (compact ? "" : " Bars: ± one standard error.")
             << "</figcaption></figure>\n";
    };
    for (const Panel& panel : large) figure(panel, false);
    if (small.empty()) return;
    page << "<div class=\"grid\">\n";
    for (const Panel& panel : small) figure(panel, true);
    page << "</div>\n<p class=\"facts\">" << panel_legend(small) << "</p>\n";
}

void curve_grid(Page& page, const Group& group) {
    const std::vector<CurveSet> sets = curve_sets(group);
    if (sets.empty()) return;
    page << "<h3>Curves</h3>\n<div class=\"grid\">\n";
    for (const CurveSet& set : sets) {
        page << "<figure>";
        page.figure(curve_figure(set, true), set.name);
        page << "<figcaption>" << curve_caption(set) << "</figcaption></figure>\n";
    }
    page << "</div>\n";
}

void map_grid(Page& page, const Group& group) {
    std::vector<std::pair<const Member*, Thumbnail>> maps;
    for (const Member& member : group.members)
        if (member.series->map && drawable(*member.series->map))
            maps.emplace_back(&member, shrink(*member.series->map, 440));
    if (maps.empty()) return;
    Range colours;
    for (const auto& [member, small] : maps) {
        const Range own = colour_range(small);
        colours.include(own.low);
        colours.include(own.high);
    }
    const std::string first = map_caption(maps.front().second, *maps.front().first->series->map);
    const bool alike = std::all_of(maps.begin(), maps.end(), [&](const auto& entry) {
        return map_caption(entry.second, *entry.first->series->map) == first;
    });
    page << "<h3>Two-time maps</h3>\n<p class=\"facts\">" << map_explanation << " All maps share one colour scale. "
         << (alike ? first : "") << "</p>\n<div class=\"grid\">\n";
    for (const auto& [member, small] : maps) {
        page << "<figure><p class=\"label\">" << escape(member->label) << "</p>";
        page.figure(map_figure(small, colours, 720), "Two-time map at " + member->label);
        if (!alike) page << "<figcaption>" << map_caption(small, *member->series->map) << "</figcaption>";
        page << "</figure>\n";
    }
    page << "</div>\n";
}

void g2_grid(Page& page, const Group& group) {
    std::vector<const Member*> with_g2;
    for (const Member& member : group.members)
        if (has_g2(*member.series)) with_g2.push_back(&member);
    if (with_g2.empty()) return;
    page << "<h3>Correlation functions</h3>\n<figure class=\"single\">";
    page.figure(g2_overlay(group), "g2 against lag at every " + group.axis);
    page << "<figcaption>g₂ against lag at every " << escape(group.axis)
         << ": points are the data, lines the fits.</figcaption></figure>\n<div class=\"grid\">\n";
    for (const Member* member : with_g2) {
        page << "<figure><p class=\"label\">" << escape(member->label) << "</p>";
        page.figure(g2_figure(*member->series, true), "g2 against lag at " + member->label);
        page << "</figure>\n";
    }
    page << "</div>\n<p class=\"facts\">Each g₂ with ± one standard error. "
         << residual_caption(*with_g2.front()->series);
    if (!with_g2.front()->series->g2->error_method.empty())
        page << " Errors: " << escape(with_g2.front()->series->g2->error_method) << ".";
    page << "</p>\n";
}

void several_series(Page& page, const Group& group) {
    panel_figures(page, group);
    page << "<h3>Estimates</h3>\n" << summary_table(group);
    constexpr std::size_t many = 30;
    if (group.over_members.size() > many)
        page << "<details><summary>Means over independent quenches</summary>\n"
             << full_table(group.over_members) << "</details>\n";
    else if (!group.over_members.empty())
        page << full_table(group.over_members);
    page << "<details><summary>All estimates with intervals and notes</summary>\n"
         << full_table(group.all_readings()) << "</details>\n";
    curve_grid(page, group);
    map_grid(page, group);
    g2_grid(page, group);
}

}  // namespace

std::string heading(const Group& group, const SourceTexts& texts) {
    if (!group.several()) return series_title(*group.members.front().series);
    const SourceText* text = find_text(texts, group.source);
    std::string unit = display_unit(group.axis_unit);
    if (!unit.empty()) unit = " " + unit;
    const std::string title = text ? std::string(text->title) : capitalised(group.source);
    std::string rest = group.rest.label();
    if (!rest.empty()) rest = ", " + rest;
    return fmt::format("{}, {:.4g} to {:.4g}{}{}", title, group.members.front().position, group.members.back().position,
                       unit, rest);
}

void write_section(Page& page, const Group& group, const std::string& anchor, const SourceTexts& texts) {
    page << "<section id=\"" << anchor << "\">\n<h2>" << escape(heading(group, texts)) << "</h2>\n";
    if (const SourceText* text = find_text(texts, group.source)) page << "<p>" << text->description << "</p>\n";
    const SeriesResult& first = *group.members.front().series;
    const bool alike = std::all_of(group.members.begin(), group.members.end(), [&](const Member& member) {
        return size_text(*member.series, texts) == size_text(first, texts);
    });
    std::string facts = fmt::format("Source {}", group.name);
    if (group.name != group.source) facts += fmt::format(" ({})", group.source);
    if (group.several()) facts += fmt::format(", {} series", group.members.size());
    if (alike && !size_text(first, texts).empty())
        facts += ", " + std::string(group.several() ? "each " : "") + size_text(first, texts);
    if (!group.several() && !first.abscissa.empty()) facts += ", at " + first.abscissa.label();
    page << "<p class=\"facts\">" << escape(facts) << "</p>\n";
    for (const Member& member : group.members) failure_box(page, *member.series);
    if (group.several()) {
        several_series(page, group);
    } else {
        panel_figures(page, group);
        single_series(page, group.members.front());
        correlation_trace(page, *group.members.front().series, false);
        curve_grid(page, group);
        page << full_table(group.all_readings());
    }
    if (group.several())
        for (const Member& member : group.members) correlation_trace(page, *member.series, true);
    notes(page, group);
    for (const Member& member : group.members)
        traces(page, *member.series, group.several() ? "Traces at " + member.label : "Traces beside the frames",
               !group.several());
    page << "</section>\n";
}

}  // namespace vitrum::report
