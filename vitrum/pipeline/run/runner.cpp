#include "vitrum/pipeline/run/runner.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <tbb/global_control.h>

#include "vitrum/analysis/chain/frames_summary.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/io/hdf5/sha256.hpp"
#include "vitrum/pipeline/across/combine.hpp"
#include "vitrum/pipeline/estimators/estimator_input.hpp"
#include "vitrum/pipeline/estimators/maps_on_disk.hpp"
#include "vitrum/pipeline/across/over_scans.hpp"
#include "vitrum/pipeline/config/progress.hpp"
#include "vitrum/pipeline/config/provenance.hpp"
#include "vitrum/pipeline/truth/shift_truth.hpp"
#include "vitrum/pipeline/run/slabs.hpp"

namespace vitrum::pipeline {

namespace {

struct Job {
    const SourcePlan* source;
    const Unit* unit;
};

std::vector<Job> jobs_of(const Scenario& scenario) {
    std::vector<Job> jobs;
    for (const auto& source : scenario.sources)
        for (const auto& unit : source.units) jobs.push_back({&source, &unit});
    return jobs;
}

double total_cost(const std::vector<Job>& jobs) {
    return std::accumulate(jobs.begin(), jobs.end(), 0.0, [](double sum, const Job& j) { return sum + j.unit->cost; });
}

// Calls work(i) for every job, the dearest first, on as many threads as wanted. The first Interrupted stops all.
void for_all_jobs(const std::vector<Job>& jobs, int threads, const std::function<void(std::size_t)>& work) {
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const auto allowed = static_cast<std::size_t>(threads > 0 ? static_cast<unsigned>(threads) : cores);
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, allowed);
    std::size_t widest = 1;
    for (const Job& job : jobs) widest = std::max(widest, job.unit->cores);
    const std::size_t count = std::max<std::size_t>(1, allowed / widest);
    std::vector<std::size_t> order(jobs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return jobs[a].unit->cost > jobs[b].unit->cost; });
    std::mutex mutex;
    std::size_t next = 0;
    std::exception_ptr first;
    const auto loop = [&] {
        for (;;) {
            std::size_t mine = 0;
            {
                const std::lock_guard lock(mutex);
                if (first || next == order.size()) return;
                mine = order[next++];
            }
            try {
                check_interrupt();
                work(mine);
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!first) first = std::current_exception();
            }
        }
    };
    std::vector<std::thread> pool;
    for (std::size_t i = 1; i < std::min(count, jobs.size()); ++i) pool.emplace_back(loop);
    loop();
    for (auto& thread : pool) thread.join();
    if (first) std::rethrow_exception(first);
}

UnitContext context_of(const Scenario& scenario, const Job& job, const PartFolder& part, Progress& progress) {
    UnitContext context;
    context.key = {scenario.seed, cell_id(job.unit->name), 0};
    context.scratch = part.scratch(job.unit->name);
    context.chain = &job.source->chain;
    context.trajectories = part.trajectories();
    context.progress = [&progress, unit = job.unit](double fraction, const std::string& what) {
        progress.update(unit->name, unit->cost, fraction, what);
    };
    return context;
}

Labelled<DataSet> make(const Scenario& scenario, const Job& job, const PartFolder& part, Progress& progress) {
    auto set = job.unit->generate(context_of(scenario, job, part, progress));
    set.data.source_name = job.source->name;
    return set;
}

// A reference curve from the same atoms, fitted like the data (same lags, same weights), is the reference of tau,
// beta and contrast: what this estimator would give without photon noise and without the finite set of wavevectors.
void add_reference_parameters(const analysis::ChainResult& found, const analysis::ChainOptions& chain,
                              GroundTruth& truth) {
    const Curve* reference = truth.curve("g2");
    if (!reference || truth.curve_origins.front() != Origin::reference || truth.find("tau", {})) return;
    Curve curve = *reference;
    curve.y_error.clear();
    if (curve.size() <= found.g2.size()) {
        curve.weight.assign(found.g2.weight.begin(),
                            found.g2.weight.begin() + static_cast<std::ptrdiff_t>(curve.size()));
        curve.scatter.assign(found.g2.scatter.begin(),
                             found.g2.scatter.begin() + static_cast<std::ptrdiff_t>(curve.size()));
    }
    const auto fit = analysis::fit_kww(curve, analysis::kww_options(chain, found.map));
    if (fit.status != Status::ok) return;
    const std::string note = "the reference curve of the same atoms, fitted alike";
    truth.add("tau", {}, fit.tau, Origin::reference, note);
    truth.add("rate", {}, 1 / fit.tau, Origin::reference, note);
    truth.add("beta", {}, fit.beta, Origin::reference, note);
    truth.add("contrast", {}, fit.contrast, Origin::reference, note);
    truth.add("baseline", {}, fit.baseline, Origin::reference, note);
}

// What viewers want of frames; null for a two-time map.
std::shared_ptr<const FramesSummary> frames_summary(const DataSet& set, const std::vector<analysis::ChainResult>& found,
                                                    std::size_t segments, const MapsOnDisk* maps) {
    const auto* series = std::get_if<SpeckleSeries>(&set.data);
    if (!series) return nullptr;
    auto summary = std::make_shared<FramesSummary>();
    summary->name = set.name;
    if (segments == 0) return summary;
    analysis::SummaryOptions options;
    options.segments = segments;
    *summary = analysis::summarise(*series, options);
    summary->name = set.name;
    summary->title = set.title;
    summary->beamline = set.beamline;
    for (std::size_t r = 0; r < found.size(); ++r)
        analysis::add_map(*summary, r,
                          maps ? maps->g2_of_segments(r) : analysis::g2_by_segment(found[r].map, summary->segments));
    return summary;
}

}  // namespace

