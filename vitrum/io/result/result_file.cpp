#include "vitrum/io/result/result_file.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/damaged.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/hdf5/hdf5_links.hpp"
#include "vitrum/io/result/map_file.hpp"
#include "vitrum/io/result/nexus_xpcs.hpp"
#include "vitrum/io/result/tables.hpp"

namespace vitrum::io {

namespace {

void write_map(WriteFile& file, const std::string& group, const TwoTimeMap& map) {
    file.group(group, "NXdata");
    file.attribute(group, "signal", "correlation");
    file.attribute(group, "axes", std::vector<std::string>{"t1", "t2"});
    file.attribute(group, "diagonal_valid", std::int64_t{map.diagonal_valid});
    if (map.on_disk)
        copy_dataset(file, ReadFile(map.on_disk->file()), map.on_disk->dataset(), group + "/correlation");
    else
        file.write(group + "/correlation", map.values.data(), {map.frames, map.frames});
    std::vector<double> axis(map.frames);
    for (std::size_t i = 0; i < map.frames; ++i) axis[i] = static_cast<double>(i) * map.frame_time;
    file.write(group + "/t1", axis, map.time_unit);
    file.write(group + "/t2", axis, map.time_unit);
    file.scalar(group + "/frame_time", map.frame_time, map.time_unit);
}

// `room` [bytes]: a map that takes more stays where it is; one that is read takes from it.
TwoTimeMap read_map(const ReadFile& file, const std::string& group, double& room) {
    TwoTimeMap map;
    const auto dims = file.info(group + "/correlation").dims;
    if (dims.size() != 2 || dims[0] != dims[1]) file.fail(group + "/correlation", "is not square: no two-time map");
    map.frames = dims[0];
    if (map_bytes(map.frames) > room) {
        map.on_disk = map_on_disk(file.path(), group + "/correlation");
    } else {
        map.values = file.read<double>(group + "/correlation");
        room -= map_bytes(map.frames);
    }
    map.frame_time = file.scalar<double>(group + "/frame_time");
    map.time_unit = file.text_attribute(group + "/frame_time", "units").value_or("s");
    map.diagonal_valid = file.number_attribute(group, "diagonal_valid").value_or(0) != 0;
    return map;
}

void write_series(WriteFile& file, const std::string& group, const SeriesResult& series, std::size_t order) {
    file.group(group, "NXcollection");
    if (series.g2) file.attribute(group, "default", "g2");
    file.scalar(group + "/order", static_cast<std::int64_t>(order));
    file.text(group + "/source", series.source);
    file.text(group + "/source_name", series.source_name);
    file.text(group + "/title", series.title);
    file.scalar(group + "/frames", static_cast<std::int64_t>(series.frames));
    file.scalar(group + "/pixels", static_cast<std::int64_t>(series.pixels));
    if (series.frames_summary) file.text(group + "/data_set", series.frames_summary->name);
    file.group(group + "/place", "NXcollection");
    write_abscissa(file, group + "/place", {series.abscissa});
    file.texts(group + "/notes", series.notes);
    if (!series.failure.empty()) file.text(group + "/failure", series.failure);
    if (series.map) write_map(file, group + "/two_time", *series.map);
    if (series.g2) write_curve(file, group + "/g2", *series.g2);
    if (series.fit) write_curve(file, group + "/fit", *series.fit);
    if (series.trace) write_curve(file, group + "/correlation_trace", *series.trace);
    if (!series.g2 && !series.curves.empty()) file.attribute(group, "default", "curves/" + series.curves.front().name);
    write_curves(file, group + "/curves", series.curves);
    write_truth_curves(file, group + "/truth_curves", series.truth);
    write_traces(file, group + "/traces", series.traces);
}

// Series of each data set of frames, in order; those without a summary or a map are left out.
struct FrameSet {
    std::shared_ptr<const FramesSummary> summary;
    std::vector<std::string> maps;
};

std::vector<FrameSet> frame_sets(const Result& result) {
    std::vector<FrameSet> sets;
    for (const auto& series : result.series) {
        if (!series.frames_summary || !series.map || !series.g2) continue;
        auto at = std::find_if(sets.begin(), sets.end(),
                               [&](const FrameSet& set) { return set.summary == series.frames_summary; });
        if (at == sets.end()) at = sets.insert(sets.end(), FrameSet{series.frames_summary, {}});
        at->maps.push_back("/entry/" + series.name);
    }
    // A map of every region, or none: what is not complete is not shown.
    std::erase_if(sets, [](const FrameSet& set) { return set.maps.size() != set.summary->regions(); });
    return sets;
}

std::string entry_name(std::size_t i) { return i == 0 ? "/entry" : fmt::format("/entry_{}", i + 1); }

void write_frame_sets(WriteFile& file, const Result& result) {
    const auto sets = frame_sets(result);
    std::string written = "1970-01-01T00:00:00Z";
    for (const auto& [key, value] : result.provenance)
        if (key == "written") written = value;
    for (std::size_t i = 0; i < sets.size(); ++i) {
        const std::string entry = entry_name(i);
        if (i > 0) {
            file.group(entry, "NXentry");
            file.text(entry + "/title", sets[i].summary->title);
            file.attribute(entry, "default", "data");
        }
        write_nexus_xpcs(file, entry, *sets[i].summary, sets[i].maps, static_cast<std::int64_t>(i) + 1, written);
    }
    if (sets.empty()) return;
    write_viewer_tree(file, "/entry", *sets.front().summary, sets.front().maps);
    file.group("/process", "NXprocess");
    for (const auto& [key, value] : result.provenance)
        if (key == "program" || key == "version" || key == "written")
            file.text("/process/" + std::string(key == "written" ? "date" : key), value);
}

std::vector<std::shared_ptr<const FramesSummary>> read_frame_sets(const ReadFile& file) {
    std::vector<std::shared_ptr<const FramesSummary>> sets;
    for (std::size_t i = 0; file.is_dataset(entry_name(i) + "/region_numbers"); ++i) {
        auto set = std::make_shared<FramesSummary>(read_nexus_xpcs(file, entry_name(i)));
        // The title of the first entry is that of the whole result.
        if (set->title.empty() && i > 0) set->title = file.text(entry_name(i) + "/title");
        sets.push_back(std::move(set));
    }
    return sets;
}

// Series of one data set share what is known of its frames; where that is not in the file, its name.
void name_data_sets(const ReadFile& file, Result& result) {
    auto sets = read_frame_sets(file);
    for (auto& series : result.series) {
        const std::string of = "/entry/" + series.name + "/data_set";
        if (!file.is_dataset(of)) continue;
        const std::string name = file.text(of);
        auto set = std::find_if(sets.begin(), sets.end(), [&](const auto& s) { return s->name == name; });
        if (set == sets.end()) {
            FramesSummary bare;
            bare.name = name;
            set = sets.insert(sets.end(), std::make_shared<const FramesSummary>(std::move(bare)));
        }
        series.frames_summary = *set;
    }
}

std::size_t count_in(const ReadFile& file, const std::string& path) {
    const auto count = file.scalar<std::int64_t>(path);
    if (count < 0) file.fail(path, fmt::format("is {}; a number of them is not negative", count));
    return static_cast<std::size_t>(count);
}

SeriesResult read_series(const ReadFile& file, const std::string& name, double& room) {
    const std::string group = "/entry/" + name;
    SeriesResult s;
    s.name = name;
    s.source = file.text(group + "/source");
    s.source_name = file.text(group + "/source_name");
    s.title = file.text(group + "/title");
    s.frames = count_in(file, group + "/frames");
    s.pixels = count_in(file, group + "/pixels");
    s.abscissa = read_abscissa(file, group + "/place", 1).front();
    s.notes = file.texts(group + "/notes");
    if (file.exists(group + "/failure")) s.failure = file.text(group + "/failure");
    if (file.exists(group + "/two_time")) s.map = read_map(file, group + "/two_time", room);
    if (file.exists(group + "/g2")) s.g2 = read_curve(file, group + "/g2");
    if (file.exists(group + "/fit")) s.fit = read_curve(file, group + "/fit");
    if (file.exists(group + "/correlation_trace")) s.trace = read_curve(file, group + "/correlation_trace");
    s.curves = read_curves(file, group + "/curves");
    if (file.exists(group + "/truth_curves")) read_truth_curves(file, group + "/truth_curves", s.truth);
    if (file.exists(group + "/traces")) s.traces = read_traces(file, group + "/traces");
    return s;
}

}  // namespace

void write_result(const std::filesystem::path& path, const Result& result) {
    const auto lock = hdf5_lock();
    WriteFile file(path);
    file.attribute("/", "default", "entry");
    file.attribute("/", "creator", "vitrum");
    file.attribute("/", "content", "result");
    file.group("/entry", "NXentry");
    file.text("/entry/title", result.title);
    file.text("/entry/question", result.question);
    file.text("/entry/scenario", result.scenario);
    file.texts("/entry/statements", result.statements);
    EstimateRows estimates;
    TruthRows truths;
    const auto gather = [&](const std::string& name, const std::vector<Estimate>& e, const GroundTruth& t) {
        for (const auto& row : e) estimates.emplace_back(name, row);
        for (const auto& row : t.rows) truths.emplace_back(name, row);
    };
    for (std::size_t i = 0; i < result.series.size(); ++i) {
        const SeriesResult& series = result.series[i];
        write_series(file, "/entry/" + series.name, series, i);
        gather(series.name, series.estimates, series.truth);
    }
    write_frame_sets(file, result);
    gather("", result.estimates, result.truth);
    write_estimates(file, "/entry/estimates", estimates);
    write_truth(file, "/entry/truth", truths);
    write_curves(file, "/entry/curves", result.curves);
    write_truth_curves(file, "/entry/truth_curves", result.truth);
    file.group("/entry/provenance", "NXcollection");
    for (const auto& [key, value] : result.provenance) file.text("/entry/provenance/" + key, value);
    for (const auto& series : result.series)
        if (series.g2 || !series.curves.empty()) {
            file.attribute("/entry", "default", series.name);
            break;
        }
    file.close();
    store_data_hash(path);
}

namespace {

Result result_in(const ReadFile& file, double map_memory) {
    const auto& path = file.path();
    if (file.text_attribute("/", "content").value_or("") != "result")
        throw InputError(fmt::format("'{}' is not a result of vitrum; make one with 'vitrum run' or 'vitrum analyze'",
                                     path.string()));
    Result r;
    r.title = file.text("/entry/title");
    r.question = file.text("/entry/question");
    r.scenario = file.text("/entry/scenario");
    r.statements = file.texts("/entry/statements");
    std::vector<std::pair<std::int64_t, std::string>> order;
    for (const auto& name : file.children("/entry"))
        if (file.is_dataset("/entry/" + name + "/order"))
            order.emplace_back(file.scalar<std::int64_t>("/entry/" + name + "/order"), name);
    std::sort(order.begin(), order.end());
    for (const auto& [position, name] : order) r.series.push_back(read_series(file, name, map_memory));
    name_data_sets(file, r);
    const auto at = [&](const std::string& name) -> SeriesResult* {
        for (auto& s : r.series)
            if (s.name == name) return &s;
        return nullptr;
    };
    for (auto& [name, row] : read_estimates(file, "/entry/estimates"))
        (name.empty() || !at(name) ? r.estimates : at(name)->estimates).push_back(row);
    for (auto& [name, row] : read_truth(file, "/entry/truth"))
        (name.empty() || !at(name) ? r.truth : at(name)->truth).rows.push_back(row);
    r.curves = read_curves(file, "/entry/curves");
    if (file.is_group("/entry/truth_curves")) read_truth_curves(file, "/entry/truth_curves", r.truth);
    for (const auto& key : file.children("/entry/provenance"))
        r.provenance.emplace_back(key, file.text("/entry/provenance/" + key));
    if (const auto hash = file.text_attribute("/", "data_hash")) r.provenance.emplace_back("data_hash", *hash);
    return r;
}

}  // namespace

Result read_result(const std::filesystem::path& path, double map_memory) {
    const auto lock = hdf5_lock();
    const ReadFile file(path);
    return undamaged(path, [&] { return result_in(file, map_memory); });
}

}  // namespace vitrum::io
