#include "vitrum/validation/study_report/study_report.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/io/text/output_path.hpp"
#include "vitrum/report/page/html.hpp"
#include "vitrum/report/page/markup.hpp"
#include "vitrum/report/page/page.hpp"
#include "vitrum/report/page/style_sheet.hpp"
#include "vitrum/validation/study_report/study_figures.hpp"
#include "vitrum/validation/study_report/study_plots.hpp"
#include "vitrum/validation/study_report/study_tables.hpp"

namespace vitrum::validation {

namespace fs = std::filesystem;

namespace {

using report::escape;
using report::Page;

constexpr std::string_view how_to_read = R"html(<h3>How to read this</h3>
<ul>
<li>Verdicts are about estimators under the stated conditions, never about a paper: they say what a procedure can and
cannot show.</li>
<li><b>PASS</b>: the whole 95 % interval of the measure lies within its margin. <b>FAIL</b>: wholly outside.
<b>UNDECIDED</b>: neither, with the replicates that would decide. The level is shared out over all verdicts by Holm's
method.</li>
<li>Measures speak of the replicates that gave an estimate; failures are counted first and never drawn again.</li>
<li>Numbers after ± are Monte Carlo standard errors of the study itself.</li>
<li>Two planted defects, a bias of three margins and standard errors halved, must FAIL wherever a margin is judged;
where one does not, the study cannot see what it should and the verdict is VOID.</li>
</ul>
)html";

void section(Page& page, const std::string& title, const std::string& table, const std::string& before = "") {
    if (table.empty()) return;
    page << "<section>\n<h2>" << escape(title) << "</h2>\n" << before << table << "</section>\n";
}

std::string verdict_counts(const Assessment& a) {
    std::size_t count[4] = {0, 0, 0, 0};
    for (const auto& v : a.verdicts)
        if (v.decision != Decision::none) ++count[static_cast<std::size_t>(v.decision)];
    if (count[0] + count[1] + count[2] + count[3] == 0)
        return "<p>An exploratory study: no cell is confirmatory, so there are no verdicts.</p>\n";
    return fmt::format(
        "<p><span class=\"ok\">{} PASS</span>, <span class=\"far\">{} FAIL</span>, {} UNDECIDED, {} "
        "VOID.</p>\n",
        count[0], count[1], count[2], count[3]);
}

void write_head(Page& page, const StoredStudy& s, const Assessment& a) {
    const std::string title = escape(s.study.title);
    page << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
         << title << "</title>\n<style>" << report::style_sheet() << "</style>\n</head>\n<body>\n<main>\n<h1>" << title
         << "</h1>\n";
    if (!s.study.question.empty()) page << "<p class=\"question\">" << escape(s.study.question) << "</p>\n";
    std::size_t died = 0;
    for (const auto& r : s.outcomes.replicates) died += r.failure.empty() ? 0 : 1;
    page << fmt::format("<p class=\"facts\">{} cells, {} replicates, {} methods; a source died in {} replicates.</p>\n",
                        s.study.cells.size(), s.outcomes.replicates.size(), s.study.method_names.size(), died);
    if (a.is_void)
        page << "<div class=\"failure\"><p>This study is void: no planted defect was found. More replicates, or wider "
                "margins, are needed.</p></div>\n";
    for (const auto& quantity : never_given(s.study, s.outcomes))
        page << "<div class=\"failure\"><p>" << escape(quantity) << " is judged, but no replicate gave it.</p></div>\n";
    page << verdict_counts(a);
    if (s.study.deviations.empty()) return;
    page << "<div class=\"statements\"><h3>Deviations from the frozen plan</h3>\n<ul>\n";
    for (const auto& line : s.study.deviations) page << "<li>" << escape(line) << "</li>\n";
    page << "</ul></div>\n";
}

void write_figures(Page& page, const std::vector<StudyFigure>& figures) {
    if (figures.empty()) return;
    std::string about;
    bool grid = false;
    const auto grid_of = [&](bool wanted) {
        if (wanted != grid) page << (wanted ? "<div class=\"grid\">\n" : "</div>\n");
        grid = wanted;
    };
    for (const auto& figure : figures) {
        if (figure.about != about) {
            grid_of(false);
            page << (about.empty() ? "" : "</section>\n") << "<section>\n<h2>" << escape(figure.about) << "</h2>\n";
            about = figure.about;
        }
        grid_of(figure.kind != StudyFigure::Kind::points);
        page << (grid ? "<figure>" : "<figure class=\"single\">") << "\n<h3>" << escape(figure.title) << "</h3>\n";
        page.figure(plot_of(figure), figure.title);
        page << report::html("<figcaption>{} <span class=\"quiet\">{}.csv</span></figcaption>\n</figure>\n",
                             figure.caption, io::plain_file_name(figure.name));
    }
    grid_of(false);
    page << "</section>\n";
}

void write_origin(Page& page, const StoredStudy& s) {
    page << "<section>\n<h2>What was run</h2>\n<table class=\"provenance\"><tbody>\n";
    for (const auto& [key, value] : s.provenance)
        page << "<tr><td>" << escape(key) << "</td><td>" << escape(value) << "</td></tr>\n";
    page << "<tr><td>frozen plan, SHA-256</td><td>" << escape(s.study.frozen) << "</td></tr>\n</tbody></table>\n"
         << "<details><summary>The study; it runs again</summary><pre>" << escape(s.study.input)
         << "</pre></details>\n<details><summary>The first cell's scenario, defaults filled in</summary><pre>"
         << escape(s.study.cells.front().scenario.resolved) << "</pre></details>\n</section>\n";
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
}

std::string csv_of(const StudyFigure& figure) {
    const Curve& first = figure.curves.front();
    const auto titled = [](const std::string& name, const std::string& unit) {
        return quoted(unit.empty() ? name : fmt::format("{} [{}]", name, unit));
    };
    const bool heat = figure.kind == StudyFigure::Kind::heat;
    std::string text = fmt::format("curve,{},{}{}\n", titled(first.x_name, first.x_unit),
                                   titled(first.y_name, first.y_unit), heat ? ",value" : ",lower,upper");
    for (std::size_t c = 0; c < figure.curves.size(); ++c) {
        const Curve& curve = figure.curves[c];
        for (std::size_t i = 0; i < curve.size(); ++i) {
            std::string rest = ",";
            if (heat) rest = fmt::format("{:.10g}", curve.weight[i]);
            if (c < figure.lower.size()) rest = fmt::format("{:.6g},{:.6g}", figure.lower[c][i], figure.upper[c][i]);
            text += fmt::format("{},{:.10g},{:.10g},{}\n", quoted(curve.name), curve.x[i], curve.y[i], rest);
        }
    }
    return text;
}

std::string csv_of_measures(const StoredStudy& s, const Assessment& a) {
    std::string text = "cell,quantity,method,truth,measure,value,mcse,lower,upper,replicates\n";
    for (const auto& score : a.scores) {
        const Estimand& e = s.outcomes.estimands[score.estimand];
        const std::string place = e.abscissa.label();
        for (const auto& m : score.own)
            text += fmt::format("{},{},{},{:.10g},{},{:.10g},{:.4g},{:.8g},{:.8g},{}\n",
                                quoted(s.study.cells[score.cell].label),
                                quoted(place.empty() ? e.quantity : e.quantity + " at " + place), quoted(e.method),
                                score.mean_truth(), m.name, m.value, m.mcse, m.lower, m.upper, m.replicates);
    }
    return text;
}

void write_text(const fs::path& file, const std::string& text) {
    io::write_and_rename(file, [&](const fs::path& temporary) {
        std::ofstream out(temporary, std::ios::binary);
        if (!(out << text) || !out.flush())
            throw RunError(fmt::format("cannot write '{}': is the disk full?", file.string()));
    });
}

}  // namespace

