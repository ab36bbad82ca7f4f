#include "vitrum/pipeline/run/analyze.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tbb/global_control.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/memory.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/core/warn.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/pipeline/across/over_regions.hpp"
#include "vitrum/pipeline/across/over_scans.hpp"
#include "vitrum/pipeline/across/scan_places.hpp"
#include "vitrum/pipeline/config/progress.hpp"
#include "vitrum/pipeline/config/provenance.hpp"
#include "vitrum/pipeline/estimators/analysis_options.hpp"
#include "vitrum/pipeline/run/maps_on_disk.hpp"
#include "vitrum/pipeline/run/series_of.hpp"

namespace vitrum::pipeline {

namespace fs = std::filesystem;

namespace {

// Options that the file's own scenario gives to this source.
analysis::ChainOptions options_in_file(const toml::value& scenario, const std::string& source) {
    analysis::ChainOptions chain;
    if (!scenario.is_table() || !scenario.contains("source")) return chain;
    for (const auto& [name, table] : scenario.at("source").as_table()) {
        if (source != name || !table.contains("analysis")) continue;
        Section own(&table.at("analysis"), "source." + name + ".analysis", "scenario in the file");
        chain = read_chain(own, chain);
    }
    return chain;
}

// What was read and how, as TOML.
std::string input_text(const AnalyzeRequest& request, const std::vector<std::string>& hashes) {
    const io::MeasuredOptions& m = request.measured;
    std::string text = "[input]\n";
    for (std::size_t i = 0; i < request.data.size(); ++i) {
        const bool part = request.join && i > 0;
        const std::string number = i == 0 || part ? "" : fmt::format("_{}", i + 1);
        const std::string file = request.data[i].filename().string();
        if (part)
            text += fmt::format("# and {}\n", file);
        else
            text += fmt::format("file{0} = {1}\ndata_hash{0} = {2}\n", number, toml_text(file), toml_text(hashes[i]));
    }
    const std::array<std::pair<const char*, const std::string*>, 5> paths{{{"dataset", &m.dataset},
                                                                           {"mask", &m.mask},
                                                                           {"regions", &m.regions},
                                                                           {"static_regions", &m.static_regions},
                                                                           {"qmap", &m.qmap}}};
    for (const auto& [key, path] : paths) text += fmt::format("{} = {}\n", key, toml_text(*path));
    const auto time = [&](const char* key, const std::optional<double>& value) {
        if (value) text += fmt::format("{} = {}\n", key, toml_text(with_unit(*value, Dimension::time)));
    };
    time("frame_time", m.frame_time);
    time("count_time", m.count_time);
    if (!m.frames.everything())
        text += fmt::format("frames = \"{}:{}:{}\"\nbin_frames = {}\nbin_pixels = \"{}x{}\"\n", m.frames.first,
                            m.frames.last ? fmt::format("{}", *m.frames.last) : "", m.frames.stride, m.frames.bin,
                            m.frames.bin_rows, m.frames.bin_columns);
    const PixelChoice& pixels = request.pixels;
    const auto number = [&](const char* key, const std::optional<double>& value, const char* unit) {
        if (value) text += fmt::format("{} = \"{} {}\"\n", key, *value, unit);
    };
    number("energy", pixels.energy, "keV");
    number("distance", pixels.distance, "m");
    number("pixel", pixels.pixel, "m");
    if (pixels.centre) text += fmt::format("centre = [{}, {}]\n", pixels.centre->at(0), pixels.centre->at(1));
    if (!pixels.poni.empty()) text += fmt::format("poni = {}\n", toml_text(pixels.poni.filename().string()));
    if (pixels.rings > 0) text += fmt::format("rings = {}\n", pixels.rings);
    if (!pixels.q_edges.empty()) text += fmt::format("q_edges = [{}]\n", fmt::join(pixels.q_edges, ", "));
    if (pixels.sectors > 1) text += fmt::format("sectors = {}\n", pixels.sectors);
    if (pixels.roi) text += fmt::format("roi = [{}]\n", fmt::join(*pixels.roi, ", "));
    if (pixels.mask_hot) text += "mask_hot = true\n";
    if (!m.frames.bad.empty()) text += fmt::format("bad_frames = \"{}\"\n", io::bad_frames_text(m.frames));
    for (const auto& [name, path] : m.traces) text += fmt::format("trace.{} = {}\n", name, toml_text(path));
    return text;
}

double bytes_of_frames(const SpeckleSeries& s) {
    return static_cast<double>(sizeof(float) * s.counts.capacity() + sizeof(std::uint64_t) * s.frame_ptr.capacity() +
                               sizeof(std::uint32_t) * (s.index.capacity() + s.intensity.capacity()));
}

// Whether the maps of these data sets must go to disk, beside what is `kept` [bytes] in memory, to which they are added
// if not; InputError if they must and an option forbids it.
bool too_large(const std::vector<io::LabelledData>& sets, const std::vector<analysis::ChainOptions>& chains,
               double room, double& kept) {
    double wanted = kept;
    for (const auto& set : sets)
        if (const auto* frames = std::get_if<SpeckleSeries>(&set.data.data)) wanted += bytes_of_maps(*frames);
    if (wanted <= room) {
        kept = wanted;
        return false;
    }
    for (std::size_t i = 0; i < sets.size(); ++i)
        if (std::holds_alternative<SpeckleSeries>(sets[i].data.data)) try {
                analysis::expect_streamable(chains[i]);
            } catch (const InputError& e) {
                throw InputError(
                    fmt::format("{}; the two-time maps take {:.3g} GB, more than the {:.3g} GB that they "
                                "may (--map-memory, or fewer frames with --frames)",
                                e.what(), wanted / 1e9, room / 1e9));
            }
    return true;
}

}  // namespace

namespace {

// What one file gave, and what is to be said of it.
struct Input {
    std::vector<io::LabelledData> sets;
    std::vector<analysis::ChainOptions> chains;
    std::string hash;
    std::string options;   // of each data set, as TOML
    std::string scenario;  // that made the data
};

Input read_input(const fs::path& path, const AnalyzeRequest& request, const toml::value& settings,
                 std::vector<std::string>& said) {
    io::MeasuredOptions measured = request.measured;
    if (request.join) measured.more.assign(request.data.begin() + 1, request.data.end());
    Input input;
    std::vector<std::string> own;
    input.sets = io::read_measured(path, measured, &own);
    for (auto& set : input.sets) {
        std::vector<std::string> notes;
        choose_pixels(request.pixels, measured.frames, set.data, notes);
        // Hot pixels, a part of the detector and other regions are not what the truth is of.
        const PixelChoice& c = request.pixels;
        if ((c.roi || c.regions() || c.mask_hot) && (!set.truth.rows.empty() || !set.truth.curves.empty())) {
            notes.emplace_back("The truth in the file is that of its own regions; it is left out.");
            set.truth = {};
        }
        own.insert(own.end(), notes.begin(), notes.end());
    }
    for (const auto& note : own)
        said.push_back(request.join || request.data.size() == 1 ? note : path.filename().string() + ": " + note);
    io::CheckedFile made = io::check_file(path);
    input.hash = std::move(made.computed);
    input.scenario = std::move(made.scenario);
    const toml::value scenario =
        input.scenario.empty() ? toml::value(toml::table{}) : parse_toml_text(input.scenario, "scenario in the file");
    for (const auto& set : input.sets) {
        Section section(&settings, "analysis", "--set");
        const auto* frames = std::get_if<SpeckleSeries>(&set.data.data);
        const bool static_map = frames && !frames->static_region.empty();
        input.chains.push_back(read_chain(section, options_in_file(scenario, set.data.source_name), static_map));
        section.finish();
        input.options += fmt::format("\n# {}\n{}", set.data.name, section.resolved());
    }
    return input;
}

// Two files may hold data sets of one name.
void name_apart(std::vector<io::LabelledData>& sets, std::set<std::string>& names) {
    for (auto& set : sets) {
        const std::string name = set.data.name;
        for (int k = 2; !names.insert(set.data.name).second; ++k) set.data.name = fmt::format("{}_{}", name, k);
        if (set.data.source == "file" && set.data.source_name == name) set.data.source_name = set.data.name;
    }
}

double bytes_of_all_frames(const std::vector<io::LabelledData>& sets) {
    double bytes = 0;
    for (const auto& set : sets)
        if (const auto* series = std::get_if<SpeckleSeries>(&set.data.data)) bytes += bytes_of_frames(*series);
    return bytes;
}

}  // namespace

Result analyze(const AnalyzeRequest& request, const RunControl& control) {
    toml::value root = toml::table{};
    for (const auto& setting : request.settings) apply_setting(root, setting);
    const std::vector<fs::path> files = request.join ? std::vector<fs::path>{request.data.front()} : request.data;
    for (const fs::path& file : request.data) io::expect_input_file(file);
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    control.threads > 0 ? static_cast<std::size_t>(control.threads) : cores);
    const double room = request.map_memory.value_or(memory_for_maps());

