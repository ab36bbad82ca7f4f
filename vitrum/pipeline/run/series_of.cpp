#include "vitrum/pipeline/run/series_of.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/run/maps_on_disk.hpp"
#include "vitrum/pipeline/run/run_series.hpp"
#include "vitrum/pipeline/truth/atoms_beside_speckle.hpp"
#include "vitrum/pipeline/truth/join.hpp"

namespace vitrum::pipeline {

namespace {

// What `step` takes of another's findings: a curve, a catalogue or columns.
const Curve* taken_curve(const EstimateStep& step, const Findings& found) {
    if (!step.kind->takes_kind(DataKind::curve)) return nullptr;
    for (const auto& curve : found.curves)
        if (step.take.empty() || curve.name == step.take) return &curve;
    return nullptr;
}

const Data* taken_data(const EstimateStep& step, const Findings& found) {
    for (const auto& [called, data] : found.data)
        if ((step.take.empty() || called == step.take) && step.kind->takes_kind(kind_of(data)) &&
            kind_of(data) != DataKind::map)
            return &data;
    return nullptr;
}

std::vector<Findings> from_findings(const EstimateStep& step, const std::vector<Findings>& earlier) {
    std::vector<Findings> all;
    for (const auto& found : earlier) {
        std::vector<Findings> here;
        if (const Curve* curve = taken_curve(step, found))
            here = step.run(Data(*curve), {});
        else if (const Data* data = taken_data(step, found))
            here = step.run(*data, {});
        else
            throw InputError(fmt::format("estimate.{}: '{}' found no {} that {} takes ({})", step.name, step.from,
                                         step.take.empty() ? "curve, catalogue or columns" : "'" + step.take + "'",
                                         step.kind->name, step.kind->input));
        for (auto& one : here) {
            one.part = found.part.with(one.part);
            one.frames = found.frames;
            one.pixels = found.pixels;
            one.frames_summary = found.frames_summary;
            all.push_back(std::move(one));
        }
    }
    return all;
}

// A further estimate stands beside the default one, which shows all that is true: here only what it estimates itself.
void keep_its_own(const std::vector<Estimate>& rows, GroundTruth& truth) {
    const auto estimated = [&](std::string_view what) {
        return std::any_of(rows.begin(), rows.end(), [&](const Estimate& e) { return e.quantity == what; });
    };
    std::erase_if(truth.rows, [&](const TruthRow& row) { return !estimated(row.quantity); });
    GroundTruth kept;
    for (std::size_t i = 0; i < truth.curves.size(); ++i)
        if (const std::string& name = truth.curves[i].name;
            estimated(name) || (name == "chi4_run" && estimated("chi4")))
            kept.add(truth.curves[i], truth.curve_origins[i]);
    truth.curves = std::move(kept.curves);
    truth.curve_origins = std::move(kept.curve_origins);
}

void add_beside(Findings beside, SeriesResult& series) {
    const auto append = [](auto&& from, auto& to) { std::move(from.begin(), from.end(), std::back_inserter(to)); };
    append(beside.estimates, series.estimates);
    append(beside.curves, series.curves);
    append(beside.notes, series.notes);
}

// `first`: what came with the data set belongs to the series of its first default estimate.
SeriesResult series_from(const Labelled<DataSet>& set, const EstimateStep& step, bool first, Findings& found) {
    const DataSet& data = set.data;
    const Coordinate* region = found.part.find("region");
    const std::string own = step.is_default ? "" : "_" + step.name;
    SeriesResult series;
    series.name = (step.is_default && !data.run.empty() ? data.run : data.name) + own +
                  (region ? fmt::format("_region_{}", region->index) : "");
    series.source = data.source;
    series.source_name = data.source_name + own;
    series.title = data.title + (step.is_default ? "" : ": " + step.name) +
                   (region ? fmt::format(", region {}", region->index) : "");
    series.abscissa = data.abscissa.with(found.part);
    series.frames = found.frames;
    series.frames_summary = step.is_default ? found.frames_summary : nullptr;
    series.pixels = found.pixels;
    series.truth = join_truth(found, set.truth, step.run, step.shift_window);
    if (!step.is_default) keep_its_own(found.estimates, series.truth);
    if (!data.at.empty())
        for (Estimate& e : found.estimates) e.abscissa = data.at.with(e.abscissa);
    for (auto& [called, content] : found.data)
        if (auto* map = std::get_if<TwoTimeMap>(&content)) series.map = std::move(*map);
    for (auto& curve : found.curves) {
        if (curve.name == "g2" && series.map)
            series.g2 = std::move(curve);
        else if (curve.name == "fit" && series.map)
            series.fit = std::move(curve);
        else if (curve.name == "correlation_trace" && series.map)
            series.trace = std::move(curve);
        else
            series.curves.push_back(std::move(curve));
    }
    series.estimates = std::move(found.estimates);
    if (first) {
        series.traces = data.traces;
        series.notes = data.notes;
        if (const auto* speckle = std::get_if<SpeckleSeries>(&data.data); speckle && set.truth.atoms)
            add_beside(atoms_beside_speckle(*set.truth.atoms, *speckle), series);
    }
    series.notes.insert(series.notes.end(), found.notes.begin(), found.notes.end());
    return series;
}

SeriesResult empty_series(const DataSet& data) {
    SeriesResult series;
    series.name = data.run.empty() ? data.name : data.run;
    series.source = data.source;
    series.source_name = data.source_name;
    series.title = data.title;
    series.abscissa = data.abscissa;
    series.traces = data.traces;
    series.notes = data.notes;
    return series;
}

std::string of_stage(const DataSet& data) {
    const Coordinate* stage = data.at.find("stage");
    return stage ? fmt::format("Stage '{}': ", stage->text) : "";
}

// Viewers know the data set by its name.
void name_summaries(const DataSet& data, std::size_t segments, std::vector<Findings>& all) {
    if (all.empty() || !all.front().frames_summary) return;
    auto named = std::make_shared<FramesSummary>(*all.front().frames_summary);
    named->name = data.name;
    if (segments > 0) {
        named->title = data.title;
        named->beamline = data.beamline;
    }
    for (auto& found : all) found.frames_summary = named;
}

}  // namespace

std::vector<SeriesResult> series_of(const Labelled<DataSet>& set, const std::vector<EstimateStep>& steps,
                                    const Extras& extras) {
    std::vector<SeriesResult> all;
    std::vector<std::vector<Findings>> found(steps.size());
    std::vector<std::string> refused;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const EstimateStep& step = steps[i];
        if (step.part != set.data.part) continue;
        try {
            if (step.from.empty()) {
                found[i] = step.run(set.data.data, step.is_default ? extras : Extras{});
            } else {
                const auto earlier = std::find_if(steps.begin(), steps.end(), [&](const auto& s) {
                    return s.part == step.part && s.name == step.from;
                });
                found[i] = from_findings(step, found[static_cast<std::size_t>(earlier - steps.begin())]);
            }
        } catch (const InputError& error) {
            if (!step.optional) throw;
            refused.push_back(
                fmt::format("{}{} could not be measured: {}", of_stage(set.data), step.name, error.what()));
        }
        if (step.is_default) name_summaries(set.data, extras.segments, found[i]);
    }
    std::size_t first = 0;
    while (first < steps.size() && !(steps[first].is_default && !found[first].empty())) ++first;
    for (std::size_t i = 0; i < steps.size(); ++i)
        for (auto& one : found[i]) all.push_back(series_from(set, steps[i], i == first, one));
    if (!refused.empty() && all.empty()) all.push_back(empty_series(set.data));
    if (!all.empty()) all.front().notes.insert(all.front().notes.end(), refused.begin(), refused.end());
    return all;
}

