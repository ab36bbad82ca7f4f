#include "vitrum/pipeline/compare/compare.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/text/csv.hpp"
#include "vitrum/pipeline/across/across.hpp"
#include "vitrum/pipeline/across/scan_places.hpp"
#include "vitrum/pipeline/compare/scan_facts.hpp"
#include "vitrum/pipeline/config/provenance.hpp"

namespace vitrum::pipeline {

namespace {

constexpr std::array places{"pressure", "temperature", "time"};

std::string unit_of(const std::string& coordinate) { return std::string(native_unit(dimension_of(coordinate))); }

using Settings = std::vector<Coordinate>;  // of each scan

Settings settings_along(const std::string& coordinate, const std::vector<Scan>& scans) {
    std::vector<double> values;
    for (const Scan& scan : scans) values.push_back(scan.at(coordinate));
    return settings_of(coordinate, unit_of(coordinate), values);
}

std::string chosen_coordinate(const CompareRequest& request, const std::vector<Scan>& scans) {
    if (!request.along.empty()) return request.along;
    for (const char* coordinate : places) {
        const auto settings = settings_along(coordinate, scans);
        if (std::any_of(settings.begin(), settings.end(), [](const Coordinate& c) { return c.index > 0; }))
            return coordinate;
    }
    throw InputError(
        "the scans stand at one pressure and temperature, or at none that is known, and have no start_time; say where "
        "they are with --place pressure=\"1, 2, 3 GPa\" or --place pressure=/entry/SERIES/traces/NAME/value");
}

// A place in words: "2 GPa, 300 K, decompression".
std::string place_text(const Abscissa& place) {
    std::string text;
    for (const Coordinate& c : place)
        text += (text.empty() ? "" : ", ") + (c.text.empty() ? fmt::format("{:.4g} {}", c.value, c.unit) : c.text);
    return text;
}

// The series along one coordinate. Along time, each setting of the others is a source of its own.
Result placed(const std::vector<Scan>& scans, const std::string& along) {
    Result result;
    std::array<Settings, places.size()> settings;
    for (std::size_t k = 0; k < places.size(); ++k) settings[k] = settings_along(places[k], scans);
    for (std::size_t i = 0; i < scans.size(); ++i) {
        const Scan& scan = scans[i];
        Abscissa at;
        Abscissa others;
        for (std::size_t k = 0; k < places.size(); ++k) {
            const Coordinate& here = settings[k][i];
            if (here.index < 0) continue;
            if (places[k] == along)
                at.push_back(here);
            else if (std::string(places[k]) != "time")
                others.push_back(here);
        }
        if (at.empty()) continue;
        if (scan.branch >= 0)
            others.push_back(named("branch", scan.branch, scan.branch ? "decompression" : "compression"));
        SeriesResult series = scan.series;
        const Coordinate* region = series.abscissa.find("region");
        series.source_name = series.source == "file" ? "scans" : series.source_name;
        if (along == "time") {
            if (!others.empty()) series.source_name += " at " + place_text(others);
        } else {
            at.insert(at.end(), others.begin(), others.end());
        }
        if (region) at.push_back(*region);
        series.abscissa = at;
        result.series.push_back(std::move(series));
    }
    return result;
}

std::vector<SourcePlan> sources_of(const Result& result) {
    std::vector<SourcePlan> sources;
    for (const auto& series : result.series) {
        if (std::any_of(sources.begin(), sources.end(), [&](const auto& s) { return s.name == series.source_name; }))
            continue;
        sources.emplace_back();
        sources.back().name = series.source_name;
        sources.back().kind = series.source;
    }
    return sources;
}

// Of scans at one place the first alone, with the mean tau over them.
Result once_a_place(const Result& result) {
    Result once;
    for (const auto& series : result.series) {
        const auto same = [&](const SeriesResult& s) {
            return s.source_name == series.source_name && same_place(s.abscissa, series.abscissa);
        };
        if (std::any_of(once.series.begin(), once.series.end(), same)) continue;
        once.series.push_back(series);
        SeriesResult& first = once.series.back();
        if (std::count_if(result.series.begin(), result.series.end(), same) < 2) continue;
        std::erase_if(first.estimates, [](const Estimate& e) { return e.quantity == "tau"; });
        for (const Estimate& e : result.estimates) {
            const Coordinate* source = e.abscissa.find("source");
            if (e.quantity != "tau_over_scans" || !source || source->text != series.source_name ||
                !same_place(e.abscissa.without("source"), series.abscissa))
                continue;
            Estimate tau = e;
            tau.quantity = "tau";
            tau.abscissa = {};
            first.estimates.push_back(std::move(tau));
        }
    }
    return once;
}

void run_rows(const toml::value& tables, std::initializer_list<std::string_view> wanted, Result& result) {
    const auto sources = sources_of(result);
    for (const auto& step : read_across(sources, &tables, nullptr, "compare"))
        if (std::find(wanted.begin(), wanted.end(), step.name) != wanted.end()) step.run(sources, result);
}

void along_pressure(std::optional<double> temperature, Result& result) {
    Result once = once_a_place(result);
    toml::value tables = toml::table{};
    for (const auto& source : sources_of(once)) {
        std::optional<double> kelvin = temperature;
        for (const auto& series : once.series)
            if (const Coordinate* t = series.abscissa.find("temperature");
                t && !kelvin && series.source_name == source.name)
                kelvin = t->value;
        if (!kelvin) {
            result.statements.push_back(
                "No temperature is known, so that activation volumes and the crossover are left out: --temperature.");
            continue;
        }
        tables["volume"] = toml::table{{"estimator", "tau_of_pressure"},
                                       {"source", source.name},
                                       {"temperature", with_unit(*kelvin, Dimension::temperature)}};
        run_rows(tables, {"volume"}, once);
    }
    run_rows(toml::table{}, {"branches"}, once);
    std::move(once.estimates.begin(), once.estimates.end(), std::back_inserter(result.estimates));
}

// Of settings with three scans or more at different times.
void ageing(const std::vector<Scan>& scans, Result& result) {
    Result aged = placed(scans, "time");
    const auto many = [&](const SeriesResult& series) {
        std::vector<double> times;
        for (const auto& other : aged.series)
            if (other.source_name == series.source_name) times.push_back(other.abscissa.front().value);
        std::sort(times.begin(), times.end());
        return std::unique(times.begin(), times.end()) - times.begin() >= 3;
    };
    Result kept;
    for (const auto& series : aged.series)
        if (many(series)) kept.series.push_back(series);
    if (kept.series.empty()) return;
    const toml::value tables =
        toml::table{{"ageing", toml::table{{"estimator", "ageing_law"}, {"of", "tau"}, {"along", "time"}}}};
    run_rows(tables, {"ageing"}, kept);
    std::move(kept.estimates.begin(), kept.estimates.end(), std::back_inserter(result.estimates));
    std::move(kept.statements.begin(), kept.statements.end(), std::back_inserter(result.statements));
}

// Points of others in the group of ours.
void lay_over(const std::filesystem::path& file, const std::string& along, Result& result) {
    const Columns table = io::read_csv(file);
    const Column* x = table.find({along});
    if (!x) throw InputError(fmt::format("'{}' has no column '{}'", file.string(), along));
    const double factor = x->unit.empty() ? 1 : unit_factor(x->unit, dimension_of(along), file.string() + ": " + along);
    const SeriesResult& ours = result.series.front();
    std::vector<SeriesResult> points;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        SeriesResult point;
        point.name = fmt::format("{}_{}", file.stem().string(), row + 1);
        point.source = ours.source;
        point.source_name = ours.source_name;
        point.title = fmt::format("{}, row {}", file.filename().string(), row + 1);
        point.abscissa = {{along, static_cast<std::int64_t>(row), factor * x->values[row], unit_of(along)},
                          named("published", 1, file.stem().string())};
        for (const char* quantity : {"tau", "beta", "contrast", "heterogeneity_width"}) {
            const Column* y = table.find({quantity});
            if (!y || !std::isfinite(y->values[row])) continue;
            const double scale =
                std::string(quantity) == "tau" && !y->unit.empty() ? unit_factor(y->unit, Dimension::time, "tau") : 1;
            const Column* error = table.find({std::string(quantity) + "_error"});
            point.estimates.push_back(
                make_estimate(quantity, {}, scale * y->values[row], error ? scale * error->values[row] : not_a_number,
                              std::numeric_limits<double>::infinity(), Status::ok, "as published"));
        }
        if (!point.estimates.empty() && std::isfinite(x->values[row])) points.push_back(std::move(point));
    }
    if (points.empty())
        throw InputError(
            fmt::format("'{}' has no points: columns {}, tau, and if known tau_error, beta, contrast, "
                        "heterogeneity_width",
                        file.string(), along));
    std::move(points.begin(), points.end(), std::back_inserter(result.series));
}

}  // namespace

Comparison compare(const CompareRequest& request) {
    const auto scans = read_scans(request);
    Comparison out;
    out.along = chosen_coordinate(request, scans);
    out.result = placed(scans, out.along);
    for (const Scan& scan : scans)
        if (!std::isfinite(scan.at(out.along))) out.unknown.push_back(scan.series.name);
    if (out.result.series.size() < 2)
        throw InputError(fmt::format("fewer than two scans have a {}; say where they are with --place {}=...",
                                     out.along, out.along));
    Result& result = out.result;
    result.title = fmt::format("{} scans against {}", result.series.size(), out.along);
    result.provenance = provenance();
    std::vector<std::string> files;
    for (const auto& file : request.results) files.push_back(file.filename().string());
    result.provenance.emplace_back("results", fmt::format("{}", fmt::join(files, ", ")));
    run_rows(toml::table{}, {"scans"}, result);
    if (out.along == "pressure") along_pressure(request.temperature, result);
    ageing(scans, result);
    if (!out.unknown.empty())
        result.statements.push_back(
            fmt::format("Without a {}, and left out: {}.", out.along, fmt::join(out.unknown, ", ")));
    if (!request.over.empty()) lay_over(request.over, out.along, result);
    return out;
}

}  // namespace vitrum::pipeline
