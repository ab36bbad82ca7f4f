#include "vitrum/validation/plan/plan_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

#include "vitrum/core/units.hpp"
#include "vitrum/report/page/html.hpp"
#include "vitrum/report/page/style_sheet.hpp"

namespace vitrum::validation {

namespace {

using Cells = std::vector<std::string>;

struct Part {
    std::string title;
    std::vector<Cells> rows;  // the first names the columns; none = no table
    std::vector<std::string> lines;
};

std::string number(double value, int digits = 4) {
    return std::isfinite(value) ? fmt::format("{:.{}g}", value, digits) : "-";
}

std::string percent(double value) { return std::isfinite(value) ? fmt::format("{:.3g} %", 100 * value) : "-"; }

std::string time(double seconds) {
    const Scale scale = readable_time(seconds);
    return fmt::format("{:.4g} {}", seconds * scale.factor, scale.unit);
}

std::string with_error(const Measure& m, double per = 1) {
    if (!std::isfinite(m.value)) return "-";
    return fmt::format("{:.3g} +- {:.1g}", m.value / per, m.mcse / per);
}

std::string with_limits(const Measure& m) {
    return std::isfinite(m.value) ? fmt::format("{:.2f} [{:.2f}, {:.2f}]", m.value, m.lower, m.upper) : "-";
}

Part facts_of(const Experiment& e) {
    Part p{"What follows from the experiment", {{"", "", "formula"}}, e.notes};
    bool memory = false;
    for (const auto& f : e.facts) {
        memory = memory || f.from_memory;
        p.rows.push_back({f.name, number(f.value) + (f.unit.empty() ? "" : " " + f.unit),
                          f.formula + (f.from_memory ? " (from memory)" : "")});
    }
    if (memory)
        p.lines.emplace_back(
            "\"From memory\": a convention that was not checked against its source; nothing else here "
            "depends on it.");
    return p;
}

Part size_of(const Plan& plan) {
    const auto& s = plan.size;
    Part p{"What was simulated", {}, {}};
    p.lines.push_back(
        fmt::format("{} scans at each tau and each event: {} frames of {}, {} pixels, {} photons per "
                    "pixel and frame. Seed {}.",
                    plan.options.replicates, s.frames, time(s.frame_time), s.rows * s.columns, number(s.mean_count),
                    plan.options.seed));
    if (s.changed()) p.lines.emplace_back("This is smaller than the experiment:");
    p.lines.insert(p.lines.end(), s.notes.begin(), s.notes.end());
    return p;
}

Part forecast_of(const Plan& plan) {
    Part p{"What the fit would give",
           {{"true tau", "quantity", "truth", "bias/truth", "spread/truth", "reported/truth", "coverage of 95 %",
             "no estimate"}},
           {}};
    for (const auto& at : plan.forecasts)
        for (const auto& f : at.quantities)
            p.rows.push_back({time(at.tau) + (at.expected ? " (expected)" : ""), f.quantity, number(f.truth),
                              with_error(f.bias, f.truth), with_error(f.spread, f.truth),
                              with_error(f.reported, f.truth), with_limits(f.coverage),
                              fmt::format("{} of {}", f.without, f.attempted)});
    p.lines.emplace_back(
        "Spread: standard deviation between scans. Reported: the error that the fit gives. Behind +-: "
        "Monte Carlo standard errors of this forecast.");
    return p;
}

Part bounds_of(const Plan& plan) {
    Part p{"Against the Cramer-Rao bound, at the expected tau", {{"quantity", "spread", "bound", "kind", "of"}}, {}};
    const auto at =
        std::find_if(plan.forecasts.begin(), plan.forecasts.end(), [](const ForecastAtTau& f) { return f.expected; });
    bool loose = false;
    for (const auto& f : at->quantities) {
        loose = loose || f.bound.kind == BoundKind::loose;
        p.rows.push_back({f.quantity, number(f.spread.value), number(std::sqrt(f.bound.variance)),
                          std::string(name(f.bound.kind)), f.bound.source});
    }
    if (loose) p.lines.emplace_back("A loose bound is one that nobody reaches.");
    return p;
}

Part change_of(const Plan& plan) {
    const auto& h = plan.heterogeneity;
    Part p{"Smallest change that two scans show", {}, {}};
    p.lines.push_back(std::isfinite(plan.tau_change)
                          ? fmt::format("tau: {} [{}, {}] of tau, between two such scans (two-sided 5 %, power 80 %: "
                                        "(1.960 + 0.842) sqrt(2) spread/tau).",
                                        percent(plan.tau_change), percent(plan.tau_change_lower),
                                        percent(plan.tau_change_upper))
                          : "tau: no number, since too few scans give one.");
    if (plan.tau_change > 0.5)
        p.lines.emplace_back("A change that large is beyond the straight-line formula: read it as \"not to be seen\".");
    if (!std::isfinite(h.excess)) {
        p.lines.emplace_back("Delta C: no number, since too few scans give one.");
        return p;
    }
    p.lines.push_back(
        fmt::format("Delta C of a homogeneous sample (noise alone): {}, between scans +- {} ({} of {} scans "
                    "without a number).",
                    with_error(h.floor), number(h.spread.value, 2), h.without, plan.options.replicates));
    p.lines.push_back(
        fmt::format("Delta C: {} above that floor is found (one-sided 5 %, power 80 %: (1.645 + 0.842) "
                    "spread). Of Gaussian shape that is a Delta C of {} without noise, {} of the contrast.",
                    number(h.excess, 2), number(h.smallest, 2), percent(h.smallest / plan.experiment.contrast)));
    return p;
}

Part events_of(const Plan& plan) {
    Part p{"A sudden rearrangement in the middle of the scan",
           {{"takes of g1", "share of scans that show it (p < 0.05)", "no p-value"}},
           {}};
    for (const auto& e : plan.events)
        p.rows.push_back({e.fraction == 0 ? "nothing: false alarms" : percent(e.fraction), with_limits(e.seen),
                          fmt::format("{} of {}", e.without, plan.options.replicates)});
    p.lines.emplace_back("In brackets: Wilson's 95 % limits. A scan without a p-value counts as not seen.");
    if (plan.size.fit_factor < 0.99)
        p.lines.emplace_back("The experiment is larger than what was simulated: its power is at least this.");
    return p;
}

Part domain_of(const Domain& d) {
    Part p{"Is it inside the validated domain?", {}, {}};
    if (d.study.empty()) {
        p.lines.emplace_back("The study kww is not installed: nothing to compare with.");
        return p;
    }
    p.rows.push_back({"", "here", "study from", "to", ""});
    for (const auto& a : d.axes)
        p.rows.push_back({a.name, number(a.value), number(a.low), number(a.high), a.outside() ? "OUTSIDE" : "inside"});
    p.lines.push_back(fmt::format("Against the cells of the study kww ({}): {}.", d.study,
                                  d.inside() ? "inside" : "OUTSIDE, by more than a factor 2 beyond an end"));
    for (const auto& near : d.nearest) {
        std::string line = fmt::format("Nearest: {} (distance {:.1f} factors of two).", near.label, near.distance);
        for (const auto& stored : near.stored) line += " " + stored + ".";
        p.lines.push_back(line);
    }
    p.lines.push_back(d.result.empty() ? "No result of that study is stored here; `vitrum validate kww` makes one. The "
                                         "forecasts above are new replicates of this experiment."
                                       : fmt::format("Figures of these cells are from {}.", d.result));
    return p;
}

std::vector<Part> parts_of(const Plan& plan, const Domain& domain) {
    return {facts_of(plan.experiment), size_of(plan),   forecast_of(plan), bounds_of(plan),
            change_of(plan),           events_of(plan), domain_of(domain)};
}

std::string padded(const Part& part) {
    std::vector<std::size_t> width;
    for (const auto& row : part.rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i == width.size()) width.push_back(0);
            width[i] = std::max(width[i], row[i].size());
        }
    std::string text;
    for (const auto& row : part.rows) {
        std::string line = " ";
        for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format(" {:<{}} ", row[i], width[i]);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

}  // namespace

std::string plan_text(const Plan& plan, const Domain& domain) {
    std::string text = plan.experiment.title + "\n";
    for (const auto& part : parts_of(plan, domain)) {
        text += "\n" + part.title + "\n" + padded(part);
        for (const auto& line : part.lines) text += "  " + line + "\n";
    }
    return text;
}

std::string plan_page(const Plan& plan, const Domain& domain) {
    using report::escape;
    const std::string title = escape(plan.experiment.title);
    std::string html = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{0}"
        "</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n"
        "<p class=\"question\">What could this measurement see?</p>\n",
        title, report::style_sheet());
    for (const auto& part : parts_of(plan, domain)) {
        html += fmt::format("<section>\n<h2>{}</h2>\n", escape(part.title));
        if (!part.rows.empty()) html += "<div class=\"wide\"><table>\n";
        for (std::size_t r = 0; r < part.rows.size(); ++r) {
            const char* tag = r == 0 ? "th" : "td";
            html += r == 0 ? "<thead><tr>" : "<tr>";
            for (const auto& cell : part.rows[r]) html += fmt::format("<{0}>{1}</{0}>", tag, escape(cell));
            html += r == 0 ? "</tr></thead>\n<tbody>\n" : "</tr>\n";
        }
        if (!part.rows.empty()) html += "</tbody></table></div>\n";
        for (const auto& line : part.lines) html += fmt::format("<p>{}</p>\n", escape(line));
        html += "</section>\n";
    }
    return html + fmt::format(
                      "<details><summary>The study that was run; `vitrum validate` runs it again</summary><pre>"
                      "{}</pre></details>\n</main>\n</body>\n</html>\n",
                      escape(plan.study));
}

}  // namespace vitrum::validation
