#include "core/io/measured_file.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/io/hdf5.hpp"
#include "core/io/measured_parts.hpp"
#include "core/io/result_file.hpp"
#include "core/io/tables.hpp"

namespace vitrum::io {

namespace {

// Follows @default from the root to an NXdata; "" if it leads nowhere.
std::string default_nxdata(const ReadFile& file) {
    std::string path;
    for (int depth = 0; depth < 8; ++depth) {
        if (file.text_attribute(path, "signal")) return path;
        const auto next = file.text_attribute(path, "default");
        if (!next) break;
        path = next->front() == '/' ? *next : path + "/" + *next;
        if (!file.is_group(path)) break;
    }
    return "";
}

std::vector<std::string> entries(const ReadFile& file) {
    std::vector<std::string> found;
    const auto is_entry = [&](const std::string& e) {
        return file.is_dataset(e + "/instrument/detector/data") || file.is_group(e + "/sparse_frames");
    };
    if (is_entry("/entry")) found.emplace_back("/entry");
    for (int i = 2; is_entry(fmt::format("/entry_{}", i)); ++i) found.push_back(fmt::format("/entry_{}", i));
    if (found.empty())
        for (const auto& child : file.children("/"))
            if (is_entry("/" + child)) found.push_back("/" + child);
    return found;
}

std::string stem(const std::filesystem::path& path) {
    std::string text = path.stem().string();
    for (char& c : text)
        if (c == '/' || c == ' ') c = '_';
    return reserved_name(text) ? text + "_file" : text;
}

LabelledData labelled(const ReadFile& file, const std::string& entry, const std::string& fallback) {
    LabelledData set;
    set.data.name = file.is_dataset(entry + "/series_name") ? file.text(entry + "/series_name") : fallback;
    set.data.source = file.is_dataset(entry + "/source_kind") ? file.text(entry + "/source_kind") : "file";
    set.data.source_name = file.is_dataset(entry + "/source_name") ? file.text(entry + "/source_name") : set.data.name;
    set.data.title = fallback;
    if (file.is_dataset(entry + "/title") && file.info(entry + "/title").type_class == H5T_STRING)
        set.data.title = file.text(entry + "/title");
    if (file.text_attribute("/", "content").value_or("") != "frames") return set;
    set.data.notes = file.texts(entry + "/notes");
    if (file.is_group(entry + "/place")) set.data.abscissa = read_abscissa(file, entry + "/place", 1).front();
    for (auto& [series, row] : read_truth(file, entry + "/truth")) set.truth.rows.push_back(row);
    if (file.is_group(entry + "/truth_curves")) read_truth_curves(file, entry + "/truth_curves", set.truth);
    for (auto& [series, row] : read_estimates(file, entry + "/recorded")) set.data.recorded.push_back(row);
    set.data.traces = read_traces(file, entry + "/traces");
    return set;
}

LabelledData read_named(const ReadFile& file, const std::string& path, const MeasuredOptions& options,
                        const std::string& fallback) {
    LabelledData set = labelled(file, "", fallback);
    set.data.title = fallback;
    if (file.is_group(path)) {
        if (const auto signal = file.text_attribute(path, "signal"))
            return read_named(file, path + "/" + *signal, options, fallback);
        if (!file.exists(path + "/frame_ptr"))
            file.fail(path, "is a group; name a dataset, an NXdata or a sparse_frames group");
        set.data.data = read_sparse(file, path, options);
        return set;
    }
    const auto dims = file.info(path).dims;
    if (dims.size() == 3)
        set.data.data = read_dense(file, path, options);
    else if (dims.size() == 2 && dims[0] == dims[1])
        set.data.data = read_two_time(file, path, options);
    else
        file.fail(path,
                  fmt::format("has rank {}{}; frames have rank 3 (frames, rows, columns), a two-time map is square "
                              "of rank 2",
                              dims.size(), dims.size() == 2 ? " and is not square" : ""));
    return set;
}

}  // namespace

std::vector<LabelledData> read_measured(const std::filesystem::path& given, const MeasuredOptions& options) {
    const auto lock = hdf5_lock();
    std::filesystem::path path = given;
    std::string dataset = options.dataset;
    if (const auto at = dataset.find("::"); at != std::string::npos) {
        path = dataset.substr(0, at);
        dataset = dataset.substr(at + 2);
    }
    const ReadFile file(path);
    const std::string fallback = stem(path);
    if (!dataset.empty()) {
        if (dataset.front() != '/') dataset.insert(0, "/");
        std::vector<LabelledData> one;
        one.push_back(read_named(file, dataset, options, fallback));
        return one;
    }
    if (file.text_attribute("/", "content").value_or("") == "result")
        throw InputError(
            fmt::format("'{}' is a result, not data; name one of its maps, as in --dataset "
                        "/entry/SERIES/two_time",
                        path.string()));
    std::vector<LabelledData> sets;
    const auto all = entries(file);
    for (const auto& entry : all) {
        LabelledData set = labelled(file, entry, all.size() == 1 ? fallback : fallback + "_" + entry.substr(1));
        const std::string dense = entry + "/instrument/detector/data";
        if (file.is_dataset(dense))
            set.data.data = read_dense(file, dense, options);
        else
            set.data.data = read_sparse(file, entry + "/sparse_frames", options);
        set.data.beamline = read_beamline(file, entry, entry + "/instrument/detector");
        sets.push_back(std::move(set));
    }
    if (!sets.empty()) return sets;
    const std::string nxdata = default_nxdata(file);
    if (nxdata.empty())
        throw InputError(
            fmt::format("'{}': found neither /entry/instrument/detector/data, /entry/sparse_frames nor an "
                        "NXdata behind @default; name the dataset with --dataset PATH",
                        path.string()));
    LabelledData set = read_named(file, nxdata, options, fallback);
    sets.push_back(std::move(set));
    return sets;
}

}  // namespace vitrum::io
