#include "vitrum/pipeline/across/over_scans.hpp"

#include <algorithm>
#include <cmath>

#include "vitrum/analysis/heterogeneity/scan_average.hpp"

namespace vitrum::pipeline {

namespace {

double contrast_of(const SeriesResult& series) {
    for (const auto& e : series.estimates)
        if (e.quantity == "contrast" && e.status == Status::ok) return e.value;
    return not_a_number;
}

}  // namespace

void add_scan_averages(Result& result) {
    struct Place {
        std::string stem;
        const SeriesResult* first;
        std::vector<analysis::ScanTrace> scans;
    };
    std::vector<Place> places;
    std::vector<std::string> stems;
    for (const auto& series : result.series) {
        const std::string& stem = series.source_name;
        if (std::find(stems.begin(), stems.end(), stem) == stems.end()) stems.push_back(stem);
        if (!series.trace || series.trace->size() == 0 || series.frames <= series.trace->size()) continue;
        auto at = std::find_if(places.begin(), places.end(), [&](const Place& p) {
            return p.stem == stem && same_values(p.first->abscissa, series.abscissa);
        });
        if (at == places.end()) at = places.insert(places.end(), {stem, &series, {}});
        at->scans.push_back({&*series.trace, series.frames - series.trace->size(), contrast_of(series)});
    }
    for (const auto& place : places) {
        if (place.scans.size() < 2) continue;
        const auto ordinal = std::find(stems.begin(), stems.end(), place.stem) - stems.begin();
        for (auto row : analysis::scan_averaged_width(place.scans)) {
            row.abscissa = {named("source", ordinal, place.stem)};
            row.abscissa.insert(row.abscissa.end(), place.first->abscissa.begin(), place.first->abscissa.end());
            result.estimates.push_back(std::move(row));
        }
    }
}

void add_scan_averages(const std::vector<SourcePlan>&, Result& result) { add_scan_averages(result); }

}  // namespace vitrum::pipeline
