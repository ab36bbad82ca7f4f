#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "vitrum/app/commands.hpp"
#include "vitrum/app/print.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/io/text/output_path.hpp"
#include "vitrum/pipeline/run/part_folder.hpp"
#include "vitrum/report/html_report.hpp"
#include "vitrum/validation/study/study_run.hpp"
#include "vitrum/validation/study_report/study_file.hpp"
#include "vitrum/validation/study_report/study_report.hpp"

namespace vitrum::app {

namespace fs = std::filesystem;
namespace v = validation;

namespace {

v::Chunk parse_chunk(const std::string& text) {
    v::Chunk chunk;
    if (text.empty()) return chunk;
    const auto slash = text.find('/');
    std::size_t used_i = 0;
    std::size_t used_n = 0;
    try {
        chunk.index = std::stoul(text.substr(0, slash), &used_i);
        chunk.of = std::stoul(text.substr(slash + 1), &used_n);
    } catch (const std::exception&) {
        used_i = 0;
    }
    if (slash == std::string::npos || used_i != slash || used_n != text.size() - slash - 1 || chunk.index < 1 ||
        chunk.index > chunk.of)
        throw InputError(fmt::format("--chunk {}: write I/N, I from 1 to N, as in 2/8", text));
    return chunk;
}

// Returns the assessment: bounds make it dear.
v::Assessment write_all(const fs::path& output, const std::string& html, const v::Study& study,
                        const v::Outcomes& outcomes) {
    auto assessment = v::assess(study, outcomes);
    const auto figures = v::figures_of(study, outcomes, assessment);
    io::write_and_rename(output,
                         [&](const fs::path& file) { v::write_study(file, study, outcomes, assessment, figures); });
    if (!html.empty()) v::write_study_report(v::read_study_file(output), assessment, figures, html);
    return assessment;
}

void print_summary(const v::Study& study, const v::Outcomes& outcomes, const v::Assessment& assessment,
                   const fs::path& output, const std::string& html) {
    print("{}", v::summary_text(study, outcomes, assessment));
    print("study   {}\n", output.string());
    if (!html.empty()) print("report  {}\n", html);
}

void tell_next_stage(const v::Study& study, const v::Outcomes& outcomes) {
    const auto wanted = v::wanted_replicates(study, outcomes);
    std::size_t missing = 0;
    for (const auto n : wanted) missing += n;
    const std::size_t have = outcomes.replicates.size();
    if (missing > have)
        print("{} replicates are wanted still: the next stage, or chunks that are missing\n", missing - have);
}

// Says why all ranks have to stop, once: what fails on one rank mostly fails on all. The others speak only if the first
// is still silent after a while.
void stop_ranks(const v::Ranks& ranks, const std::string& message, int status) {
    if (!ranks.first()) std::this_thread::sleep_for(std::chrono::seconds(3));
    const std::string who = ranks.first() ? "" : fmt::format("rank {}: ", ranks.rank());
    say(who + message);
    std::fflush(stderr);
    ranks.abort(status);
}

// As of a scenario: a ready-made study asked for by its name is consent to the hours that it says.
void expect_affordable(const std::string& given, const v::Study& study, const v::Chunk& chunk, const v::Ranks& ranks,
                       const Common& common) {
    const v::StudyWork one = v::work_of(study);
    const bool by_name = !fs::is_regular_file(given) && common.settings.empty();
    const double share = static_cast<double>(chunk.of) * static_cast<double>(ranks.size());
    if (!by_name) expect_work(one.seconds * static_cast<double>(study.most) / share, study.file.string());
    expect_memory(one.bytes, study.file.string());
}

void validate_on(const v::Ranks& ranks, const std::string& file, const ValidateOptions& options, const Common& common) {
    const v::Chunk chunk = parse_chunk(options.chunk);
    const v::Study study = v::read_study(file, {options.replicates, common.seed, common.settings});
    expect_affordable(file, study, chunk, ranks, common);
    v::expect_consent(study);
    const std::string suffix = chunk.of > 1 ? fmt::format("_{}_of_{}", chunk.index, chunk.of) : "";
    const fs::path output = common.output.empty() ? fs::path(study.name + suffix + ".h5") : fs::path(common.output);
    const std::string identity =
        fmt::format("validate {}{}", v::identity_of(study), chunk.of > 1 ? " chunk " + options.chunk : "");
    v::Outcomes earlier;
    std::vector<fs::path> inputs{study.file};
    if (!options.after.empty()) {
        if (options.chunk.empty()) throw InputError("--after goes with --chunk: it names what the merge has so far");
        auto stored = v::read_study_file(options.after);
        if (stored.identity != v::identity_of(study))
            throw InputError(fmt::format("'{}' is of another study, version or processor class", options.after));
        earlier = std::move(stored.outcomes);
        inputs.emplace_back(options.after);
    }
    const bool replace =
        common.force || (common.resume && pipeline::PartFolder::matches(output, identity)) || !ranks.first();
    io::check_output(output, inputs, replace);
    if (!common.report.empty()) {
        io::check_output(common.report, inputs, replace);
        vitrum::check_figure_program();
    }
    if (!ranks.first()) ranks.barrier();  // until the folder is there
    const pipeline::PartFolder part(output, identity, common.resume || !ranks.first(), common.force && ranks.first());
    if (ranks.first()) ranks.barrier();
    const v::Outcomes outcomes =
        v::run_study(study, part.path(), earlier, ranks, {common.threads, common.quiet, chunk});
    if (!ranks.first()) {
        ranks.barrier();
        return;
    }
    const auto assessment = write_all(output, common.report, study, outcomes);
    part.remove();
    ranks.barrier();
    if (!common.quiet) {
        print_summary(study, outcomes, assessment, output, common.report);
        if (chunk.of > 1 && outcomes.replicates.empty()) print("nothing was left to do for this chunk\n");
    }
}

}  // namespace

int validate(const std::string& file, const ValidateOptions& options, const Common& common) {
    if (!options.only.empty()) return validate_only(file, options, common);
    const v::Ranks ranks;
    if (ranks.size() == 1) {
        validate_on(ranks, file, options, common);
        return 0;
    }
    try {
        validate_on(ranks, file, options, common);
    } catch (const InputError& e) {
        stop_ranks(ranks, e.what(), 2);
    } catch (const Interrupted&) {
        stop_ranks(ranks, "interrupted; finished work is kept, --resume goes on", 130);
    } catch (const std::exception& e) {
        stop_ranks(ranks, e.what(), 3);
    }
    return 0;
}

int merge(const std::vector<std::string>& files, const Common& common) {
    const std::vector<fs::path> inputs(files.begin(), files.end());
    const fs::path output(common.output);
    io::check_output(output, inputs, common.force);
    if (!common.report.empty()) {
        io::check_output(common.report, inputs, common.force);
        vitrum::check_figure_program();
    }
    const auto merged = v::merge_studies(inputs);
    const auto assessment = write_all(output, common.report, merged.study, merged.outcomes);
    print_summary(merged.study, merged.outcomes, assessment, output, common.report);
    tell_next_stage(merged.study, merged.outcomes);
    return 0;
}

}  // namespace vitrum::app