std::vector<SeriesResult> series_of(const std::vector<Labelled<DataSet>>& sets, const std::vector<EstimateStep>& steps,
                                    const Extras& extras) {
    std::vector<SeriesResult> all;
    std::vector<RunSeries> runs;
    for (const auto& set : sets) {
        auto series = series_of(set, steps, extras);
        for (SeriesResult& one : series) {
            if (set.data.run.empty() || one.name != set.data.run) {
                all.push_back(std::move(one));
                continue;
            }
            const auto same = [&](const RunSeries& r) { return r.name() == one.name; };
            auto run = std::find_if(runs.begin(), runs.end(), same);
            if (run == runs.end()) {
                run = runs.insert(runs.end(), RunSeries(all.size()));
                all.emplace_back();
            }
            run->add(std::move(one), set.data.at);
        }
    }
    for (RunSeries& run : runs) all[run.position()] = run.take();
    return all;
}

std::vector<SeriesResult> correlate_labelled(const Labelled<DataSet>& set, const analysis::ChainOptions& chain,
                                             std::size_t segments, const std::filesystem::path& maps, double room) {
    Extras extras{segments, {}};
    if (!maps.empty())
        extras.map_store = [&](const SpeckleSeries& series) {
            return std::make_unique<MapsOnDisk>(maps, series, segments, room);
        };
    return series_of(set, {correlation_step(chain)}, extras);
}

}  // namespace vitrum::pipeline
