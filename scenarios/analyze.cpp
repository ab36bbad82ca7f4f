#include "scenarios/analyze.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <tbb/global_control.h>

#include "core/error.hpp"
#include "core/io/data_hash.hpp"
#include "scenarios/analysis_options.hpp"
#include "scenarios/over_regions.hpp"
#include "scenarios/progress.hpp"
#include "scenarios/provenance.hpp"

namespace vitrum::scenarios {

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

}  // namespace

Result analyze(const AnalyzeRequest& request, const RunControl& control) {
    toml::value root = toml::table{};
    for (const auto& setting : request.settings) apply_setting(root, setting);
    auto sets = io::read_measured(request.data, request.measured);
    const io::CheckedFile made = io::check_file(request.data);
    const toml::value scenario =
        made.scenario.empty() ? toml::value(toml::table{}) : parse_toml_text(made.scenario, "scenario in the file");
    // Every option is read before anything is computed.
    std::vector<analysis::ChainOptions> chains;
    std::string options_text;
    for (const auto& set : sets) {
        Section section(&root, "analysis", "--set");
        chains.push_back(read_chain(section, options_in_file(scenario, set.data.source_name)));
        section.finish();
        options_text += fmt::format("\n# {}\n{}", set.data.name, section.resolved());
    }

    Result result;
    result.title = fmt::format("Analysis of {}", request.data.filename().string());
    result.question = "";
    result.scenario = fmt::format("[input]\nfile = {}\ndata_hash = {}\ndataset = {}\nmask = {}\nregions = {}\n",
                                  toml_text(request.data.filename().string()), toml_text(made.computed),
                                  toml_text(request.measured.dataset), toml_text(request.measured.mask),
                                  toml_text(request.measured.regions));
    if (request.measured.frame_time)
        result.scenario +=
            fmt::format("frame_time = {}\n", toml_text(with_unit(*request.measured.frame_time, Dimension::time)));
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
        for (auto& series : correlate_labelled(sets[i], chains[i])) result.series.push_back(std::move(series));
        progress.finished(sets[i].data.name, 1, "done");
        sets[i] = {};
    }
    std::int64_t ordinal = 0;
    add_wavevector_exponents(result, [&](const std::string& set) {
        const std::int64_t i = ordinal++;
        return Coordinate{"source", i, static_cast<double>(i), set};
    });
    if (!any_truth)
        result.statements.emplace_back(
            "Measured data: the truth is not known. Errors are those of this run; how far they can be trusted is a "
            "question for data whose truth is known, at the same size and contrast.");
    return result;
}

}  // namespace vitrum::scenarios