void write_study_report(const StoredStudy& s, const Assessment& a, const std::vector<StudyFigure>& figures,
                        const fs::path& html) {
    Page page;
    write_head(page, s, a);
    section(page, "Replicates without an estimate", counts_table(s.study, s.outcomes, a));
    section(page, "Planted defects that were not found", control_table(s.study, s.outcomes, a));
    section(page, "Verdicts", verdict_overview(s.study, s.outcomes, a),
            "<p class=\"quiet\">The value of each measure, and whether it lies within its margin.</p>\n");
    section(page, "Margins of exploratory cells", verdict_table(s.study, s.outcomes, a, true),
            "<p class=\"quiet\">No verdict: these cells are not confirmatory.</p>\n");
    section(page, "Error against size", slope_table(s.study, s.outcomes, a),
            "<p class=\"quiet\">-1/2 is noise that averages out, 0 a bias that does not.</p>\n");
    section(page, "Where it breaks", breakdown_table(s.study, s.outcomes, a));
    section(page, "Against the reference method", comparison_table(s.study, s.outcomes, a));
    write_figures(page, figures);
    section(page, "Every verdict", verdict_table(s.study, s.outcomes, a, false));
    section(page, "All measures", measure_table(s.study, s.outcomes, a));
    write_origin(page, s);
    page << "<footer>\n" << how_to_read << "</footer>\n</main>\n</body>\n</html>\n";
    const std::string text = page.str();

    const fs::path folder = fs::path(html).replace_extension("").string() + "_csv";
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) throw RunError(fmt::format("cannot make the folder '{}': {}", folder.string(), failed.message()));
    for (const auto& figure : figures) write_text(folder / (io::plain_file_name(figure.name) + ".csv"), csv_of(figure));
    write_text(folder / "measures.csv", csv_of_measures(s, a));
    write_text(html, text);
}

}  // namespace vitrum::validation