SeriesResult failed_series(const SourcePlan& source, const Unit& unit, const std::string& why) {
    SeriesResult series;
    series.name = unit.name;
    series.source = source.kind;
    series.source_name = source.name;
    series.title = unit.title;
    series.abscissa = unit.abscissa;
    series.failure = why;
    return series;
}

std::string identity_of(const Scenario& scenario) {
    return io::sha256(scenario.resolved + "\n" + version() + "\n" + processor_class());
}

std::vector<std::pair<std::string, std::string>> provenance_of(const Scenario& scenario) {
    auto rows = provenance();
    rows.emplace_back("seed", fmt::format("{}", scenario.seed));
    return rows;
}

std::vector<SeriesResult> correlate_labelled(const Labelled<DataSet>& set, const analysis::ChainOptions& chain,
                                             std::size_t segments, const std::filesystem::path& maps, double room) {
    std::vector<SeriesResult> all;
    std::optional<MapsOnDisk> disk;
    if (const auto* series = std::get_if<SpeckleSeries>(&set.data.data); series && !maps.empty())
        disk.emplace(maps, *series, segments, room);
    auto results = analysis::correlate(set.data, chain, disk ? &disk->stream() : nullptr);
    for (std::size_t r = 0; disk && r < results.size(); ++r) disk->give(r, results[r].map);
    const auto summary = frames_summary(set.data, results, segments, disk ? &*disk : nullptr);
    for (auto& found : results) {
        SeriesResult series;
        series.name = found.region > 0 ? fmt::format("{}_region_{}", set.data.name, found.region) : set.data.name;
        series.source = set.data.source;
        series.source_name = set.data.source_name;
        series.title = found.region > 0 ? fmt::format("{}, region {}", set.data.title, found.region) : set.data.title;
        series.abscissa = place_of(set.data, found.region);
        series.frames = found.frames;
        series.frames_summary = summary;
        series.pixels = found.pixels;
        series.truth = found.region > 0 ? set.truth.of_region(found.region) : set.truth;
        add_reference_parameters(found, chain, series.truth);
        series.map = std::move(found.map);
        series.g2 = std::move(found.g2);
        if (found.fit.size() > 0) series.fit = std::move(found.fit);
        if (found.trace.size() > 0) series.trace = std::move(found.trace);
        series.estimates = std::move(found.estimates);
        add_shift_truth(series.estimates, chain.shift_window, series.frames, series.truth);
        match_events(series.estimates, series.truth, 1.5 * series.map->frame_time);
        series.estimates.insert(series.estimates.end(), set.data.recorded.begin(), set.data.recorded.end());
        series.traces = set.data.traces;
        series.curves = set.data.curves;
        series.notes = set.data.notes;
        series.notes.insert(series.notes.end(), found.notes.begin(), found.notes.end());
        all.push_back(std::move(series));
    }
    return all;
}

Result run(const Scenario& scenario, const PartFolder& part, const RunControl& control) {
    const auto jobs = jobs_of(scenario);
    std::vector<std::vector<SeriesResult>> done(jobs.size());
    Progress progress(total_cost(jobs), control.quiet);
    for_all_jobs(jobs, control.threads, [&](std::size_t i) {
        const Job& job = jobs[i];
        if (auto earlier = part.finished(job.unit->name)) {
            done[i] = std::move(*earlier);
            progress.already_done(job.unit->cost);
            return;
        }
        try {
            progress.update(job.unit->name, job.unit->cost, 0, "starts");
            done[i] = job.unit->measured ? job.unit->measured(context_of(scenario, job, part, progress))
                                         : correlate_labelled(make(scenario, job, part, progress), job.source->chain);
        } catch (const Interrupted&) {
            throw;
        } catch (const std::exception& e) {
            done[i] = {failed_series(*job.source, *job.unit, e.what())};
            progress.finished(job.unit->name, job.unit->cost, "failed");
            return;
        }
        part.keep(job.unit->name, done[i]);
        part.discard_scratch(job.unit->name);
        progress.finished(job.unit->name, job.unit->cost, "done");
    });

    Result result = combine(scenario, std::move(done));
    result.provenance = provenance_of(scenario);
    return result;
}

std::vector<GeneratedSet> generate(const Scenario& scenario, const PartFolder& part, const RunControl& control) {
    const auto jobs = jobs_of(scenario);
    for (const auto& job : jobs)
        if (job.unit->measured)
            throw InputError(
                fmt::format("source '{}' makes no frames: 'vitrum run' makes and measures it", job.source->name));
    std::vector<GeneratedSet> sets(jobs.size());
    Progress progress(total_cost(jobs), control.quiet);
    for_all_jobs(jobs, control.threads, [&](std::size_t i) {
        const Job& job = jobs[i];
        if (auto earlier = part.finished_data(job.unit->name)) {
            sets[i].set = std::move(*earlier);
            progress.already_done(job.unit->cost);
            return;
        }
        if (job.unit->slabs) {
            sets[i] = in_slabs(*job.unit, context_of(scenario, job, part, progress), jobs.size());
            sets[i].set.data.source_name = job.source->name;
        } else {
            sets[i].set = make(scenario, job, part, progress);
            part.keep_data(job.unit->name, sets[i].set);
            part.discard_scratch(job.unit->name);
        }
        progress.finished(job.unit->name, job.unit->cost, "done");
    });
    return sets;
}

}  // namespace vitrum::pipeline
