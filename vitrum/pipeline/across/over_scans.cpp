#include "vitrum/pipeline/across/over_scans.hpp"

#include <algorithm>
#include <utility>

#include "vitrum/analysis/heterogeneity/scan_average.hpp"
#include "vitrum/pipeline/across/across.hpp"
#include "vitrum/pipeline/estimators/correlation_rows.hpp"

namespace vitrum::pipeline {

namespace {

double contrast_of(const SeriesResult& series) {
    for (const auto& e : series.estimates)
        if (e.quantity == "contrast" && e.status == Status::ok) return e.value;
    return not_a_number;
}

// The scans of one source at one place.
struct Place {
    std::string stem;
    const SeriesResult* first;
    std::vector<const SeriesResult*> series;
};

std::vector<Place> places_of(const Result& result) {
    std::vector<Place> places;
    for (const auto& series : result.series) {
        if (!series.failure.empty()) continue;
        auto at = std::find_if(places.begin(), places.end(), [&](const Place& p) {
            return p.stem == series.source_name && same_values(p.first->abscissa, series.abscissa);
        });
        if (at == places.end()) at = places.insert(places.end(), {series.source_name, &series, {}});
        at->series.push_back(&series);
    }
    return places;
}

std::vector<Estimate> rows_of(const Place& place) {
    std::vector<analysis::ScanTrace> traces;
    std::vector<analysis::ScanTau> taus;
    for (const SeriesResult* series : place.series) {
        if (series->trace && series->trace->size() > 0 && series->frames > series->trace->size())
            traces.push_back({&*series->trace, series->frames - series->trace->size(), contrast_of(*series)});
        for (const Estimate& e : series->estimates)
            if (is_clean_tau(e)) taus.push_back({e.value, e.standard_error});
    }
    std::vector<Estimate> rows;
    if (traces.size() > 1) rows = analysis::scan_averaged_width(traces);
    for (Estimate& row : analysis::tau_over_scans(taus)) rows.push_back(std::move(row));
    return rows;
}

}  // namespace

void add_scan_averages(Result& result) {
    std::vector<std::string> stems;
    for (const auto& series : result.series)
        if (std::find(stems.begin(), stems.end(), series.source_name) == stems.end())
            stems.push_back(series.source_name);
    for (const Place& place : places_of(result)) {
        if (place.series.size() < 2) continue;
        const auto ordinal = std::find(stems.begin(), stems.end(), place.stem) - stems.begin();
        for (Estimate& row : rows_of(place)) {
            row.abscissa = Abscissa{named("source", ordinal, place.stem)}.with(place.first->abscissa);
            result.estimates.push_back(std::move(row));
        }
    }
}

void add_scan_averages(const std::vector<SourcePlan>& sources, Result& result) {
    add_scan_averages(result);
    for (const auto& source : sources)
        for (TruthRow row : source.combined_truth.rows) {
            if (row.quantity != "tau_over_scans") continue;
            row.abscissa = Abscissa{source_coordinate(sources, source.name)}.with(row.abscissa);
            result.truth.rows.push_back(std::move(row));
        }
}

}  // namespace vitrum::pipeline
