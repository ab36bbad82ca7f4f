#include "vitrum/report/html_report.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "vitrum/core/error.hpp"
#include "vitrum/report/figures/grouping.hpp"

namespace vitrum {
namespace {

namespace fs = std::filesystem;

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t n = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++n;
    return n;
}

bool has(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

TwoTimeMap small_map(std::size_t frames) {
    TwoTimeMap map;
    map.frames = frames;
    map.frame_time = 0.1;
    map.values.resize(frames * frames);
    for (std::size_t i = 0; i < frames; ++i)
        for (std::size_t j = 0; j < frames; ++j)
            map(i, j) = 1 + 0.2 * std::exp(-0.1 * std::abs(static_cast<double>(i) - static_cast<double>(j)));
    return map;
}

Curve decay(const std::string& name) {
    Curve curve;
    curve.name = name;
    curve.x_unit = "s";
    for (int i = 1; i < 30; ++i) {
        curve.x.push_back(0.1 * i);
        curve.y.push_back(1 + 0.2 * std::exp(-0.1 * i));
        curve.y_error.push_back(0.01);
    }
    return curve;
}

SeriesResult series(const std::string& name, const std::string& source, Abscissa place) {
    SeriesResult result;
    result.name = name;
    result.source = source;
    result.source_name = source == "landscape_speckle" ? "landscape" : name;
    result.title = "Title of " + name;
    result.abscissa = std::move(place);
    result.frames = 30;
    result.pixels = 100;
    result.map = small_map(30);
    result.g2 = decay("g2");
    result.fit = decay("fit");
    result.estimates = {make_estimate("tau", {}, 1.05, 0.025, 60, Status::ok, "a note on <tau>")};
    result.truth.add("tau", {}, 1.0, Origin::closed_form);
    result.truth.add(decay("g2"), Origin::closed_form);
    return result;
}

Abscissa at_pressure(std::int64_t index, double pressure) { return {{"pressure", index, pressure, "GPa"}}; }

Result example() {
    Result result;
    result.title = "Title <1> & \"more\"";
    result.question = "Is it so?";
    result.scenario = "seed = 7  # <scenario>\n";
    result.statements = {"It shows <this>."};
    result.provenance = {{"seed", "7"}, {"data hash", "abc<>"}};
    result.series = {series("speckle", "speckle", {})};
    return result;
}

TEST(HtmlReport, hasAllSections) {
    const std::string html = render_report(example());
    EXPECT_TRUE(has(html, "<h1>Title &lt;1&gt; &amp; &quot;more&quot;</h1>"));
    EXPECT_TRUE(has(html, "Is it so?"));
    EXPECT_TRUE(has(html, "It shows &lt;this&gt;."));
    EXPECT_TRUE(has(html, "Title of speckle"));
    EXPECT_TRUE(has(html, "What was run"));
    EXPECT_TRUE(has(html, "seed = 7  # &lt;scenario&gt;"));
    EXPECT_TRUE(has(html, "abc&lt;&gt;"));
    EXPECT_TRUE(has(html, "Definitions"));
    EXPECT_TRUE(has(html, "relaxation time of F"));
    EXPECT_TRUE(has(html, "a note on &lt;tau&gt;"));
    EXPECT_TRUE(has(html, "1.050"));
    EXPECT_TRUE(has(html, "+2.0"));  // the pull
    EXPECT_TRUE(has(html, "closed form"));
    EXPECT_EQ(count(html, "<svg "), 1U);
    EXPECT_EQ(count(html, "<img src=\"data:image/png;base64,"), 1U);
    EXPECT_FALSE(has(html, "# <scenario>"));
}

TEST(HtmlReport, needsNothingElse) {
    const std::string html = render_report(example());
    EXPECT_FALSE(has(html, "http://"));
    EXPECT_FALSE(has(html, "https://"));
    EXPECT_FALSE(has(html, "<script"));
    EXPECT_FALSE(has(html, "<link"));
    EXPECT_FALSE(has(html, "@import"));
    // Every reference is to data in the page or to a place in it.
    const std::regex reference("(?:src|href)=[\"']([^\"']{0,5})");
    for (std::sregex_iterator at(html.begin(), html.end(), reference), end; at != end; ++at)
        EXPECT_TRUE((*at)[1].str().starts_with("data:") || (*at)[1].str().starts_with("#")) << at->str();
}

TEST(HtmlReport, identifiersAreUnique) {
    Result result = example();
    result.series.push_back(series("other", "speckle", {}));
    const std::string html = render_report(result);
    std::vector<std::string> found;
    const std::regex identifier(" id=[\"']([^\"']*)");
    for (std::sregex_iterator at(html.begin(), html.end(), identifier), end; at != end; ++at)
        found.push_back((*at)[1].str());
    std::sort(found.begin(), found.end());
    EXPECT_GT(found.size(), 20U);
    EXPECT_EQ(std::adjacent_find(found.begin(), found.end()), found.end());
}

TEST(HtmlReport, failureIsShown) {
    Result result = example();
    SeriesResult dead;
    dead.name = dead.source_name = "cuzr";
    dead.source = "cuzr";
    dead.title = "Quench";
    dead.failure = "the worker died with status 1\nERROR: Lost atoms <1023>\nlast command: run 1";
    result.series.push_back(dead);
    const std::string html = render_report(result);
    EXPECT_TRUE(has(html,
                    "<div class=\"failure\"><p>Quench failed: the worker died with status 1</p><pre>ERROR: Lost atoms "
                    "&lt;1023&gt;\nlast command: run 1</pre>"));
}

TEST(HtmlReport, statusOtherThanOkIsMarkedAndNoCleanNumber) {
    const std::vector<std::pair<Status, std::string>> marked{{Status::at_bound, "at a bound"},
                                                             {Status::not_converged, "did not converge"},
                                                             {Status::decay_not_reached, "decay not reached"},
                                                             {Status::not_resolved, "not resolved"},
                                                             {Status::no_data, "no data"}};
    for (const auto& [status, text] : marked) {
        Result result;
        SeriesResult one;
        one.name = one.source = one.source_name = "speckle";
        one.estimates = {make_estimate("tau", {}, 7.654321, 0.0321, 60, status, "")};
        one.truth.add("tau", {}, 7.5, Origin::closed_form);
        result.series = {one};
        const std::string html = render_report(result);
        EXPECT_TRUE(has(html, "<span class=\"badge bad\">" + text + "</span>")) << text;
        EXPECT_FALSE(has(html, "0.032")) << text;                 // its error
        EXPECT_FALSE(has(html, "<td class=\"n\">7.65")) << text;  // a number that stands alone
        EXPECT_FALSE(has(html, "+4.8")) << text;                  // its pull
        const bool stopped_somewhere = status != Status::not_converged && status != Status::no_data;
        EXPECT_EQ(has(html, "[7.654]"), stopped_somewhere) << text;
    }
    // "ok" does not make a number of what is none.
    Result result;
    SeriesResult one;
    one.name = one.source = one.source_name = "speckle";
    one.estimates = {Estimate{.quantity = "tau", .unit = "s", .abscissa = {}, .note = ""}};
    result.series = {one};
    EXPECT_TRUE(has(render_report(result), "<span class=\"badge bad\">no number</span>"));
}

TEST(HtmlReport, referenceGivesADifferenceAndNoPull) {
    Result result = example();
    result.series[0].truth = {};
    result.series[0].truth.add("tau", {}, 1.0, Origin::reference);
    const std::string html = render_report(result);
    EXPECT_TRUE(has(html, "+0.050<br><small>paired difference</small>"));
    EXPECT_FALSE(has(html, "+2.0<"));
}

TEST(HtmlReport, pressuresStandUnderOneHeading) {
    Result result = example();
    for (int i = 0; i < 3; ++i) {
        auto one = series("landscape_" + std::to_string(i + 1), "landscape_speckle", at_pressure(i, 2.0 * i));
        one.truth.rows[0].origin = Origin::imposed;
        if (i == 1) one.estimates[0].abscissa = one.abscissa;  // some repeat the place, some do not
        if (i == 2) one.truth.rows[0].abscissa = one.abscissa;
        result.series.push_back(one);
    }
    for (int i = 0; i < 2; ++i) {
        const Abscissa place{named("source", 1, "landscape"), {"pressure", i, 1.0 + 2 * i, "GPa"}};
        result.estimates.push_back(make_estimate("activation_volume", place, 3.2, 0.2, 60, Status::ok, ""));
        result.truth.add("activation_volume", place, 3.1, Origin::imposed);
    }
    const report::Grouping grouping = report::group_series(result);
    ASSERT_EQ(grouping.groups.size(), 2U);
    EXPECT_EQ(grouping.groups[1].members.size(), 3U);
    EXPECT_EQ(grouping.groups[1].over_members.size(), 2U);
    EXPECT_TRUE(grouping.elsewhere.empty());
    for (const auto& member : grouping.groups[1].members) {
        ASSERT_EQ(member.readings.size(), 1U);
        EXPECT_NEAR(member.readings[0].pull, 2.0, 1e-9) << member.label;
    }
    EXPECT_TRUE(has(render_report(result), "Landscape_speckle, 0 to 4 GPa</h2>")) << "without a text by its name";
    const std::string html =
        render_report(result, {{"landscape_speckle", "Two-level landscape", "Said once, in the table of sources."}});
    EXPECT_TRUE(has(html, "Two-level landscape, 0 to 4 GPa</h2>"));
    EXPECT_TRUE(has(html, "<p>Said once, in the table of sources.</p>"));
    EXPECT_TRUE(has(html, "τ against pressure. Truth: imposed."));
    EXPECT_TRUE(has(html, "V_app against pressure. Truth: imposed."));
    EXPECT_LT(html.find("τ against pressure"), html.find("V_app against pressure"));
    EXPECT_LT(html.find("V_app against pressure"), html.find("Two-time maps"));
    EXPECT_EQ(count(html, "<h2>"), 3U);  // speckle, landscape, what was run
    EXPECT_EQ(count(html, "<img "), 4U);
}

TEST(HtmlReport, mapAloneWithoutTruth) {
    Result result;
    SeriesResult one;
    one.name = one.source = one.source_name = "file";
    one.title = "scan <42>";
    one.frames = 20;
    one.map = small_map(20);
    one.map->time_unit = "frames";
    one.map->frame_time = 1;
    result.series = {one};
    const std::string html = render_report(result);
    EXPECT_TRUE(has(html, "scan &lt;42&gt;"));
    EXPECT_EQ(count(html, "<img "), 1U);
    EXPECT_EQ(count(html, "<svg "), 0U);
    EXPECT_TRUE(has(html, "No estimates."));
    EXPECT_FALSE(has(html, ">nan"));
}

TEST(HtmlReport, emptyResults) {
    EXPECT_TRUE(has(render_report({}), "This run has no series."));
    Result result;
    result.series.resize(1);
    result.series[0].map = TwoTimeMap{};
    result.series[0].g2 = Curve{};
    result.series[0].fit = Curve{};
    result.series[0].traces.resize(1);
    const std::string html = render_report(result);
    EXPECT_TRUE(has(html, "No estimates."));
    EXPECT_FALSE(has(html, "<svg "));
    EXPECT_FALSE(has(html, "<img "));
}

TEST(HtmlReport, curvesWithUnknownPointsAreDrawn) {
    Result result = example();
    SeriesResult& one = result.series[0];
    one.g2->x[0] = 0;
    one.g2->y[3] = not_a_number;
    one.g2->y_error[4] = not_a_number;
    for (double& value : one.map->values) value = not_a_number;
    one.fit->y.assign(one.fit->y.size(), not_a_number);
    EXPECT_TRUE(has(render_report(result), "<svg "));
    one.g2->y_error.clear();
    one.g2->y.assign(one.g2->y.size(), 1.0);  // without any spread
    one.truth = {};
    EXPECT_TRUE(has(render_report(result), "<svg "));
}

TEST(HtmlReport, isWrittenBesideItsPlaceAndRenamed) {
    std::string pattern = (fs::temp_directory_path() / "vitrum-test-XXXXXX").string();
    const fs::path folder = mkdtemp(pattern.data());
    const fs::path html = folder / "a report.html";
    write_report({}, html);
    std::ifstream in(html, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    EXPECT_EQ(text, render_report({}));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
    EXPECT_THROW(write_report({}, folder / "missing" / "r.html"), RunError);
    fs::create_directories(folder / "taken.html" / "inside");
    EXPECT_THROW(write_report({}, folder / "taken.html"), RunError);
    // Nothing is left beside them, and no link is followed on the way.
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 2);
    std::ofstream(folder / "other") << "mine";
    fs::create_symlink("other", folder / ("a report.html.writing-" + std::to_string(getpid())));
    fs::create_symlink("other", folder / "a report.html.part");
    write_report({}, html);
    EXPECT_EQ(fs::file_size(folder / "other"), 4U);
    fs::remove(html);
    fs::create_symlink("other", html);
    write_report({}, html);
    EXPECT_FALSE(fs::is_symlink(html));
    EXPECT_EQ(fs::file_size(folder / "other"), 4U);
    fs::remove_all(folder);
}

// Two thousand series, as a long sweep makes them: the page opens, names all of them and says where the rest is.
TEST(HtmlReport, APageOfManySeriesHasASizeThatOpens) {
    Result result;
    for (int i = 0; i < 2000; ++i) result.series.push_back(series(fmt::format("one_{}", i), "speckle", {}));
    const std::string page = render_report(result);
    EXPECT_LT(page.size(), 30e6);
    EXPECT_TRUE(has(page, "Title of one_1999"));
    EXPECT_TRUE(has(page, "A page shows 100 of them"));
    // Of one source over many pressures: one group, whose table and figures end.
    result.series.clear();
    for (std::size_t i = 0; i < 2000; ++i) {
        result.series.push_back(series(fmt::format("landscape_{}", i + 1), "landscape_speckle",
                                       at_pressure(static_cast<std::int64_t>(i), 0.01 * static_cast<double>(i))));
        result.series.back().g2 = decay("g2");
    }
    const std::string sweep = render_report(result);
    EXPECT_LT(sweep.size(), 30e6);
    EXPECT_LE(count(sweep, "<img ") + count(sweep, "<svg "), 240U);
    EXPECT_TRUE(has(sweep, "Not drawn, since a page has 240 figures at most"));
}

}  // namespace
}  // namespace vitrum
