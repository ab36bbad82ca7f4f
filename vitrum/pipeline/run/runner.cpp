#include "vitrum/pipeline/run/runner.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include <fmt/format.h>
#include <tbb/global_control.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/io/hdf5/sha256.hpp"
#include "vitrum/pipeline/config/progress.hpp"
#include "vitrum/pipeline/config/provenance.hpp"
#include "vitrum/pipeline/run/combine.hpp"
#include "vitrum/pipeline/run/series_of.hpp"
#include "vitrum/pipeline/run/slabs.hpp"

namespace vitrum::pipeline {

namespace {

struct Job {
    std::size_t number;  // of the source
    const SourcePlan* source;
    const Unit* unit;
};

constexpr std::size_t segments_for_viewers = 5;

std::vector<Job> jobs_of(const Scenario& scenario) {
    std::vector<Job> jobs;
    for (std::size_t s = 0; s < scenario.sources.size(); ++s)
        for (const auto& unit : scenario.sources[s].units) jobs.push_back({s, &scenario.sources[s], &unit});
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
    context.trajectories = part.trajectories();
    context.progress = [&progress, unit = job.unit](double fraction, const std::string& what) {
        progress.update(unit->name, unit->cost, fraction, what);
    };
    return context;
}

// What is wrong with a scenario may show only when its data are made: the message says where it stands.
[[noreturn]] void fail_in(const Scenario& scenario, const Job& job, const InputError& e) {
    throw InputError(fmt::format("{}: [source.{}]: {}", scenario.file.string(), job.source->name, e.what()));
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
            done[i] = series_of(make(*job.source, *job.unit, context_of(scenario, job, part, progress)),
                                scenario.steps[job.number], {segments_for_viewers, {}});
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

    Result result = combine(scenario, scenario.across, std::move(done));
    result.provenance = provenance_of(scenario);
    return result;
}

std::vector<GeneratedSet> generate(const Scenario& scenario, const PartFolder& part, const RunControl& control) {
    const auto jobs = jobs_of(scenario);
    for (const auto& job : jobs)
        if (!job.unit->generate || job.source->data != DataKind::frames)
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
            try {
                sets[i] = in_slabs(*job.unit, context_of(scenario, job, part, progress), jobs.size());
            } catch (const InputError& e) {
                fail_in(scenario, job, e);
            }
            sets[i].set.data.source_name = job.source->name;
        } else {
            try {
                sets[i].set =
                    std::move(make(*job.source, *job.unit, context_of(scenario, job, part, progress)).front());
            } catch (const InputError& e) {
                fail_in(scenario, job, e);
            }
            part.keep_data(job.unit->name, sets[i].set);
            part.discard_scratch(job.unit->name);
        }
        progress.finished(job.unit->name, job.unit->cost, "done");
    });
    return sets;
}

}  // namespace vitrum::pipeline
