#include "vitrum/validation/study/study_run.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/warn.hpp"
#include "vitrum/pipeline/config/progress.hpp"
#include "vitrum/validation/study/assess.hpp"
#include "vitrum/validation/study/journal.hpp"

namespace vitrum::validation {

namespace fs = std::filesystem;

namespace {

struct Item {
    std::uint32_t cell;
    std::uint64_t replicate;
};

// What this rank and chunk has to make of what is wanted. Who makes an item follows from its place in the whole list,
// whatever is done already.
std::vector<Item> own_items(const Study& study, const std::vector<std::size_t>& wanted, const Outcomes& done,
                            const Chunk& chunk, const Ranks& ranks) {
    std::set<std::pair<std::uint32_t, std::uint64_t>> known;
    for (const auto& r : done.replicates) known.insert(r.place());
    std::vector<Item> items;
    const std::size_t longest = *std::max_element(wanted.begin(), wanted.end());
    std::size_t place = 0;
    for (std::uint64_t r = 0; r < longest; ++r)
        for (std::uint32_t c = 0; c < study.cells.size(); ++c, ++place)
            if (r < wanted[c] && place % chunk.of == chunk.index - 1 &&
                (place / chunk.of) % ranks.size() == ranks.rank() && known.count({c, r}) == 0)
                items.push_back({c, r});
    return items;
}

// `tell`: say what is damaged.
Outcomes all_known(const Study& study, const fs::path& folder, const Outcomes& earlier, bool tell) {
    Outcomes all = earlier;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".journal") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        const std::string damage = read_journal(file, all);
        if (tell && !damage.empty()) warn(damage);
        for (const auto& r : all.replicates)
            if (r.cell >= study.cells.size())
                throw InputError(
                    fmt::format("'{}' holds cell {}, the study has {}", file.string(), r.cell + 1, study.cells.size()));
    }
    all.sort();
    return all;
}

// Replicates that go together: programs from outside get as many as they want for one start. Which ones do is of no
// matter to any result.
std::size_t batch_of(const Study& study) {
    std::size_t most = 1;
    for (const auto& [name, method] : study.outside) most = std::max(most, method.how.batch);
    return most;
}

using Clock = std::chrono::steady_clock;

// Our own methods on one replicate, and its data where a program from outside wants them.
struct Made {
    std::vector<Result> results;
    std::vector<Labelled<DataSet>> sets;
    std::string fault;
    double seconds = 0;
};

Made make_ours(const Study& study, const Item& item, const fs::path& folder) {
    const auto start = Clock::now();
    const Cell& cell = study.cells[item.cell];
    const fs::path scratch = folder / fmt::format("{}_{}.work", item.cell, item.replicate);
    Made made;
    made.results = pipeline::replicate(cell.scenario, cell.methods, {study.seed, cell.identity, item.replicate},
                                       scratch, study.outside.empty() ? nullptr : &made.sets);
    std::error_code ignored;
    fs::remove_all(scratch, ignored);
    made.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return made;
}

// The programs' answers in place of results that are empty still. The folder's name tells nothing of the cell.
void add_outside(const Study& study, const std::vector<Item>& items, const fs::path& folder, std::size_t worker,
                 std::vector<Made>& made) {
    for (std::size_t m = 0; m < study.method_names.size(); ++m) {
        const auto& outside = study.cells[items.front().cell].methods[m].outside;
        if (!outside) continue;
        const auto start = Clock::now();
        std::vector<pipeline::MadeReplicate> handed;
        for (std::size_t i = 0; i < items.size(); ++i)
            handed.push_back({&study.cells[items[i].cell].scenario, &made[i].sets});
        auto found = pipeline::outside_results(outside->how, handed, folder / fmt::format("outside_{}", worker));
        const double each =
            std::chrono::duration<double>(Clock::now() - start).count() / static_cast<double>(items.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            made[i].results[m] = std::move(found[i].result);
            made[i].seconds += each;
            if (!found[i].fault.empty()) made[i].fault += (made[i].fault.empty() ? "" : "; ") + found[i].fault;
        }
    }
}

