#include "vitrum/io/frames/frames_file.hpp"

#include <variant>

#include <fmt/format.h>

#include "vitrum/io/frames/series_writer.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/result/tables.hpp"

namespace vitrum::io {

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
        write_series(file, entry, std::get<SpeckleSeries>(set.data), i < slabs.size() ? slabs[i] : nullptr);
        TruthRows truths;
        for (const auto& row : sets[i].truth.rows) truths.emplace_back("", row);
        write_truth(file, entry + "/truth", truths);
        write_truth_curves(file, entry + "/truth_curves", sets[i].truth);
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
    write_series(file, "/entry", std::get<SpeckleSeries>(set.data), slabs);
    if (!set.traces.empty()) write_traces(file, "/entry/traces", set.traces);
    file.close();
    store_data_hash(path);
}

}  // namespace vitrum::io
