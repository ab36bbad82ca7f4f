#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "vitrum/app/commands.hpp"
#include "vitrum/app/json.hpp"
#include "vitrum/app/json_estimate.hpp"
#include "vitrum/app/print.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/text/output_path.hpp"
#include "vitrum/pipeline/compare/compare.hpp"
#include "vitrum/pipeline/sources/sources.hpp"
#include "vitrum/report/html_report.hpp"

namespace vitrum::app {

namespace fs = std::filesystem;

namespace {

constexpr std::array compared{"tau", "beta", "contrast", "heterogeneity_width", "heterogeneity_floor"};

const Estimate* found(const SeriesResult& series, std::string_view quantity) {
    const auto at = std::find_if(series.estimates.begin(), series.estimates.end(),
                                 [&](const Estimate& e) { return e.quantity == quantity && e.abscissa.empty(); });
    return at == series.estimates.end() ? nullptr : &*at;
}

bool clean(const Estimate* e) { return e && e->status == Status::ok && std::isfinite(e->value); }

std::string text_of(const Estimate* e) {
    if (!e) return "-";
    if (!clean(e)) return std::string(name(e->status));
    return std::isfinite(e->standard_error) ? fmt::format("{:.4g} +- {:.2g}", e->value, e->standard_error)
                                            : fmt::format("{:.4g}", e->value);
}

void print_table(const Result& result) {
    print("{:<32}", "place");
    for (const char* quantity : compared) print(" {:<22}", quantity);
    print(" scan\n");
    for (const auto& series : result.series) {
        print("{:<32}", series.abscissa.label());
        for (const char* quantity : compared) {
            const Estimate* e = found(series, quantity);
            print(" {:<22}", text_of(e) + (clean(e) && !e->unit.empty() ? " " + e->unit : ""));
        }
        print(" {}\n", series.name);
    }
    for (const auto& e : result.estimates) {
        print("{:<32} {:<24} ", e.quantity, e.abscissa.label());
        const std::string unit = e.unit.empty() ? "" : " " + e.unit;
        if (std::isfinite(e.standard_error))
            print("{:.6g} +- {:.2g}{}   ", e.value, e.standard_error, unit);
        else if (std::isfinite(e.value))
            print("{:.6g}{} without an error  ", e.value, unit);
        print("{}{}\n", name(e.status), e.note.empty() ? "" : "; " + e.note);
    }
    for (const auto& statement : result.statements) print("note: {}\n", statement);
}

// Numbers alone, so that estimators read it: words are numbered, names stand in comments.
std::string csv_of(const Result& result) {
    std::vector<Coordinate> places;
    for (const auto& series : result.series)
        for (const Coordinate& c : series.abscissa)
            if (std::none_of(places.begin(), places.end(), [&](const Coordinate& p) { return p.name == c.name; }))
                places.push_back(c);
    std::string text = "# nan: no clean estimate\n";
    for (const Coordinate& c : places)
        if (!c.text.empty()) {
            text += fmt::format("# {}:", c.name);
            std::vector<std::string> said;
            for (const auto& series : result.series)
                if (const Coordinate* at = series.abscissa.find(c.name);
                    at && std::find(said.begin(), said.end(), at->text) == said.end()) {
                    text += fmt::format(" {} = {}", at->index, at->text);
                    said.push_back(at->text);
                }
            text += '\n';
        }
    for (std::size_t i = 0; i < result.series.size(); ++i)
        text += fmt::format("# row {}: {}\n", i + 1, result.series[i].name);
    std::string header;
    const auto column = [&](const std::string& name, const std::string& unit) {
        header += (header.empty() ? "" : ", ") + name + (unit.empty() ? "" : " [" + unit + "]");
    };
    for (const Coordinate& c : places) column(c.name, c.text.empty() ? c.unit : "");
    for (const char* quantity : compared) {
        const std::string unit = std::string(quantity) == "tau" ? [&] {
            for (const auto& series : result.series)
                if (const Estimate* e = found(series, "tau")) return e->unit;
            return std::string();
        }()
                                                                : "";
        column(quantity, unit);
        column(std::string(quantity) + "_error", unit);
    }
    text += header + '\n';
    for (const auto& series : result.series) {
        std::string row;
        const auto field = [&](double value, bool known) {
            row += (row.empty() ? "" : ", ") + (known && std::isfinite(value) ? fmt::format("{}", value) : "nan");
        };
        for (const Coordinate& c : places) {
            const Coordinate* at = series.abscissa.find(c.name);
            field(at ? (c.text.empty() ? at->value : static_cast<double>(at->index)) : 0, at || !c.text.empty());
        }
        for (const char* quantity : compared) {
            const Estimate* e = found(series, quantity);
            field(e ? e->value : 0, clean(e));
            field(e ? e->standard_error : 0, clean(e));
        }
        text += row + '\n';
    }
    return text;
}

void print_comparison_json(const pipeline::Comparison& c) {
    Json document = {{"along", c.along}, {"scans", Json::array()}, {"estimates", Json::array()}};
    for (const auto& series : c.result.series) {
        Json scan = {{"name", series.name}, {"source", series.source_name}, {"place", as_json(series.abscissa)}};
        scan["estimates"] = Json::array();
        for (const char* quantity : compared)
            if (const Estimate* e = found(series, quantity)) scan["estimates"].push_back(as_json(*e));
        document["scans"].push_back(scan);
    }
    for (const auto& e : c.result.estimates) document["estimates"].push_back(as_json(e));
    document["notes"] = c.result.statements;
    document["left_out"] = c.unknown;
    document["provenance"] = Json::object();
    for (const auto& [key, value] : c.result.provenance) document["provenance"][key] = value;
    print_json(document);
}

}  // namespace

int compare(const std::vector<std::string>& files, const CompareOptions& options, const Common& common, bool json) {
    pipeline::CompareRequest request;
    request.results.assign(files.begin(), files.end());
    request.along = options.along;
    request.over = options.over;
    if (!options.temperature.empty())
        request.temperature = parse_with_unit(options.temperature, Dimension::temperature, "--temperature");
    if (request.temperature && !(*request.temperature > 0))
        throw InputError(fmt::format("--temperature: is '{}'; above 0 K", options.temperature));
    for (const auto& text : options.places) {
        const auto at = text.find('=');
        if (at == std::string::npos || at == 0 || at + 1 == text.size())
            throw InputError(fmt::format("--place {}: write NAME=/PATH or NAME=VALUE,VALUE,... UNIT", text));
        request.places.emplace_back(text.substr(0, at), text.substr(at + 1));
    }
    std::vector<fs::path> inputs = request.results;
    if (!options.over.empty()) inputs.push_back(request.over);
    if (!common.output.empty()) {
        if (fs::path(common.output).extension() != ".csv")
            throw InputError(fmt::format("the output '{}' is a table: it ends in .csv", common.output));
        io::check_output(common.output, inputs, common.force);
    }
    if (!common.report.empty()) {
        io::check_output(common.report, inputs, common.force);
        vitrum::check_figure_program();
    }
    const auto comparison = pipeline::compare(request);
    if (!common.output.empty())
        io::write_and_rename(common.output, [&](const fs::path& file) {
            std::ofstream text(file);
            text << csv_of(comparison.result);
            if (!text.flush())
                throw RunError(fmt::format("cannot write '{}': {}", common.output, std::strerror(errno)));
        });
    if (!common.report.empty()) vitrum::write_report(comparison.result, common.report, pipeline::source_texts());
    if (json) {
        print_comparison_json(comparison);
        return 0;
    }
    print_table(comparison.result);
    if (!common.output.empty()) print("output  {}\n", common.output);
    if (!common.report.empty()) print("report  {}\n", common.report);
    return 0;
}

}  // namespace vitrum::app