    Result result;
    result.title = files.size() == 1 ? fmt::format("Analysis of {}", files.front().filename().string())
                                     : fmt::format("Analysis of {} scans", files.size());
    result.question = "";
    result.provenance = provenance();
    std::vector<std::string> said;
    std::vector<std::string> hashes;
    std::string options_text;
    std::string scenarios;
    std::set<std::string> names;
    std::optional<Progress> progress;
    bool any_truth = false;
    double kept = 0;  // [bytes] of maps in memory
    std::size_t number = 0;
    for (const fs::path& file : files) {
        Input input = read_input(file, request, root, said);
        name_apart(input.sets, names);
        const double frames = bytes_of_all_frames(input.sets);
        const bool on_disk = too_large(input.sets, input.chains, room, kept);
        if (request.map_memory && !control.quiet && frames > 0)
            warn(fmt::format(
                "maps and what is gathered to make them take at most {:.3g} MB of memory, the frames {:.3g} "
                "MB beside it",
                room / 1e6, frames / 1e6));
        if (!progress) {
            const std::size_t all = files.size() == 1 ? input.sets.size() : files.size();
            progress.emplace(static_cast<double>(all), control.quiet);
        }
        const double cost = files.size() == 1 ? 1 : 1 / static_cast<double>(input.sets.size());
        for (std::size_t i = 0; i < input.sets.size(); ++i) {
            auto& set = input.sets[i];
            any_truth = any_truth || !set.truth.rows.empty();
            const fs::path maps =
                on_disk ? fs::path(fmt::format("{}.{}", request.scratch.string(), number)) : fs::path();
            ++number;
            for (auto& series : correlate_labelled(set, input.chains[i], request.segments, maps, room))
                result.series.push_back(std::move(series));
            progress->finished(set.data.name, cost, "done");
            set = {};
        }
        hashes.push_back(std::move(input.hash));
        options_text += input.options;
        if (!input.scenario.empty()) scenarios += "\n# The scenario that made the data:\n" + input.scenario;
    }
    result.scenario = input_text(request, hashes) + options_text + scenarios;
    if (files.size() > 1) place_scans(result);
    add_scan_averages(result);
    std::int64_t ordinal = 0;
    add_wavevector_exponents(result, [&](const std::string& set) {
        const std::int64_t i = ordinal++;
        return named("source", i, set);
    });
    if (!any_truth)
        result.statements.emplace_back(
            "Measured data: the truth is not known. Errors are those of this run; how far they can be trusted is a "
            "question for data whose truth is known, at the same size and contrast.");
    if (!control.quiet)
        for (const auto& note : said) warn(note);
    return result;
}

}  // namespace vitrum::pipeline