std::vector<Observed> make(const Study& study, const std::vector<Item>& items, const fs::path& folder,
                           std::size_t worker) {
    std::vector<Made> made;
    for (const Item& item : items) made.push_back(make_ours(study, item, folder));
    if (!study.outside.empty()) add_outside(study, items, folder, worker, made);
    std::vector<Observed> all;
    for (std::size_t i = 0; i < items.size(); ++i) {
        all.push_back(observe(study, items[i].cell, items[i].replicate, made[i].results));
        Observed& seen = all.back();
        seen.rows.seconds = made[i].seconds;
        if (seen.rows.failure.empty()) seen.rows.failure = made[i].fault;
    }
    return all;
}

std::size_t thread_count(int asked, const Ranks& ranks) {
    if (asked > 0) return static_cast<std::size_t>(asked);
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    return std::max<std::size_t>(1, cores / ranks.here());
}

// Every thread has an arena of its own: a replicate is made by one thread from begin to end.
void make_all(const Study& study, const std::vector<Item>& items, const fs::path& folder, Journal& journal,
              std::size_t threads, pipeline::Progress& progress) {
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> finished{0};
    std::mutex mutex;
    std::exception_ptr first;
    std::atomic<bool> stop{false};
    const auto all = static_cast<double>(items.size());
    const std::size_t batch = batch_of(study);
    std::atomic<std::size_t> workers{0};
    const auto loop = [&] {
        tbb::task_arena alone(1);
        alone.execute([&] {
            const std::size_t worker = workers++;
            for (std::size_t i = batch * next++; i < items.size() && !stop; i = batch * next++) {
                const std::size_t end = std::min(items.size(), i + batch);
                try {
                    check_interrupt();
                    const std::vector<Item> mine(items.begin() + static_cast<std::ptrdiff_t>(i),
                                                 items.begin() + static_cast<std::ptrdiff_t>(end));
                    for (const Observed& seen : make(study, mine, folder, worker)) journal.add(seen);
                } catch (...) {
                    const std::lock_guard lock(mutex);
                    if (!first) first = std::current_exception();
                    stop = true;
                    return;
                }
                const auto n = static_cast<double>(finished += end - i);
                progress.update("replicates", all, n / all, study.cells[items[i].cell].label);
            }
        });
    };
    std::vector<std::thread> pool;
    for (std::size_t t = 1; t < std::min(threads, items.size()); ++t) pool.emplace_back(loop);
    loop();
    for (auto& thread : pool) thread.join();
    if (first) std::rethrow_exception(first);
}

}  // namespace

Observed one_replicate(const Study& study, std::uint32_t cell, std::uint64_t replicate, const fs::path& folder) {
    return make(study, {{cell, replicate}}, folder, 0).front();
}

std::vector<std::size_t> wanted_replicates(const Study& study, const Outcomes& outcomes) {
    std::vector<std::size_t> wanted(study.cells.size(), study.replicates);
    std::vector<std::size_t> have(study.cells.size(), 0);  // replicates 0 .. have-1 without a gap
    for (const auto& r : outcomes.replicates)
        if (r.replicate == have[r.cell]) ++have[r.cell];
    for (std::uint32_t c = 0; c < wanted.size(); ++c)
        while (wanted[c] < study.most && have[c] >= wanted[c] && !precise_enough(study, outcomes, c, wanted[c]))
            wanted[c] = std::min(study.most, wanted[c] + study.stage);
    return wanted;
}

Outcomes run_study(const Study& study, const fs::path& folder, const Outcomes& earlier, const Ranks& ranks,
                   const StudyControl& control) {
    const std::size_t threads = thread_count(control.threads, ranks);
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads + 1);
    const bool part = control.chunk.of > 1;
    bool told = false;
    for (;;) {
        const Outcomes known = all_known(study, folder, earlier, ranks.first() && !told);
        told = true;
        ranks.barrier();  // nobody writes while another still counts
        const auto wanted = wanted_replicates(study, part ? earlier : known);
        const auto items = own_items(study, wanted, known, control.chunk, ranks);
        // Of a chunk: what it made itself, not what the merge has already.
        if (!ranks.any(!items.empty())) return part ? all_known(study, folder, {}, false) : known;
        Journal journal(folder / fmt::format("rank_{}.journal", ranks.rank()));
        pipeline::Progress progress(static_cast<double>(items.size()), control.quiet || !ranks.first());
        make_all(study, items, folder, journal, threads, progress);
        ranks.barrier();
    }
}

}  // namespace vitrum::validation
