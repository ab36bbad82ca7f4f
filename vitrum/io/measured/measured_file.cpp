#include "vitrum/io/measured/measured_file.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/option_text.hpp"
#include "vitrum/core/printable.hpp"
#include "vitrum/io/hdf5/damaged.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/measured/measured_parts.hpp"
#include "vitrum/io/result/result_file.hpp"
#include "vitrum/io/result/tables.hpp"

namespace vitrum::io {

namespace {

// Follows @default from the root to an NXdata; "" if it leads nowhere.
std::string default_nxdata(const ReadFile& file) {
    std::string path;
    for (int depth = 0; depth < 8; ++depth) {
        if (file.text_attribute(path, "signal")) return path;
        const auto next = file.text_attribute(path, "default");
        if (!next || next->empty()) break;
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

// Frames where beamlines keep them, in order of preference; "" if nowhere.
std::string usual_frames(const ReadFile& file) {
    const auto frames = [&](const std::string& path) {
        return file.is_dataset(path) && file.info(path).dims.size() == 3 && file.info(path).type_class != H5T_STRING;
    };
    for (const char* path :
         {"/entry/instrument/detector_1/data", "/entry/data/data", "/exchange/data", "/entry_0000/measurement/data"})
        if (frames(path)) return path;
    const auto inside = file.children("/entry/data");
    const bool numbered = std::any_of(inside.begin(), inside.end(), [](const std::string& name) {
        return name.size() > 5 && name.starts_with("data_") &&
               std::all_of(name.begin() + 5, name.end(), [](unsigned char c) { return std::isdigit(c); });
    });
    return numbered ? "/entry/data" : "";
}

// All datasets that could be frames, for messages.
void find_stacks(const ReadFile& file, const std::string& group, int depth, int& looks,
                 std::vector<std::string>& found) {
    constexpr int deepest = 6;
    constexpr std::size_t most = 5;
    if (depth > deepest) return;
    for (const auto& name : file.children(group)) {
        const std::string path = group + "/" + name;
        if (found.size() == most || --looks < 0) return;
        if (file.is_dataset(path)) {
            const auto info = file.info(path);
            if (info.dims.size() == 3 && info.type_class != H5T_STRING) found.push_back(path);
        } else if (file.is_group(path)) {
            find_stacks(file, path, depth + 1, looks, found);
        }
    }
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
    const std::string content = file.text_attribute("/", "content").value_or("");
    if (content != "frames" && content != "challenge") return set;  // set_place asks the sample
    if (file.is_group(entry + "/place")) set.data.abscissa = read_abscissa(file, entry + "/place", 1).front();
    if (content == "challenge") return set;  // its truth is sealed
    set.data.notes = file.texts(entry + "/notes");
    for (auto& [series, row] : read_truth(file, entry + "/truth")) set.truth.rows.push_back(row);
    if (file.is_group(entry + "/truth_curves")) read_truth_curves(file, entry + "/truth_curves", set.truth);
    set.data.traces = read_traces(file, entry + "/traces");
    return set;
}

// Names become groups of results; what a file says may be anything.
std::string group_name(const std::string& text) {
    constexpr std::size_t longest = 200;
    std::string name = printable(text.substr(0, longest));
    for (char& c : name)
        if (c == '/' || c == '\\') c = '_';
    if (name.empty() || name == "." || name == "..") return "data_set";
    return reserved_name(name) ? name + "_file" : name;
}

// Our own files say where their data sets stand.
bool from_a_scenario(const ReadFile& file) {
    const std::string content = file.text_attribute("/", "content").value_or("");
    return content == "frames" || content == "challenge";
}

void set_place(const ReadFile& file, const std::string& entry, LabelledData& set, std::vector<std::string>& said) {
    if (from_a_scenario(file)) return;
    std::vector<std::string> own;
    set.data.abscissa = read_place(file, entry, set.data.traces, own);
    said.insert(said.end(), own.begin(), own.end());
    for (auto& note : own) set.data.notes.push_back(std::move(note));
}

// Frames, and what stands beside them in their entry.
void read_frames(const ReadFile& file, const std::string& path, bool sparse, const MeasuredOptions& options,
                 LabelledData& set, std::vector<std::string>& said) {
    const std::string entry = entry_of(path);
    FrameTimes raw;
    SpeckleSeries series = sparse ? read_sparse(file, path, options, raw) : read_dense(file, path, options, raw);
    said.insert(said.end(), raw.notes.begin(), raw.notes.end());
    for (auto& note : raw.notes) set.data.notes.push_back(std::move(note));
    set.data.beamline = read_beamline(file, entry, parent(path));
    const FrameChoice& choice = options.frames;
    if (choice.bin_columns > 1 || choice.bin_rows > 1) {
        set.data.beamline.beam_center_x /= static_cast<double>(choice.bin_columns);
        set.data.beamline.beam_center_y /= static_cast<double>(choice.bin_rows);
        set.data.beamline.pixel_size *= static_cast<double>(choice.bin_columns);
    }
    // Traces of our own files are on the frames' times already.
    if (set.data.traces.empty() || !choice.everything() || !options.traces.empty())
        set.data.traces = read_file_traces(file, entry, raw, options, series);
    set_place(file, entry, set, said);
    if (!choice.everything()) {
        if (series.frames * choice.bin < raw.total || choice.bin > 1 || choice.bin_rows * choice.bin_columns > 1)
            set.data.notes.push_back(
                fmt::format("{} of {} frames taken{}{}.", series.frames * choice.bin, raw.total,
                            choice.bin > 1 ? fmt::format(", {} added at a time", choice.bin) : "",
                            choice.bin_rows * choice.bin_columns > 1
                                ? fmt::format(", {} x {} pixels added", choice.bin_rows, choice.bin_columns)
                                : ""));
        if (!set.truth.rows.empty() || !set.truth.curves.empty())
            set.data.notes.emplace_back("The truth in the file is that of all frames as they are; it is left out.");
        set.truth = {};
    } else if (!options.more.empty() && (!set.truth.rows.empty() || !set.truth.curves.empty())) {
        set.data.notes.emplace_back("The truth in the first file is that of its frames; it is left out.");
        set.truth = {};
    }
    set.data.data = std::move(series);
}

LabelledData read_named(const ReadFile& file, const std::string& path, const MeasuredOptions& options,
                        const std::string& fallback, std::vector<std::string>& said) {
    LabelledData set = labelled(file, "", fallback);
    set.data.title = fallback;
    if (file.is_group(path)) {
        if (const auto signal = file.text_attribute(path, "signal"); signal && file.is_dataset(path + "/" + *signal))
            return read_named(file, path + "/" + *signal, options, fallback, said);
        read_frames(file, path, file.exists(path + "/frame_ptr"), options, set, said);
        return set;
    }
    const auto dims = file.info(path).dims;
    if (dims.size() == 3) {
        read_frames(file, path, false, options, set, said);
    } else if (dims.size() == 2 && dims[0] == dims[1]) {
        if (!options.more.empty()) file.fail(path, "is a two-time map; several files hold frames of one run");
        std::vector<std::string> own;
        set.data.data = read_two_time(file, path, options, own);
        said.insert(said.end(), own.begin(), own.end());
        for (auto& note : own) set.data.notes.push_back(std::move(note));
        set_place(file, entry_of(path), set, said);
    } else {
        file.fail(path,
                  fmt::format("has rank {}{}; frames have rank 3 (frames, rows, columns), a two-time map is square "
                              "of rank 2",
                              dims.size(), dims.size() == 2 ? " and is not square" : ""));
    }
    return set;
}

std::vector<LabelledData> measured_in(const std::filesystem::path& given, const MeasuredOptions& options,
                                      std::vector<std::string>& said) {
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
        one.push_back(read_named(file, dataset, options, fallback, said));
        return one;
    }
    if (file.text_attribute("/", "content").value_or("") == "result")
        throw InputError(fmt::format("'{}' is a result, not data; name one of its maps, as in {}", path.string(),
                                     option_text("dataset", "/entry/SERIES/two_time")));
    std::vector<LabelledData> sets;
    const auto all = entries(file);
    if (all.size() > 1 && !options.more.empty())
        throw InputError(
            fmt::format("'{}' holds {} data sets; several files are parts of one run: name the frames with {}",
                        path.string(), all.size(), option_text("dataset", "PATH")));
    for (const auto& entry : all) {
        LabelledData set = labelled(file, entry, all.size() == 1 ? fallback : fallback + "_" + entry.substr(1));
        const std::string dense = entry + "/instrument/detector/data";
        const bool is_dense = file.is_dataset(dense);
        read_frames(file, is_dense ? dense : entry + "/sparse_frames", !is_dense, options, set, said);
        sets.push_back(std::move(set));
    }
    if (!sets.empty()) return sets;
    std::string found = usual_frames(file);
    if (found.empty()) found = default_nxdata(file);
    if (found.empty()) {
        std::vector<std::string> stacks;
        int looks = 10000;
        find_stacks(file, "", 0, looks, stacks);
        throw InputError(
            fmt::format("'{}': found neither /entry/instrument/detector/data, /entry/sparse_frames nor an "
                        "NXdata behind @default; name the dataset with {}{}",
                        path.string(), option_text("dataset", "PATH"),
                        stacks.empty() ? "" : fmt::format(", as {}", fmt::join(stacks, " or "))));
    }
    LabelledData set = read_named(file, found, options, fallback, said);
    sets.push_back(std::move(set));
    return sets;
}

}  // namespace

std::vector<LabelledData> read_measured(const std::filesystem::path& file, const MeasuredOptions& options,
                                        std::vector<std::string>* notes) {
    std::vector<std::string> unwanted;
    const auto lock = hdf5_lock();
    auto sets = undamaged(file, [&] { return measured_in(file, options, notes ? *notes : unwanted); });
    std::set<std::string> names;
    for (auto& set : sets) {
        const std::string name = group_name(set.data.name);
        set.data.name = name;
        for (int k = 2; !names.insert(set.data.name).second; ++k) set.data.name = fmt::format("{}_{}", name, k);
    }
    return sets;
}

}  // namespace vitrum::io
