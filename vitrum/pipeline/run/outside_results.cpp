#include "vitrum/pipeline/run/outside_results.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <variant>

#include <fmt/format.h>

#include "vitrum/core/interrupt.hpp"
#include "vitrum/outside/run_outside.hpp"
#include "vitrum/pipeline/across/across.hpp"
#include "vitrum/pipeline/truth/join.hpp"

namespace vitrum::pipeline {

namespace {

outside::HandedReplicate handed(const std::vector<Labelled<DataSet>>& sets) {
    outside::HandedReplicate replicate;
    for (const auto& set : sets)
        replicate.data.push_back(
            {std::visit([](const auto& data) -> outside::HandedValues { return &data; }, set.data.data),
             set.data.abscissa});
    return replicate;
}

// Regions that the pixels of a series belong to; 0 alone where there are none.
std::vector<std::int64_t> regions_of(const Data& data) {
    const auto* series = std::get_if<SpeckleSeries>(&data);
    if (!series || series->region.empty()) return {0};
    std::set<std::int64_t> all(series->region.begin(), series->region.end());
    all.erase(0);
    return {all.begin(), all.end()};
}

SeriesResult series_for(const Labelled<DataSet>& set, std::int64_t region) {
    SeriesResult series;
    series.name = region > 0 ? fmt::format("{}_region_{}", set.data.name, region) : set.data.name;
    series.source = set.data.source;
    series.source_name = set.data.source_name;
    series.title = set.data.title;
    series.abscissa = set.data.abscissa;
    if (region > 0) series.abscissa.push_back({"region", region, static_cast<double>(region), ""});
    return series;
}

// What is known and was not answered.
void add_owed(const std::string& why, SeriesResult& series) {
    for (const auto& row : series.truth.rows)
        series.estimates.push_back(
            make_estimate(row.quantity, row.abscissa, not_a_number, not_a_number, 1, Status::no_data, why));
}

// Answers about one data set: ours are series of their regions, at places within them.
void add_series(const Labelled<DataSet>& set, std::vector<Estimate> answers, const std::string& fault, Result& result) {
    std::map<std::int64_t, std::vector<Estimate>> by_region;
    for (const auto region : regions_of(set.data.data)) by_region[region];
    for (Estimate& e : answers) {
        e.abscissa.erase(e.abscissa.begin(),
                         e.abscissa.begin() + static_cast<std::ptrdiff_t>(set.data.abscissa.size()));
        const Coordinate* region = e.abscissa.find("region");
        const std::int64_t number = region ? region->index : 0;
        e.abscissa = e.abscissa.without("region");
        by_region[number].push_back(std::move(e));
    }
    for (auto& [region, rows] : by_region) {
        SeriesResult series = series_for(set, region);
        Findings found;
        if (region > 0) found.part = {{"region", region, static_cast<double>(region), ""}};
        found.estimates = std::move(rows);
        series.truth = join_truth(found, set.truth, {}, 0);
        series.estimates = std::move(found.estimates);
        if (!fault.empty()) add_owed(fault, series);
        result.series.push_back(std::move(series));
    }
}

// An estimate from all data sets together stands where ours of that quantity would: behind its source.
void add_across(const Scenario& scenario, Estimate e, Result& result) {
    for (const SourcePlan& source : scenario.sources) {
        const TruthRow* known = source.combined_truth.find(e.quantity, e.abscissa);
        if (!known && scenario.sources.size() > 1) continue;
        const Abscissa at = Abscissa{source_coordinate(scenario.sources, source.name)}.with(e.abscissa);
        if (known) {
            TruthRow row = *known;
            row.abscissa = at;
            result.truth.rows.push_back(std::move(row));
        }
        e.abscissa = at;
        break;
    }
    result.estimates.push_back(std::move(e));
}

OutsideResult result_of(const Scenario& scenario, const outside::OutsideMethod& method,
                        const std::vector<Labelled<DataSet>>& sets, outside::OutsideOutcome outcome) {
    OutsideResult out;
    if (outcome.fault != outside::Fault::none)
        out.fault = fmt::format("{}: {}{}{}", method.name, name(outcome.fault), outcome.detail.empty() ? "" : ": ",
                                outcome.detail);
    std::vector<std::vector<Estimate>> of_set(sets.size());
    for (auto& answer : outcome.answers) {
        if (answer.data)
            of_set.at(*answer.data).push_back(std::move(answer.estimate));
        else
            add_across(scenario, std::move(answer.estimate), out.result);
    }
    for (std::size_t i = 0; i < sets.size(); ++i) add_series(sets[i], std::move(of_set[i]), out.fault, out.result);
    return out;
}

}  // namespace

OutsideMethod read_outside(Section& section, const std::string& name, const std::filesystem::path& folder, bool look) {
    OutsideMethod method;
    outside::OutsideMethod& m = method.how;
    m.name = name;
    m.command = section.texts("command");
    m.folder = folder.empty() ? "." : folder;
    if (section.has("files"))
        for (const auto& file : section.texts("files")) m.files.emplace_back(file);
    if (section.has("keep")) m.keep = section.texts("keep");
    m.batch = section.count("batch", 1);
    m.limits.wall = section.quantity("wall", Dimension::time, m.limits.wall);
    m.limits.memory = section.number("memory", m.limits.memory);
    m.limits.file = section.number("file", m.limits.file);
    m.limits.folder = section.number("folder", m.limits.folder);
    m.limits.printed = section.number("printed", m.limits.printed);
    const std::string stored = section.has("identity") ? section.text("identity") : "";
    method.identity = stored;
    if (!look) return method;
    section.guard([&] { method.identity = outside::identity(m); });
    if (!stored.empty() && stored != method.identity)
        section.fail("identity", "is that of another program, or of another version of it or its files");
    return method;
}

std::vector<OutsideResult> outside_results(const outside::OutsideMethod& method, const std::vector<MadeReplicate>& made,
                                           const std::filesystem::path& scratch) {
    std::vector<outside::HandedReplicate> replicates;
    for (const auto& one : made) replicates.push_back(handed(*one.sets));
    auto outcomes = outside::run_outside(method, replicates, scratch, [] { return interrupt_requested(); });
    std::vector<OutsideResult> all;
    for (std::size_t i = 0; i < made.size(); ++i)
        all.push_back(result_of(*made[i].scenario, method, *made[i].sets, std::move(outcomes[i])));
    return all;
}

}  // namespace vitrum::pipeline
