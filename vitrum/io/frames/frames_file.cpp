#include "vitrum/io/frames/frames_file.hpp"

#include <variant>

#include <fmt/format.h>

#include "vitrum/io/frames/counts_writer.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/result/tables.hpp"

namespace vitrum::io {

namespace {

void write_detector(WriteFile& file, const std::string& group, const SpeckleSeries& s) {
    file.group(group, "NXdetector");
    file.scalar(group + "/frame_time", s.frame_time, s.time_unit);
    file.scalar(group + "/count_time", s.exposure, s.time_unit);
    std::vector<std::uint32_t> mask(s.pixels(), 0);
    for (std::size_t p = 0; p < s.used.size(); ++p) mask[p] = s.used[p] ? 0 : 1;
    file.write(group + "/pixel_mask", mask.data(), {s.rows, s.columns});
    if (!s.region.empty()) file.write(group + "/region", s.region.data(), {s.rows, s.columns});
    if (!s.q.empty()) file.write(group + "/q", s.q.data(), {s.rows, s.columns}, "1/angstrom");
}

// Detector and counts, from the series or from `stored`.
void write_set_frames(WriteFile& file, const std::string& entry, const DataSet& set, const SlabStore* stored) {
    file.group(entry + "/instrument", "NXinstrument");
    const auto& series = std::get<SpeckleSeries>(set.data);
    write_detector(file, entry + "/instrument/detector", series);
    if (stored)
        write_counts(file, entry, series, *stored);
    else
        write_counts(file, entry, series);
    if (stored ? stored->sparse() : series.sparse()) return;
    file.group(entry + "/data", "NXdata");
    file.attribute(entry + "/data", "signal", "data");
    H5Lcreate_hard(file.id(), (entry + "/instrument/detector/data").c_str(), file.id(), (entry + "/data/data").c_str(),
                   H5P_DEFAULT, H5P_DEFAULT);
    file.attribute(entry, "default", "data");
}

}  // namespace

void write_frames(const std::filesystem::path& path, const std::vector<LabelledData>& sets, const std::string& scenario,
                  const std::vector<std::pair<std::string, std::string>>& provenance,
                  const std::vector<const SlabStore*>& slabs) {
    const auto lock = hdf5_lock();
    WriteFile file(path);
    file.attribute("/", "default", "entry");
    file.attribute("/", "creator", "vitrum");
    file.attribute("/", "content", "frames");
    for (std::size_t i = 0; i < sets.size(); ++i) {
        const DataSet& set = sets[i].data;
        const std::string entry = i == 0 ? "/entry" : fmt::format("/entry_{}", i + 1);
        file.group(entry, "NXentry");
        file.text(entry + "/title", set.title);
        file.text(entry + "/series_name", set.name);
        file.text(entry + "/source_kind", set.source);
        file.text(entry + "/source_name", set.source_name);
        file.texts(entry + "/notes", set.notes);
        file.group(entry + "/place", "NXcollection");
        write_abscissa(file, entry + "/place", {set.abscissa});
        write_set_frames(file, entry, set, i < slabs.size() ? slabs[i] : nullptr);
        TruthRows truths;
        for (const auto& row : sets[i].truth.rows) truths.emplace_back("", row);
        write_truth(file, entry + "/truth", truths);
        write_truth_curves(file, entry + "/truth_curves", sets[i].truth);
        EstimateRows recorded;
        for (const auto& row : set.recorded) recorded.emplace_back("", row);
        write_estimates(file, entry + "/recorded", recorded);
        write_traces(file, entry + "/traces", set.traces);
        if (i > 0) continue;
        file.text(entry + "/scenario", scenario);
        file.group(entry + "/provenance", "NXcollection");
        for (const auto& [key, value] : provenance) file.text(entry + "/provenance/" + key, value);
    }
    file.close();
    store_data_hash(path);
}

void write_blind_frames(const std::filesystem::path& path, const DataSet& set, const SlabStore* slabs) {
    const auto lock = hdf5_lock();
    WriteFile file(path);
    file.attribute("/", "default", "entry");
    file.attribute("/", "creator", "vitrum");
    file.attribute("/", "content", "challenge");
    file.group("/entry", "NXentry");
    file.text("/entry/title", set.title);
    file.text("/entry/series_name", set.name);
    if (!set.abscissa.empty()) {
        file.group("/entry/place", "NXcollection");
        write_abscissa(file, "/entry/place", {set.abscissa});
    }
    write_set_frames(file, "/entry", set, slabs);
    if (!set.traces.empty()) write_traces(file, "/entry/traces", set.traces);
    file.close();
    store_data_hash(path);
}

}  // namespace vitrum::io
