#include "vitrum/report/html_report.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/files/owned.hpp"
#include "vitrum/report/figures/grouping.hpp"
#include "vitrum/report/page/gnuplot.hpp"
#include "vitrum/report/page/html.hpp"
#include "vitrum/report/page/page.hpp"
#include "vitrum/report/page/style_sheet.hpp"
#include "vitrum/report/sections.hpp"
#include "vitrum/report/tables.hpp"

namespace vitrum {

namespace {

using namespace report;

constexpr std::string_view how_to_read = R"html(<h3>How to read the tables</h3>
<ul>
<li><b>Truth</b> says where it comes from. <i>Closed form</i>: an exact formula. <i>Imposed</i>: put in by hand; nothing
about its mechanism is tested. <i>Recorded</i>: a hidden path that the generator logged. <i>Reference</i>: computed
another way from the same atoms, so that it shares their noise.</li>
<li><b>Pull</b> is (estimate − truth) / standard error. For an unbiased estimator with honest errors it lies within ±2
about 95 times in 100; beyond ±3 it is printed in red. Against a reference the paired difference is given instead,
since the common noise makes a pull meaningless.</li>
<li><b>Status</b> other than ok means that there is no estimate. A value in grey brackets is where the estimator stopped; it
is not a result. <i>Law rejected</i>: the fit is good as fits go, but the points do not follow the law; the number is its best
fit. The probability of such a misfit is a row of its own, p.</li>
</ul>
)html";

constexpr std::size_t most_sections = 100;

std::vector<Reading> all_readings(const Grouping& grouping) {
    std::vector<Reading> all = grouping.elsewhere;
    for (const Group& group : grouping.groups) {
        const auto own = group.all_readings();
        all.insert(all.end(), own.begin(), own.end());
    }
    return all;
}

void write_head(Page& page, const Result& result) {
    const std::string title = escape(result.title.empty() ? "Report" : result.title);
    page << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
         << title << "</title>\n<style>" << style_sheet() << "</style>\n</head>\n<body>\n<main>\n<h1>" << title
         << "</h1>\n";
    if (!result.question.empty()) page << "<p class=\"question\">" << escape(result.question) << "</p>\n";
    if (result.statements.empty()) return;
    page << "<div class=\"statements\"><h3>What this run can and cannot show</h3>\n<ul>\n";
    for (const std::string& statement : result.statements) page << "<li>" << escape(statement) << "</li>\n";
    page << "</ul></div>\n";
}

void write_contents(Page& page, const std::vector<Group>& groups, const SourceTexts& texts) {
    if (groups.size() < 2) return;
    page << "<nav><ul>\n";
    for (std::size_t i = 0; i < groups.size(); ++i) {
        std::size_t failed = 0;
        for (const Member& member : groups[i].members) failed += member.series->failure.empty() ? 0U : 1U;
        page << fmt::format("<li><a href=\"#source{}\">{}</a>", i + 1, escape(heading(groups[i], texts)));
        if (failed > 0)
            page << "<span class=\"badge bad\">"
                 << (groups[i].several() ? fmt::format("{} of {} failed", failed, groups[i].members.size()) : "failed")
                 << "</span>";
        page << " <span class=\"quiet\">" << escape(groups[i].name) << "</span></li>\n";
    }
    page << "</ul></nav>\n";
}

// By name alone: a page has to open.
void write_rest(Page& page, const std::vector<Group>& groups, std::size_t from, const SourceTexts& texts) {
    page << fmt::format(
        "<section id=\"rest\">\n<h2>Further series</h2>\n<p>A page shows {} of them; the estimates and curves of these "
        "{} "
        "are in the result file.</p>\n<ul>\n",
        from, groups.size() - from);
    for (std::size_t i = from; i < groups.size(); ++i)
        page << fmt::format("<li id=\"source{}\">{} <span class=\"quiet\">{}</span></li>\n", i + 1,
                            escape(heading(groups[i], texts)), escape(groups[i].name));
    page << "</ul></section>\n";
}

void write_origin(Page& page, const Result& result) {
    page << "<section id=\"run\">\n<h2>What was run</h2>\n" << provenance_table(result);
    if (!result.scenario.empty())
        page << "<details><summary>Scenario, with all defaults filled in</summary><pre>" << escape(result.scenario)
             << "</pre></details>\n";
    page << "</section>\n";
}

}  // namespace

void check_figure_program() {
    for (const Picture picture : {Picture::svg, Picture::png}) {
        Plot plot;
        plot.picture = picture;
        plot.width = plot.height = 100;
        plot.script = "plot 0";
        try {
            static_cast<void>(draw(plot));
        } catch (const RunError& error) {
            throw InputError(
                fmt::format("{}; the report needs gnuplot 5 with the svg and pngcairo terminals, as in the "
                            "package gnuplot-nox",
                            error.what()));
        }
    }
}

std::string render_report(const Result& result, const SourceTexts& texts) {
    const Grouping grouping = group_series(result);
    Page page;
    write_head(page, result);
    write_contents(page, grouping.groups, texts);
    if (result.series.empty()) page << "<p class=\"quiet\">This run has no series.</p>\n";
    const std::size_t shown = std::min(grouping.groups.size(), most_sections);
    for (std::size_t i = 0; i < shown; ++i)
        write_section(page, grouping.groups[i], fmt::format("source{}", i + 1), texts);
    if (shown < grouping.groups.size()) write_rest(page, grouping.groups, shown, texts);
    if (!grouping.elsewhere.empty())
        page << "<section id=\"over\">\n<h2>Over several series</h2>\n"
             << full_table(grouping.elsewhere) << "</section>\n";
    write_origin(page, result);
    const std::vector<Reading> readings = all_readings(grouping);
    page << "<footer>\n" << how_to_read;
    if (!readings.empty()) page << "<h3>Definitions</h3>\n" << definitions_table(readings);
    page << "</footer>\n</main>\n</body>\n</html>\n";
    return page.str();
}

void write_report(const Result& result, const std::filesystem::path& html, const SourceTexts& texts) {
    const std::string text = render_report(result, texts);
    const Owned own = Owned::file(html.string() + fmt::format(".writing-{}", getpid()));
    errno = 0;
    std::ofstream out(own.path(), std::ios::binary | std::ios::trunc);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    std::error_code failed;
    std::string why;
    if (!out || !own.sync()) why = errno != 0 ? std::strerror(errno) : "write failed";
    if (why.empty()) {
        std::filesystem::rename(own.path(), html, failed);
        if (!failed) return;
        why = failed.message();
    }
    std::filesystem::remove(own.path(), failed);
    throw RunError(fmt::format("cannot write the report {}: {}", html.string(), why));
}

}  // namespace vitrum
