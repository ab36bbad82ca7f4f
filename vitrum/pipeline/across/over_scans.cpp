#include "vitrum/pipeline/across/over_scans.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "vitrum/analysis/heterogeneity/scan_average.hpp"

namespace vitrum::pipeline {

namespace {

bool same_values(const Abscissa& a, const Abscissa& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Coordinate& x, const Coordinate& y) {
        // Regions of one q are not one place.
        return x.name == y.name && x.value == y.value && x.unit == y.unit && (x.name != "region" || x.index == y.index);
    });
}

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
            row.abscissa = {{"source", ordinal, static_cast<double>(ordinal), place.stem}};
            row.abscissa.insert(row.abscissa.end(), place.first->abscissa.begin(), place.first->abscissa.end());
            result.estimates.push_back(std::move(row));
        }
    }
}

void match_events(std::vector<Estimate>& estimates, const GroundTruth& truth, double tolerance) {
    std::map<std::int64_t, std::int64_t> number;  // as found -> as in the truth
    std::int64_t next = 0;
    for (const auto& row : truth.rows) {
        if (row.quantity != "event_time" || row.abscissa.empty()) continue;
        next = std::max(next, row.abscissa.back().index + 1);
        const Estimate* best = nullptr;
        for (const auto& e : estimates) {
            if (e.quantity != "event_time" || number.count(e.abscissa.back().index) > 0) continue;
            const double far = std::abs(e.value - row.value);
            const double allowed = std::max(tolerance, std::isfinite(e.standard_error) ? 4 * e.standard_error : 0.0);
            if (far <= allowed && (!best || far < std::abs(best->value - row.value))) best = &e;
        }
        if (best) number[best->abscissa.back().index] = row.abscissa.back().index;
    }
    if (next == 0) return;
    for (auto& e : estimates) {
        if (e.abscissa.empty() || e.abscissa.back().name != "event") continue;
        auto& index = e.abscissa.back().index;
        if (number.count(index) == 0) number[index] = next++;
        index = number[index];
    }
}

}  // namespace vitrum::pipeline
