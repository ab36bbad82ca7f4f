#include "vitrum/validation/study_report/study_tables.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/report/page/html.hpp"
#include "vitrum/report/page/number_text.hpp"
#include "vitrum/validation/study/shapes.hpp"

namespace vitrum::validation {

namespace {

using report::escape;

std::string head(const std::vector<const char*>& columns, std::size_t texts) {
    std::string html = "<div class=\"wide\"><table>\n<thead><tr>";
    for (std::size_t i = 0; i < columns.size(); ++i)
        html += fmt::format("<th{}>{}</th>", i < texts ? "" : " class=\"n\"", columns[i]);
    return html + "</tr></thead>\n<tbody>\n";
}

constexpr auto foot = "</tbody></table></div>\n";

std::string number(double value, const char* format = "{:.4g}") {
    return std::isfinite(value) ? fmt::format(fmt::runtime(format), value) : "—";
}

// "0.953 ± 0.005" of a measure.
std::string with_error(const Measure* m) {
    if (!m || !std::isfinite(m->value)) return "—";
    return report::number_text(m->value, m->mcse, "");
}

std::string what_of(const Outcomes& outcomes, std::uint32_t estimand) {
    const Estimand& e = outcomes.estimands[estimand];
    return Family{e.quantity, e.series, e.abscissa, {}}.title();
}

std::string start(const Study& study, const Outcomes& outcomes, std::uint32_t cell, std::uint32_t estimand) {
    return fmt::format("<tr><td class=\"at\">{}</td><td class=\"at\">{}</td><td>{}</td>",
                       escape(study.cells[cell].label), escape(what_of(outcomes, estimand)),
                       escape(outcomes.estimands[estimand].method));
}

const char* style_of(Decision d) { return d == Decision::pass ? "ok" : d == Decision::fail ? "far" : "doubt"; }

std::string decision_cell(Decision d) {
    return fmt::format("<td><span class=\"{}\">{}</span></td>", style_of(d), name(d));
}

}  // namespace

std::string counts_table(const Study& study, const Outcomes& outcomes, const Assessment& a) {
    std::string rows;
    for (const auto& s : a.scores) {
        if (s.counts.failed() == 0 && s.counts.without_error == 0) continue;
        rows += start(study, outcomes, s.cell, s.estimand);
        rows += fmt::format("<td class=\"n\">{}</td><td class=\"n\">{}</td>", s.counts.attempted, s.counts.ok());
        for (std::size_t k = 1; k < s.counts.by_status.size(); ++k)
            rows += fmt::format("<td class=\"n\">{}</td>", s.counts.by_status[k]);
        rows += fmt::format("<td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n", s.counts.missing,
                            s.counts.without_error);
    }
    if (rows.empty()) return "";
    return head({"cell", "quantity", "method", "attempted", "ok", "at bound", "not converged", "decay not reached",
                 "not resolved", "no data", "no row", "ok, no error"},
                3) +
           rows + foot;
}

std::string verdict_table(const Study& study, const Outcomes& outcomes, const Assessment& a, bool exploratory) {
    std::string rows;
    for (const auto& v : a.verdicts) {
        if ((v.decision == Decision::none) != exploratory) continue;
        rows += start(study, outcomes, v.cell, v.estimand);
        rows += fmt::format(
            "<td>{}</td>{}<td class=\"n\">{}</td><td class=\"n\">{} … {}</td><td class=\"n\">{} … {}</td>"
            "<td class=\"n\">{}</td></tr>\n",
            escape(v.measure), decision_cell(v.decision), number(v.found.value), number(v.found.lower),
            number(v.found.upper), number(v.low), number(v.high),
            v.decision == Decision::undecided ? number(v.replicates_to_decide, "{:.0f}") : "");
    }
    if (rows.empty()) return "";
    return head({"cell", "quantity", "method", "measure", "verdict", "value", "95 % interval", "margin",
                 "replicates to decide"},
                5) +
           rows + foot;
}

std::string verdict_overview(const Study& study, const Outcomes& outcomes, const Assessment& a) {
    std::string html;
    for (const auto& family : families_of(outcomes)) {
        std::vector<std::pair<std::uint32_t, std::string>> columns;  // estimand, measure
        for (const std::uint32_t e : family.estimands)
            for (const auto& v : a.verdicts)
                if (const std::pair column{e, v.measure};
                    v.estimand == e && v.decision != Decision::none &&
                    std::find(columns.begin(), columns.end(), column) == columns.end())
                    columns.push_back(column);
        if (columns.empty()) continue;
        html += "<h3>" + escape(family.title()) + "</h3>\n<div class=\"wide\"><table>\n<thead><tr><th>cell</th>";
        for (const auto& [e, measure] : columns)
            html +=
                fmt::format("<th>{}<br><small>{}</small></th>", escape(outcomes.estimands[e].method), escape(measure));
        html += "</tr></thead>\n<tbody>\n";
        for (std::uint32_t c = 0; c < study.cells.size(); ++c) {
            if (!study.cells[c].confirmatory) continue;
            html += fmt::format("<tr><td class=\"at\">{}</td>", escape(study.cells[c].label));
            for (const auto& [e, measure] : columns) {
                const auto at =
                    std::find_if(a.verdicts.begin(), a.verdicts.end(), [&, e = e, m = &measure](const Verdict& v) {
                        return v.cell == c && v.estimand == e && v.measure == *m;
                    });
                if (at == a.verdicts.end())
                    html += "<td class=\"quiet\">—</td>";
                else
                    html += fmt::format("<td class=\"at\"><span class=\"{}\">{}</span> <small>{}</small></td>",
                                        style_of(at->decision), name(at->decision), number(at->found.value, "{:.3g}"));
            }
            html += "</tr>\n";
        }
        html += foot;
    }
    return html;
}

std::string measure_table(const Study& study, const Outcomes& outcomes, const Assessment& a) {
    std::string rows;
    for (const auto& s : a.scores) {
        rows += start(study, outcomes, s.cell, s.estimand);
        rows +=
            fmt::format("<td class=\"n\">{}</td><td class=\"n\">{}</td>", s.counts.accepted, number(s.mean_truth()));
        for (const char* measure : {"mean", "bias", "empirical_se", "rmse", "model_se", "model_se_error", "coverage",
                                    "coverage_with_rejected", "bias_eliminated_coverage", "pull_mean", "pull_width"})
            rows += fmt::format("<td class=\"n\">{}</td>", with_error(s.find(measure)));
        rows += fmt::format("<td class=\"n\">{}</td><td>{}</td></tr>\n", with_error(s.find("efficiency")),
                            s.bound.kind == BoundKind::none
                                ? "no bound"
                                : fmt::format("{}: {}", name(s.bound.kind), escape(s.bound.source)));
    }
    return head({"cell", "quantity", "method", "n", "truth", "mean", "bias", "spread", "rmse", "reported error",
                 "its error [%]", "coverage", "coverage, rejected laws in", "coverage, bias out", "pull mean",
                 "pull width", "efficiency", "bound"},
                3) +
           rows + foot;
}

std::string comparison_table(const Study& study, const Outcomes& outcomes, const Assessment& a) {
    std::string rows;
    for (const auto& s : a.scores) {
        // The same estimate by both, with another error perhaps, says nothing.
        if (s.against_reference.empty() || s.against_reference.back().mcse == 0) continue;
        rows += start(study, outcomes, s.cell, s.estimand);
        for (const auto& m : s.against_reference)
            rows += fmt::format("<td class=\"n\">{}</td><td class=\"n\">{} … {}</td>", with_error(&m), number(m.lower),
                                number(m.upper));
        rows += "</tr>\n";
    }
    if (rows.empty()) return "";
    return head({"cell", "quantity", "method", "gain in precision [%]", "95 % interval", "difference of errors",
                 "95 % interval"},
                3) +
           rows + foot;
}

std::string slope_table(const Study& study, const Outcomes& outcomes, const Assessment& a) {
    std::string rows;
    for (const auto& s : slopes_of(study, outcomes, a))
        rows += fmt::format(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
            "<td class=\"n\">{}</td></tr>\n",
            escape(s.axis), escape(what_of(outcomes, s.estimand)), escape(outcomes.estimands[s.estimand].method),
            escape(s.elsewhere), report::number_text(s.slope, s.error, ""), number(s.chi2_per_degree, "{:.1f}"),
            s.points);
    if (rows.empty()) return "";
    return head({"against", "quantity", "method", "at", "slope of ln RMSE", "chi2 per degree", "points"}, 4) + rows +
           foot;
}

std::string breakdown_table(const Study& study, const Outcomes& outcomes, const Assessment& a) {
    std::string rows;
    for (const auto& b : breakdowns_of(study, outcomes, a))
        rows += fmt::format(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td>"
            "</tr>\n",
            escape(what_of(outcomes, b.estimand)), escape(outcomes.estimands[b.estimand].method), escape(b.elsewhere),
            number(b.last_good), number(b.first_bad), escape(b.why));
    if (rows.empty()) return "";
    return head({"quantity", "method", "at", "holds up to", "breaks at", "by its"}, 3) + rows + foot;
}

std::string control_table(const Study& study, const Outcomes& outcomes, const Assessment& a) {
    std::string rows;
    for (const auto& c : a.controls)
        if (c.verdict.decision != Decision::fail)
            rows += start(study, outcomes, c.verdict.cell, c.verdict.estimand) +
                    fmt::format("<td>{}</td>{}<td class=\"n\">{} … {}</td><td class=\"n\">{} … {}</td></tr>\n",
                                escape(c.defect), decision_cell(c.verdict.decision), number(c.verdict.found.lower),
                                number(c.verdict.found.upper), number(c.verdict.low), number(c.verdict.high));
    if (rows.empty()) return "";
    return head({"cell", "quantity", "method", "planted defect", "verdict", "95 % interval", "margin"}, 5) + rows +
           foot;
}

}  // namespace vitrum::validation
