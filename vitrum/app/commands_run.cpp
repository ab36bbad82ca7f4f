#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "vitrum/app/commands.hpp"
#include "vitrum/app/print.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/memory.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/result/columns_file.hpp"
#include "vitrum/io/result/result_file.hpp"
#include "vitrum/io/text/output_path.hpp"
#include "vitrum/pipeline/run/analyze.hpp"
#include "vitrum/pipeline/run/runner.hpp"
#include "vitrum/pipeline/run/work.hpp"
#include "vitrum/pipeline/sources/sources.hpp"
#include "vitrum/report/html_report.hpp"
#include "vitrum/validation/study_report/study_report.hpp"

namespace vitrum::app {

namespace fs = std::filesystem;

namespace {

constexpr int failed = 3;

// The first line of every source that died; exit status 3 if there is one.
int tell_failures(const Result& result) {
    int status = 0;
    for (const auto& series : result.series)
        if (!series.failure.empty()) {
            print(stderr, "vitrum: {} failed: {}\n", series.name, series.failure);
            status = failed;
        }
    return status;
}

// A ready-made scenario that says of itself that it takes long is asked for by its name: that is consent.
void expect_affordable(const std::string& given, const pipeline::Scenario& scenario, bool in_slabs,
                       const Common& common) {
    const bool by_name = !fs::is_regular_file(given) && common.settings.empty();
    if (by_name && scenario.takes_long) return;
    pipeline::expect_affordable(scenario, in_slabs);
}

}  // namespace

int run(const std::string& scenario_file, const Common& common) {
    const auto scenario = pipeline::read_scenario(scenario_file, common.settings, common.seed);
    const fs::path output = common.output.empty() ? fs::path(scenario.name + ".h5") : fs::path(common.output);
    const fs::path html = common.report.empty() ? fs::path(output).replace_extension(".html") : fs::path(common.report);
    expect_affordable(scenario_file, scenario, false, common);
    const std::string identity = "run " + pipeline::identity_of(scenario);
    // A run of which some sources failed may be resumed over its own result.
    const bool replace = common.force || (common.resume && pipeline::PartFolder::matches(output, identity));
    io::check_output(output, {scenario.file}, replace);
    io::check_output(html, {scenario.file}, replace);
    if (fs::weakly_canonical(output) == fs::weakly_canonical(html))
        throw InputError(fmt::format("the report and the result cannot both be '{}'", output.string()));
    vitrum::check_figure_program();

    const pipeline::PartFolder part(output, identity, common.resume, common.force);
    const Result result = pipeline::run(scenario, part, {common.threads, common.quiet});
    io::write_and_rename(output, [&](const fs::path& file) { io::write_result(file, result); });
    const int status = tell_failures(result);
    vitrum::write_report(io::read_result(output), html, pipeline::source_texts());
    if (status == 0)
        part.remove();
    else
        print(stderr, "vitrum: the other results are kept; 'vitrum run' with --resume tries again what failed\n");
    if (!common.quiet) print("result  {}\nreport  {}\n", output.string(), html.string());
    return status;
}

int generate(const std::string& scenario_file, const Common& common) {
    const auto scenario = pipeline::read_scenario(scenario_file, common.settings, common.seed);
    const fs::path output = common.output.empty() ? fs::path(scenario.name + "_data.h5") : fs::path(common.output);
    expect_affordable(scenario_file, scenario, true, common);
    io::check_output(output, {scenario.file}, common.force);
    const pipeline::PartFolder part(output, "generate " + pipeline::identity_of(scenario), common.resume, common.force);
    auto sets = pipeline::generate(scenario, part, {common.threads, common.quiet});
    io::write_and_rename(output, [&](const fs::path& file) {
        pipeline::write_generated(file, std::move(sets), scenario.resolved, pipeline::provenance_of(scenario));
    });
    part.remove();
    if (!common.quiet) print("data    {}\n", output.string());
    return 0;
}

namespace {

io::MeasuredOptions measured(const DataOptions& o) {
    io::MeasuredOptions m;
    m.dataset = o.dataset;
    m.frame_time = o.frame_time;
    m.count_time = o.count_time;
    m.mask = o.mask;
    m.regions = o.regions;
    m.static_regions = o.static_regions;
    m.qmap = o.qmap;
    if (!o.frames.empty()) io::parse_frames(o.frames, m.frames);
    if (!o.bad_frames.empty()) io::parse_bad_frames(o.bad_frames, m.frames);
    if (!o.bin_pixels.empty()) io::parse_pixel_bin(o.bin_pixels, m.frames);
    m.frames.bin = o.bin_frames;
    const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
    for (const auto& text : o.traces) {
        const auto at = text.find('=');
        const std::string name = text.substr(0, at);
        if (at == std::string::npos || at + 1 == text.size() || name.empty() ||
            !std::all_of(name.begin(), name.end(), plain))
            throw InputError(fmt::format("--trace {}: write NAME=PATH, a name of letters, digits and _", text));
        m.traces.emplace_back(name, text.substr(at + 1));
    }
    return m;
}

double metres(const std::string& text, const char* option) {
    constexpr double angstroms = 1e10;
    const double value = parse_with_unit(text, Dimension::length, option) / angstroms;
    if (!(value > 0)) throw InputError(fmt::format("{}: is '{}'; above 0", option, text));
    return value;
}

pipeline::PixelChoice pixels(const DataOptions& o) {
    constexpr double ev_per_kev = 1e3;
    pipeline::PixelChoice c;
    if (!o.energy.empty()) c.energy = parse_with_unit(o.energy, Dimension::energy, "--energy") / ev_per_kev;
    if (c.energy && !(*c.energy > 0)) throw InputError(fmt::format("--energy: is '{}'; above 0", o.energy));
    if (!o.distance.empty()) c.distance = metres(o.distance, "--distance");
    if (!o.pixel.empty()) c.pixel = metres(o.pixel, "--pixel");
    if (!o.centre.empty()) {
        double x = 0;
        double y = 0;
        char more = 0;
        if (std::sscanf(o.centre.c_str(), "%lf,%lf%c", &x, &y, &more) != 2 || !std::isfinite(x) || !std::isfinite(y))
            throw InputError(fmt::format("--centre {}: write X,Y in pixels, X along a row", o.centre));
        c.centre = {x, y};
    }
    c.poni = o.poni;
    c.rings = o.rings;
    if (!o.q_edges.empty()) c.q_edges = pipeline::parse_edges(o.q_edges);
    if (c.rings > 0 && !c.q_edges.empty()) throw InputError("--rings and --q-edges exclude each other");
    c.sectors = o.sectors;
    if (c.sectors > 1 && !c.regions()) c.rings = 1;
    if (c.regions() && !o.regions.empty()) throw InputError("--regions and rings exclude each other");
    if (!o.roi.empty()) c.roi = pipeline::parse_roi(o.roi);
    c.mask_hot = o.mask_hot;
    return c;
}

}  // namespace

int analyze(const std::vector<std::string>& files, const DataOptions& options, const Common& common) {
    const std::vector<fs::path> inputs(files.begin(), files.end());
    if (options.join && files.size() < 2) throw InputError("--join: there is one file; name two or more");
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        std::error_code missing;
        for (std::size_t k = 0; k < i; ++k)
            if (fs::equivalent(inputs[i], inputs[k], missing) && !missing)
                throw InputError(fmt::format("'{}' is given twice", inputs[i].string()));
    }
    pipeline::AnalyzeRequest request{inputs, measured(options), common.settings, options.segments, {},
                                     {},     options.join,      pixels(options)};
    if (!options.map_memory.empty())
        request.map_memory = parse_with_unit(options.map_memory, Dimension::memory, "--map-memory");
    if (request.map_memory && !(*request.map_memory >= 0))
        throw InputError(fmt::format("--map-memory: is '{}'; 0 B or more", options.map_memory));
    const fs::path output =
        common.output.empty() ? fs::path(inputs.front().stem().string() + "_result.h5") : fs::path(common.output);
    io::check_output(output, inputs, common.force);
    if (!common.report.empty()) {
        io::check_output(common.report, inputs, common.force);
        vitrum::check_figure_program();
    }
    request.scratch = output;
    const Result result = pipeline::analyze(request, {common.threads, common.quiet});
    io::write_and_rename(output, [&](const fs::path& file) { io::write_result(file, result); });
    // What was not to be in memory for the analysis is not to be there for the report.
    if (!common.report.empty())
        vitrum::write_report(io::read_result(output, request.map_memory.value_or(memory_for_maps())), common.report,
                             pipeline::source_texts());
    if (!common.quiet) {
        for (const auto& series : result.series)
            for (const auto& e : series.estimates)
                if (e.status == Status::ok && std::isfinite(e.standard_error))
                    print("{:<14} {:<30} {:.6g} +- {:.2g} {}\n", series.name, e.quantity, e.value, e.standard_error,
                          e.unit);
                else if (e.status == Status::ok)
                    print("{:<14} {:<30} {:.6g} {} without an error\n", series.name, e.quantity, e.value, e.unit);
                else if (e.status == Status::law_rejected)
                    print("{:<14} {:<30} [{:.6g} {}] {}: {}\n", series.name, e.quantity, e.value, e.unit,
                          name(e.status), e.note);
                else
                    print("{:<14} {:<30} {}: {}\n", series.name, e.quantity, name(e.status), e.note);
        print("result  {}\n", output.string());
        if (!common.report.empty()) print("report  {}\n", common.report);
    }
    return 0;
}

int report(const std::string& result, const Common& common) {
    const fs::path output = common.output.empty() ? fs::path(fs::path(result).filename().replace_extension(".html"))
                                                  : fs::path(common.output);
    if (io::content_of(result) == "study") {
        const auto study = validation::read_study_file(result);
        io::check_output(output, {result}, common.force);
        vitrum::check_figure_program();
        const auto assessment = validation::assess(study.study, study.outcomes);
        validation::write_study_report(study, assessment,
                                       validation::figures_of(study.study, study.outcomes, assessment), output);
        print("report  {}\n", output.string());
        return 0;
    }
    const Result read = io::read_result(result);
    io::check_output(output, {result}, common.force);
    vitrum::check_figure_program();
    vitrum::write_report(read, output, pipeline::source_texts());
    print("report  {}\n", output.string());
    return 0;
}

}  // namespace vitrum::app
