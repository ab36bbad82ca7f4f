#include "vitrum/pipeline/compare/scan_facts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/measured/measured_file.hpp"
#include "vitrum/io/result/result_file.hpp"
#include "vitrum/pipeline/across/scan_places.hpp"

namespace vitrum::pipeline {

namespace {

bool has_dynamics(const SeriesResult& series) {
    return series.failure.empty() && std::any_of(series.estimates.begin(), series.estimates.end(), [](const auto& e) {
               return e.abscissa.empty() && (e.quantity == "tau" || e.quantity == "contrast");
           });
}

double value_of(const Abscissa& place, const char* name) {
    const Coordinate* c = place.find(name);
    return c ? c->value : not_a_number;
}

std::vector<std::string> listed(const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : text + ",") {
        if (c != ',') {
            word += c;
            continue;
        }
        const auto from = word.find_first_not_of(' ');
        words.push_back(from == std::string::npos ? "" : word.substr(from, word.find_last_not_of(' ') + 1 - from));
        word.clear();
    }
    return words;
}

// "1, 2, 3 GPa": the unit of the last is that of all that have none.
std::vector<double> listed_values(const std::string& name, const std::string& text) {
    auto words = listed(text);
    const auto blank = words.back().find(' ');
    const std::string unit = blank == std::string::npos ? "" : words.back().substr(blank);
    std::vector<double> values;
    for (std::string& word : words) {
        if (word.find(' ') == std::string::npos) word += unit;
        values.push_back(parse_with_unit(word, dimension_of(name), "--place " + name));
    }
    return values;
}

void set(Scan& scan, const std::string& name, double value) {
    (name == "pressure" ? scan.pressure : name == "temperature" ? scan.temperature : scan.time) = value;
}

std::vector<std::string> data_sets_of(const std::vector<Scan>& scans) {
    std::vector<std::string> names;
    for (const Scan& scan : scans)
        if (std::find(names.begin(), names.end(), scan.data_set) == names.end()) names.push_back(scan.data_set);
    return names;
}

void expect_count(const std::string& name, std::size_t given, std::size_t wanted) {
    if (given != wanted)
        throw InputError(fmt::format("--place {}: {} values for {} data sets; one for each, in the order of the files",
                                     name, given, wanted));
}

void place_by(const std::string& name, const std::string& text, std::vector<Scan>& scans) {
    const auto sets = data_sets_of(scans);
    const auto number = [&](const Scan& scan) {
        return static_cast<std::size_t>(std::find(sets.begin(), sets.end(), scan.data_set) - sets.begin());
    };
    if (name == "branch") {
        const auto words = listed(text);
        expect_count(name, words.size(), sets.size());
        for (Scan& scan : scans) {
            const std::string& word = words[number(scan)];
            if (word != "compression" && word != "decompression")
                throw InputError(fmt::format("--place branch: '{}'; compression or decompression", word));
            scan.branch = word == "decompression" ? 1 : 0;
        }
        return;
    }
    if (name != "pressure" && name != "temperature" && name != "time")
        throw InputError(fmt::format("--place {}: unknown{}; pressure, temperature, time or branch", name,
                                     suggestion(name, {"pressure", "temperature", "time", "branch"})));
    if (text.starts_with('/')) {
        for (Scan& scan : scans) {
            std::string path = text;
            if (const auto at = path.find("SERIES"); at != std::string::npos)
                path.replace(at, 6, scan.series.data_set());
            set(scan, name, io::mean_at(scan.file, path, dimension_of(name)));
        }
        return;
    }
    const auto values = listed_values(name, text);
    expect_count(name, values.size(), sets.size());
    for (Scan& scan : scans) set(scan, name, values[number(scan)]);
}

// By the step of pressure before each scan; before the first step, by that one.
void set_branches(std::vector<Scan>& scans) {
    std::vector<double> pressures;
    std::vector<Scan*> order;
    for (Scan& scan : scans) {
        if (scan.branch >= 0 || !std::isfinite(scan.time) || !std::isfinite(scan.pressure)) return;
        pressures.push_back(scan.pressure);
        order.push_back(&scan);
    }
    const auto settings = settings_of("pressure", "GPa", pressures);
    const auto setting = [&](const Scan* scan) {
        return settings[static_cast<std::size_t>(scan - scans.data())].index;
    };
    std::stable_sort(order.begin(), order.end(), [](const Scan* a, const Scan* b) { return a->time < b->time; });
    bool up = false;
    bool down = false;
    for (std::size_t i = 1; i < order.size(); ++i) {
        const auto step = setting(order[i]) - setting(order[i - 1]);
        up = up || step > 0;
        down = down || step < 0;
        order[i]->branch = step == 0 ? order[i - 1]->branch : step < 0 ? 1 : 0;
    }
    const auto first = std::find_if(order.begin(), order.end(), [](const Scan* s) { return s->branch >= 0; });
    for (auto scan = order.begin(); scan != first && first != order.end(); ++scan) (*scan)->branch = (*first)->branch;
    if (!(up && down))
        for (Scan& scan : scans) scan.branch = -1;
}

}  // namespace

Dimension dimension_of(const std::string& coordinate) {
    if (coordinate == "pressure") return Dimension::pressure;
    return coordinate == "temperature" ? Dimension::temperature : Dimension::time;
}

double Scan::at(const std::string& coordinate) const {
    if (coordinate == "pressure") return pressure;
    return coordinate == "temperature" ? temperature : time;
}

std::vector<Scan> read_scans(const CompareRequest& request) {
    std::vector<Scan> scans;
    std::vector<std::pair<std::string, std::string>> taken;  // data set, file
    for (const auto& file : request.results) {
        Result result = io::read_result(file, 0);
        std::size_t found = 0;
        for (SeriesResult& series : result.series) {
            if (!has_dynamics(series)) continue;
            ++found;
            Scan scan;
            scan.file = file;
            scan.data_set = series.data_set();
            const auto clashes = [&](const auto& t) { return t.first == scan.data_set && t.second != file.string(); };
            if (std::any_of(taken.begin(), taken.end(), clashes)) {
                const std::string mark = fmt::format("{}_", file.stem().string());
                scan.data_set = mark + scan.data_set;
                series.name = mark + series.name;
            } else {
                taken.emplace_back(scan.data_set, file.string());
            }
            scan.pressure = value_of(series.abscissa, "pressure");
            scan.temperature = value_of(series.abscissa, "temperature");
            if (series.frames_summary) scan.time = io::seconds_of(series.frames_summary->beamline.start_time);
            if (const Coordinate* branch = series.abscissa.find("branch")) scan.branch = branch->index == 0 ? 0 : 1;
            series.map.reset();  // shown where the scan was analysed
            scan.series = std::move(series);
            scans.push_back(std::move(scan));
        }
        if (found == 0)
            throw InputError(
                fmt::format("'{}' holds neither a tau nor a contrast; results of 'vitrum analyze' do", file.string()));
    }
    for (const auto& [name, text] : request.places) place_by(name, text, scans);
    double first = std::numeric_limits<double>::infinity();
    for (const Scan& scan : scans)
        if (std::isfinite(scan.time)) first = std::min(first, scan.time);
    const bool given =
        std::any_of(request.places.begin(), request.places.end(), [](const auto& p) { return p.first == "time"; });
    if (!given)
        for (Scan& scan : scans) scan.time -= first;
    set_branches(scans);
    return scans;
}

}  // namespace vitrum::pipeline
