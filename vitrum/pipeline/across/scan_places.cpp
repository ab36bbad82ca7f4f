#include "vitrum/pipeline/across/scan_places.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace vitrum::pipeline {

double setting_share(const std::string& coordinate) {
    if (coordinate == "pressure") return 0.01;
    return coordinate == "temperature" ? 0.002 : 0;
}

std::vector<Coordinate> settings_of(const std::string& name, const std::string& unit,
                                    const std::vector<double>& values) {
    std::vector<Coordinate> places(values.size(), {name, -1, not_a_number, unit});
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (std::isfinite(values[i])) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    const double share = setting_share(name);
    std::int64_t rank = 0;
    for (std::size_t first = 0; first < order.size(); ++rank) {
        std::size_t last = first;
        double sum = 0;
        const double low = values[order[first]];
        for (; last < order.size(); ++last) {
            const double v = values[order[last]];
            if (v - low > share * std::max(std::abs(v), std::abs(low))) break;
            sum += v;
        }
        const bool same = values[order[last - 1]] == low;
        for (std::size_t i = first; i < last; ++i) {
            places[order[i]].index = rank;
            places[order[i]].value = same ? low : sum / static_cast<double>(last - first);
        }
        first = last;
    }
    return places;
}

namespace {

constexpr std::array known_places{"pressure", "temperature"};

bool knows(const SeriesResult& series) {
    return std::any_of(known_places.begin(), known_places.end(),
                       [&](const char* name) { return series.abscissa.find(name) != nullptr; });
}

bool knows_the_same(const SeriesResult& a, const SeriesResult& b) {
    return std::all_of(known_places.begin(), known_places.end(), [&](const char* name) {
        return (a.abscissa.find(name) == nullptr) == (b.abscissa.find(name) == nullptr);
    });
}

}  // namespace

void place_scans(Result& result) {
    std::vector<SeriesResult*> scans;
    std::vector<std::string> sets;
    for (SeriesResult& series : result.series) {
        if (series.source != "file" || !knows(series)) continue;
        if (!scans.empty() && !knows_the_same(*scans.front(), series)) continue;
        scans.push_back(&series);
        if (std::find(sets.begin(), sets.end(), series.data_set()) == sets.end()) sets.push_back(series.data_set());
    }
    if (sets.size() < 2) return;
    for (const char* name : known_places) {
        if (!scans.front()->abscissa.find(name)) continue;
        std::vector<double> values;
        for (const SeriesResult* scan : scans) values.push_back(scan->abscissa.find(name)->value);
        const auto places = settings_of(name, scans.front()->abscissa.find(name)->unit, values);
        for (std::size_t i = 0; i < scans.size(); ++i)
            for (Coordinate& c : scans[i]->abscissa)
                if (c.name == name) c = places[i];
    }
    for (SeriesResult* scan : scans) scan->source_name = "scans";
}

}  // namespace vitrum::pipeline
