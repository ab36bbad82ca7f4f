#include "vitrum/pipeline/run/analyze.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <tbb/global_control.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/memory.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/core/warn.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/pipeline/across/over_regions.hpp"
#include "vitrum/pipeline/across/over_scans.hpp"
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
std::string input_text(const AnalyzeRequest& request, const std::string& hash) {
    const io::MeasuredOptions& m = request.measured;
    std::string text = fmt::format("[input]\nfile = {}\ndata_hash = {}\n", toml_text(request.data.filename().string()),
                                   toml_text(hash));
    for (const auto& next : m.more) text += fmt::format("# and {}\n", next.filename().string());
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
    if (!m.frames.bad.empty()) text += fmt::format("bad_frames = \"{}\"\n", io::bad_frames_text(m.frames));
    for (const auto& [name, path] : m.traces) text += fmt::format("trace.{} = {}\n", name, toml_text(path));
    return text;
}

double bytes_of_frames(const SpeckleSeries& s) {
    return static_cast<double>(sizeof(float) * s.counts.capacity() + sizeof(std::uint64_t) * s.frame_ptr.capacity() +
                               sizeof(std::uint32_t) * (s.index.capacity() + s.intensity.capacity()));
}

// Whether the maps of all data sets must go to disk; InputError if they must and an option forbids it.
bool too_large(const std::vector<io::LabelledData>& sets, const std::vector<analysis::ChainOptions>& chains,
               double room) {
    double wanted = 0;
    for (const auto& set : sets)
        if (const auto* frames = std::get_if<SpeckleSeries>(&set.data.data)) wanted += bytes_of_maps(*frames);
    if (wanted <= room) return false;
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

Result analyze(const AnalyzeRequest& request, const RunControl& control) {
    toml::value root = toml::table{};
    for (const auto& setting : request.settings) apply_setting(root, setting);
    std::vector<std::string> said;
    auto sets = io::read_measured(request.data, request.measured, &said);
    const io::CheckedFile made = io::check_file(request.data);
    const toml::value scenario =
        made.scenario.empty() ? toml::value(toml::table{}) : parse_toml_text(made.scenario, "scenario in the file");
    // Every option is read before anything is computed.
    std::vector<analysis::ChainOptions> chains;
    std::string options_text;
    for (const auto& set : sets) {
        Section section(&root, "analysis", "--set");
        const auto* frames = std::get_if<SpeckleSeries>(&set.data.data);
        const bool static_map = frames && !frames->static_region.empty();
        chains.push_back(read_chain(section, options_in_file(scenario, set.data.source_name), static_map));
        section.finish();
        options_text += fmt::format("\n# {}\n{}", set.data.name, section.resolved());
    }

    const double room = request.map_memory.value_or(memory_for_maps());
    const bool on_disk = too_large(sets, chains, room);
    double frames = 0;
    for (const auto& set : sets)
        if (const auto* series = std::get_if<SpeckleSeries>(&set.data.data)) frames += bytes_of_frames(*series);
    if (request.map_memory && !control.quiet && frames > 0)
        warn(fmt::format(
            "maps and what is gathered to make them take at most {:.3g} MB of memory, the frames {:.3g} MB beside it",
            room / 1e6, frames / 1e6));

    Result result;
    result.title = fmt::format("Analysis of {}", request.data.filename().string());
    result.question = "";
    result.scenario = input_text(request, made.computed);
    result.scenario += options_text;
    if (!made.scenario.empty()) result.scenario += "\n# The scenario that made the data:\n" + made.scenario;
    result.provenance = provenance();

    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    control.threads > 0 ? static_cast<std::size_t>(control.threads) : cores);
    Progress progress(static_cast<double>(sets.size()), control.quiet);
    bool any_truth = false;
    for (std::size_t i = 0; i < sets.size(); ++i) {
        any_truth = any_truth || !sets[i].truth.rows.empty();
        const fs::path maps = on_disk ? fs::path(fmt::format("{}.{}", request.scratch.string(), i)) : fs::path();
        for (auto& series : correlate_labelled(sets[i], chains[i], request.segments, maps, room))
            result.series.push_back(std::move(series));
        progress.finished(sets[i].data.name, 1, "done");
        sets[i] = {};
    }
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
