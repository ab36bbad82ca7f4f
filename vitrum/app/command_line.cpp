#include "vitrum/app/command_line.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "vitrum/app/commands.hpp"
#include "vitrum/app/print.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/pipeline/config/provenance.hpp"

namespace vitrum::app {

namespace {

constexpr int bad_input = 2;
constexpr int failed = 3;
constexpr int interrupted = 130;

void add_settings(CLI::App& command, Common& common, const std::string& example) {
    command.add_option("--set", common.settings, "KEY=VALUE, repeatable: " + example)
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_run_options(CLI::App& command, Common& common) {
    command.add_option("--seed", common.seed, "Seed of the run, instead of the scenario's");
    command.add_option("--threads", common.threads, "Threads (0 = all cores); the result does not depend on it")
        ->check(CLI::NonNegativeNumber);
    command.add_flag("--quiet", common.quiet, "No progress");
}

void add_consent(CLI::App& command, Consent& agreed) {
    command.add_flag("--allow-large", agreed.large,
                     "Also what wants more memory or more hours than is begun without a question (docs/limits.md)");
    command.add_flag("--follow-links", agreed.follow_links, "Also links in data files that lead out of their folder");
    if (command.get_name() == "validate")
        command.add_flag("--allow-commands", agreed.commands,
                         "Also start the programs that [methods.*] command = ... names");
}

void add_output(CLI::App& command, Common& common, const std::string& fallback) {
    command.add_option("-o,--output", common.output, "Output file (default: " + fallback + ")")->type_name("FILE");
    command.add_flag("--force", common.force, "Replace an existing output, discard unfinished work");
}

void add_score_options(CLI::App& command, validation::ScoreOptions& o) {
    const auto column = [&](const char* option, std::string& target, const char* usual) {
        command.add_option(option, target, fmt::format("Column (default: {})", usual))->type_name("COLUMN");
    };
    command.add_option("--truth", o.truth, "True value: a column (default: truth, true), or one number")
        ->type_name("COLUMN|VALUE");
    command.add_option("--group", o.group, "Columns whose values are judged apart, as in --group tau,counts")
        ->type_name("COLUMNS")
        ->delimiter(',');
    command.add_option("--reference", o.reference, "Method that the others are compared with, pair by pair")
        ->type_name("METHOD");
    command.add_option("--level", o.level, "Level of the intervals (default 0.95)")->check(CLI::Range(0.01, 0.9999));
    column("--estimate", o.estimate, "estimate, est, theta, b, value");
    column("--standard-error", o.standard_error, "standard_error, se, stderr, error");
    column("--lower", o.lower, "lower");
    column("--upper", o.upper, "upper");
    column("--method", o.method, "method, estimator");
    column("--replicate", o.replicate, "replicate, rep, dataset, i");
}

void add_selection(CLI::App& command, DataOptions& o) {
    command.add_option("--count-time", o.count_time, "Exposure of a frame")
        ->type_name("SECONDS")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--static-regions", o.static_regions, "Dataset of 1-based static regions, for normalisations")
        ->type_name("PATH");
    command.add_option("--qmap", o.qmap, "Dataset of q [1/angstrom] of each pixel, or a group as /xpcs/qmap")
        ->type_name("PATH");
    command.add_option("--frames", o.frames, "Frames FIRST up to LAST (not taken), counted from 0; every STRIDE-th")
        ->type_name("FIRST:LAST[:STRIDE]");
    command.add_option("--bad-frames", o.bad_frames, "Frames that are left out, counted from 0, as 12,50:60")
        ->type_name("LIST");
    command.add_option("--bin-frames", o.bin_frames, "Add so many frames in a row")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    command.add_option("--bin-pixels", o.bin_pixels, "Add N x N, or ROWS x COLUMNS, pixels")->type_name("N");
    command.add_option("--segments", o.segments, "Parts of the run whose g2 is given as well")
        ->type_name("N")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command
        .add_option("--map-memory", o.map_memory,
                    "Memory for two-time maps and what is gathered to make them, as \"2 GB\"; larger ones are made in "
                    "tiles on disk; the frames take theirs beside it (default: half of what is free)")
        ->type_name("SIZE");
    command
        .add_option("--trace", o.traces, "NAME=PATH, repeatable: a trace to show beside the map, as pressure=/scan/p")
        ->type_name("NAME=PATH")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_compare(CLI::App& command, std::vector<std::string>& files, CompareOptions& o, Common& common, bool& json) {
    command.add_option("results", files, "RESULT.h5 ... of 'vitrum analyze' or 'vitrum run'")->required();
    command
        .add_option("--along", o.along, "Default: pressure if it differs between scans, else temperature, else time")
        ->check(CLI::IsMember({"pressure", "temperature", "time"}));
    command
        .add_option("--place", o.places,
                    "NAME=WHERE, repeatable: pressure, temperature, time or branch of each scan, as "
                    "pressure=\"1, 2, 3 GPa\" or pressure=/entry/SERIES/traces/cell/value")
        ->type_name("NAME=WHERE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command.add_option("--temperature", o.temperature, "For activation volumes, as \"300 K\" (default: of the scans)")
        ->type_name("T");
    command.add_option("--over", o.over, "Published points laid over ours: pressure [GPa], tau [s], tau_error [s]")
        ->type_name("FILE.csv");
    add_output(command, common, "none; .csv");
    command.add_option("--report", common.report, "Also write a report")->type_name("FILE");
    command.add_flag("--json", json, "As JSON");
}

void add_pixels(CLI::App& command, DataOptions& o) {
    const auto text = [&](const char* option, std::string& target, const char* what, const char* type) {
        command.add_option(option, target, what)->type_name(type);
    };
    text("--energy", o.energy, "Of the photons, as \"8.1 keV\" (default: the file's)", "ENERGY");
    text("--distance", o.distance, "Sample to detector, as \"5 m\" (default: the file's)", "LENGTH");
    text("--centre", o.centre, "Beam on the detector in pixels, X along a row (default: the file's)", "X,Y");
    text("--pixel", o.pixel, "Size of a pixel, as \"75 um\" (default: the file's)", "LENGTH");
    text("--poni", o.poni, "Geometry as pyFAI writes it", "FILE");
    command.add_option("--rings", o.rings, "So many q rings of equal width")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    text("--q-edges", o.q_edges, "Edges of q rings [1/angstrom], as 0.01,0.02,0.04", "LIST");
    command.add_option("--sectors", o.sectors, "Sectors of each ring")->type_name("N")->check(CLI::PositiveNumber);
    text("--roi", o.roi, "Rows and columns that are used, counted from 0, LAST not taken", "ROWS,COLUMNS");
    command.add_flag("--mask-hot", o.mask_hot, "Leave out pixels with more counts than speckle can have");
}

// What links of measured files led to; where there are many, the first of them.
void tell_followed() {
    const auto& files = io::followed_files();
    if (files.empty()) return;
    constexpr std::size_t shown = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(files.size(), shown); ++i)
        text += fmt::format("{}'{}'", i ? ", " : "", files[i]);
    say(fmt::format("followed links to {}{}", text,
                    files.size() > shown ? fmt::format(" and {} more", files.size() - shown) : ""));
}

int guarded(const std::function<int()>& command, bool resumable) {
    try {
        const int status = command();
        tell_followed();
        return status;
    } catch (const InputError& e) {
        say(e.what());
        return bad_input;
    } catch (const Interrupted&) {
        say(fmt::format("interrupted{}", resumable ? "; finished work is kept, --resume goes on" : ""));
        return interrupted;
    } catch (const std::bad_alloc&) {
        say("out of memory");
        return failed;
    } catch (const std::length_error&) {
        say("out of memory: more values are wanted than any memory holds");
        return failed;
    } catch (const std::exception& e) {
        say(*e.what() ? e.what() : "failed without a reason");
        return failed;
    } catch (...) {
        say("failed without a reason");
        return failed;
    }
}

}  // namespace

int main_program(int argc, char** argv) {
    open_standard_streams();
    ignore_closed_pipes();
    install_interrupt_handler();
    install_crash_handler();
    CLI::App app{
        "Vitrum: how far can you trust your numbers? Data with known truth, and the estimators of glass physics."};
    app.name("vitrum");
    app.require_subcommand(1);
    app.set_version_flag("--version", "vitrum " + pipeline::version());
    Common common;
    DataOptions data_options;
    std::string subject;
    std::vector<std::string> files;
    std::string second;
    bool json = false;
    Consent agreed;
    std::function<int()> chosen;

    auto* list_command =
        app.add_subcommand("list", "List sources, estimators, rows across data sets, scenarios and studies");
    list_command->add_option("what", subject, "sources, estimators, across, scenarios or studies (default: all)")
        ->check(CLI::IsMember({"sources", "estimators", "across", "scenarios", "studies"}));
    list_command->add_flag("--json", json, "As JSON");
    list_command->callback([&] { chosen = [&] { return list(subject, json); }; });

    auto* run_command = app.add_subcommand("run", "Run a scenario: make data, analyse, judge against truth, report");
    run_command->add_option("scenario", subject, "SCENARIO.toml, or the name of one that comes with vitrum")
        ->required();
    add_output(*run_command, common, "SCENARIO.h5");
    run_command->add_option("--report", common.report, "Report (default: the output's name with .html)")
        ->type_name("FILE");
    add_run_options(*run_command, common);
    add_settings(*run_command, common, "source.speckle.tau=\"20 s\"");
    run_command->add_flag("--resume", common.resume, "Go on with unfinished work in OUTPUT.part");
    run_command->callback([&] { chosen = [&] { return run(subject, common); }; });

    auto* generate_command = app.add_subcommand("generate", "Make a scenario's data with their truth, no analysis");
    generate_command->add_option("scenario", subject, "SCENARIO.toml, or the name of one that comes with vitrum")
        ->required();
    add_output(*generate_command, common, "SCENARIO_data.h5");
    add_run_options(*generate_command, common);
    add_settings(*generate_command, common, "source.speckle.tau=\"20 s\"");
    generate_command->add_flag("--resume", common.resume, "Go on with unfinished work in OUTPUT.part");
    generate_command->callback([&] { chosen = [&] { return generate(subject, common); }; });

    auto* analyze_command =
        app.add_subcommand("analyze", "Correlate frames, sparse frames or a two-time map, whoever made the file");
    analyze_command->add_option("data", files, "DATA.h5; several files are several scans, side by side")->required();
    analyze_command->add_flag("--join", data_options.join,
                              "The files are parts of one run, in this order: they must fit together");
    add_output(*analyze_command, common, "DATA_result.h5");
    analyze_command->add_option("--report", common.report, "Also write a report")->type_name("FILE");
    analyze_command
        ->add_option("--dataset", data_options.dataset, "Dataset of frames or a map, in this file or as FILE::/path")
        ->type_name("PATH");
    analyze_command->add_option("--frame-time", data_options.frame_time, "Time between frames")
        ->type_name("SECONDS")
        ->check(CLI::PositiveNumber);
    analyze_command->add_option("--mask", data_options.mask, "Dataset; non-zero = pixel not used")->type_name("PATH");
    analyze_command->add_option("--regions", data_options.regions, "Dataset of 1-based q regions; 0 = none")
        ->type_name("PATH");
    add_selection(*analyze_command, data_options);
    add_pixels(*analyze_command, data_options);
    analyze_command->add_option("--threads", common.threads, "Threads (0 = all cores)")->check(CLI::NonNegativeNumber);
    analyze_command->add_flag("--quiet", common.quiet, "No progress");
    add_settings(*analyze_command, common, "min_lag=1, max_lag=\"10 s\", weights=pairs, baseline=1, beta=1.5");
    analyze_command->callback([&] { chosen = [&] { return analyze(files, data_options, common); }; });

    CompareOptions compare_options;
    auto* compare_command =
        app.add_subcommand("compare", "Results of several scans side by side, against pressure, temperature or time");
    add_compare(*compare_command, files, compare_options, common, json);
    compare_command->callback([&] { chosen = [&] { return compare(files, compare_options, common, json); }; });

    auto* estimate_command = app.add_subcommand("estimate", "One estimator on one file, HDF5 or CSV");
    estimate_command->add_option("estimator", subject, "As in 'vitrum list estimators'")->required();
    estimate_command->add_option("data", second, "DATA.h5, DATA.csv, or a trajectory of atoms")->required();
    estimate_command->add_flag("--json", json, "As JSON");
    estimate_command->add_option("--threads", common.threads, "Threads (0 = all cores)")->check(CLI::NonNegativeNumber);
    add_output(*estimate_command, common, "none; .h5, or .csv, .txt, .dat for curves as text");
    add_settings(*estimate_command, common, "min_lag=1, temperature=\"300 K\", x=COLUMN");
    estimate_command->callback([&] { chosen = [&] { return estimate(subject, second, common, json); }; });

    auto* report_command = app.add_subcommand("report", "Write the report of a result again");
    report_command->add_option("result", subject, "RESULT.h5")->required();
    add_output(*report_command, common, "RESULT.html");
    report_command->callback([&] { chosen = [&] { return report(subject, common); }; });

    auto* export_command = app.add_subcommand(
        "export", "One data set of a result as a file of its own, for viewers; a trajectory as H5MD or extended XYZ");
    export_command->add_option("file", subject, "RESULT.h5, or a trajectory: H5MD, LAMMPS dump or data, extended XYZ")
        ->required();
    export_command->add_option("--data-set", second, "Of a result, which one: its name")->type_name("NAME");
    add_output(*export_command, common, "RESULT_NAME.h5; of a trajectory name X.h5 or X.xyz");
    add_settings(*export_command, common, "of a trajectory elements=Cu,Zr, time_step=\"2 fs\", frames=0:100:2");
    export_command->callback([&] { chosen = [&] { return export_data_set(subject, second, common); }; });

    auto* check_command = app.add_subcommand("check", "Print and verify a file's data hash and what made it");
    check_command->add_option("file", subject, "FILE.h5")->required();
    check_command->callback([&] { chosen = [&] { return check(subject); }; });

    ValidateOptions validate_options;
    auto* validate_command =
        app.add_subcommand("validate", "Run a study: many replicates over a grid, every estimator judged");
    validate_command->add_option("study", subject, "STUDY.toml, or the name of one that comes with vitrum")->required();
    add_output(*validate_command, common, "STUDY.h5");
    validate_command->add_option("--report", common.report, "Also write a report")->type_name("FILE");
    validate_command->add_option("--replicates", validate_options.replicates, "Replicates of each cell: a deviation")
        ->check(CLI::PositiveNumber);
    validate_command->add_option("--chunk", validate_options.chunk, "Only part I of N, for 'vitrum merge'")
        ->type_name("I/N");
    validate_command->add_option("--after", validate_options.after, "With --chunk: the merge so far; its next stage")
        ->type_name("STUDY.h5");
    validate_command
        ->add_option(
            "--only", validate_options.only,
            "One replicate of one cell, numbered from 0 as in the file: its rows are printed, nothing is written")
        ->type_name("CELL:REPLICATE");
    validate_command->add_flag("--json", validate_options.json, "With --only: as JSON");
    add_run_options(*validate_command, common);
    add_settings(*validate_command, common, "source.speckle.frames=200");
    validate_command->add_flag("--resume", common.resume, "Go on with unfinished work in OUTPUT.part");
    validate_command->callback([&] { chosen = [&] { return validate(subject, validate_options, common); }; });

    auto* merge_command = app.add_subcommand("merge", "Chunks of a study as one");
    merge_command->add_option("files", files, "CHUNK.h5 ...")->required();
    merge_command->add_option("-o,--output", common.output, "Study file")->type_name("FILE")->required();
    merge_command->add_flag("--force", common.force, "Replace an existing output");
    merge_command->add_option("--report", common.report, "Also write a report")->type_name("FILE");
    merge_command->callback([&] { chosen = [&] { return merge(files, common); }; });

    PlanOptions plan_options;
    auto* plan_command = app.add_subcommand("plan", "What could this measurement see? Asked before beamtime");
    plan_command->add_option("experiment", subject, "EXPERIMENT.toml, as in docs/plan.md")->required();
    plan_command->add_option("--replicates", plan_options.replicates, "Simulated scans of each condition")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    plan_command->add_option("--report", common.report, "Also write a page, HTML")->type_name("FILE");
    plan_command->add_flag("--force", common.force, "Replace an existing report");
    plan_command->add_flag("--json", plan_options.json, "As JSON");
    add_run_options(*plan_command, common);
    plan_command->callback([&] { chosen = [&] { return plan(subject, plan_options, common); }; });

    validation::ScoreOptions score_options;
    auto* score_command = app.add_subcommand(
        "score", "Judge anyone's estimates: bias, spread, coverage, each with its Monte Carlo error");
    score_command->add_option("table", subject, "ESTIMATES.csv: one row a replicate and method")->required();
    add_score_options(*score_command, score_options);
    score_command->add_flag("--json", json, "As JSON");
    score_command->callback([&] { chosen = [&] { return score(subject, score_options, json); }; });

    ChallengeOptions challenge_options;
    auto* challenge_command =
        app.add_subcommand("challenge", "Blind data sets with a sealed truth, and their judgement");
    challenge_command->require_subcommand(1);
    const auto add_seal = [&](CLI::App& command) {
        command.add_option("--seal", challenge_options.seal, "Seal (default: DIR.seal)")->type_name("FILE");
    };
    auto* make_command =
        challenge_command->add_subcommand("make", "Write blind data sets into a folder, and their seal");
    make_command->add_option("challenge", subject, "CHALLENGE.toml")->required();
    make_command->add_option("-o,--output", common.output, "Folder (default: CHALLENGE_challenge)")->type_name("DIR");
    make_command->add_flag("--force", common.force, "Replace an existing challenge and its seal");
    make_command->add_option("--threads", common.threads, "Threads (0 = all cores)")->check(CLI::NonNegativeNumber);
    make_command->add_flag("--quiet", common.quiet, "No progress");
    add_seal(*make_command);
    make_command->callback([&] { chosen = [&] { return challenge_make(subject, challenge_options, common); }; });
    auto* judge_command =
        challenge_command->add_subcommand("score", "Open the seal, judge the answers, rank the methods");
    judge_command->add_option("folder", subject, "DIR of the challenge")->required();
    judge_command->add_option("submissions", files, "SUBMISSION.csv ...")->required();
    judge_command->add_flag("--json", json, "As JSON");
    add_seal(*judge_command);
    judge_command->callback([&] { chosen = [&] { return challenge_score(subject, files, challenge_options, json); }; });

    // Every command that reads or makes data.
    for (auto* command : {run_command, generate_command, analyze_command, compare_command, estimate_command,
                          report_command, export_command, check_command, validate_command, merge_command, plan_command,
                          score_command, make_command, judge_command})
        add_consent(*command, agreed);

    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& e) {
        return status_of_output(app.exit(e));  // --help, --version
    } catch (const CLI::ParseError& e) {
        std::string message = e.what();
        for (char& c : message)
            if (c == '\n') c = ' ';
        say(message + "; see 'vitrum --help' and 'vitrum COMMAND --help'");
        return bad_input;
    }
    give_consent(agreed);
    return status_of_output(
        guarded(chosen, run_command->parsed() || generate_command->parsed() || validate_command->parsed()));
}

}  // namespace vitrum::app
