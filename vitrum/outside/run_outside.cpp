#include "vitrum/outside/run_outside.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/process/environment.hpp"

namespace vitrum::outside {

namespace {

namespace fs = std::filesystem;

// The folders of one start, removed at its end.
class Workplace {
public:
    explicit Workplace(const fs::path& scratch) : scratch_(fs::absolute(scratch)) {
        remove();
        std::error_code failed;
        for (const fs::path& folder : {work(), data(), out(), temporary()}) {
            fs::create_directories(folder, failed);
            if (failed) throw RunError(fmt::format("cannot make '{}': {}", folder.string(), failed.message()));
        }
    }
    ~Workplace() {
        try {
            remove();
        } catch (const RunError&) {  // said when the next start wants the place
        }
    }
    Workplace(const Workplace&) = delete;
    Workplace& operator=(const Workplace&) = delete;

    [[nodiscard]] fs::path work() const { return scratch_ / "work"; }
    [[nodiscard]] fs::path data() const { return work() / "data"; }
    [[nodiscard]] fs::path out() const { return work() / "out"; }
    [[nodiscard]] fs::path temporary() const { return work() / "home"; }
    [[nodiscard]] fs::path log() const { return scratch_ / "log"; }

private:
    void remove() const {
        std::error_code failed;
        fs::remove(log(), failed);
        fs::remove_all(work(), failed);
        if (!failed) return;
        // Folders that the program closed to everybody.
        fs::recursive_directory_iterator at(work(), failed);
        for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed))
            if (at->symlink_status().type() == fs::file_type::directory)
                fs::permissions(at->path(), fs::perms::owner_all, fs::perm_options::add, failed);
        fs::remove_all(work(), failed);
        if (failed) throw RunError(fmt::format("cannot remove '{}': {}", work().string(), failed.message()));
    }
    fs::path scratch_;
};

// Memory that is refused has no signal of its own: the program's last words are all there is.
bool speaks_of_memory(const std::string& log) {
    constexpr std::array words{"MemoryError",     "bad_alloc",     "Cannot allocate memory",
                               "cannot allocate", "Out of memory", "out of memory",
                               "OutOfMemory"};
    return std::any_of(words.begin(), words.end(), [&](const char* w) { return log.find(w) != std::string::npos; });
}

Fault fault_of(const process::Ending& ending) {
    switch (ending.end) {
        case process::End::not_started: return Fault::not_started;
        case process::End::timed_out: return Fault::timed_out;
        case process::End::printed_too_much: return Fault::printed_too_much;
        case process::End::wrote_too_much: return Fault::wrote_too_much;
        case process::End::killed:
        case process::End::exited: break;
    }
    if (ending.good()) return Fault::none;
    return speaks_of_memory(ending.log_tail) ? Fault::out_of_memory : Fault::died;
}

struct Start {
    Fault fault = Fault::none;  // of the start as a whole
    std::vector<OutsideOutcome> outcomes;
};

Start start(const OutsideMethod& method, std::span<const HandedReplicate> replicates, const fs::path& scratch,
            const std::function<bool()>& cancelled) {
    const Workplace place(scratch);
    const bool batch = method.batch > 1;
    hand_over(replicates, batch, place.data());

    // Names, not paths: argv is the same wherever the study runs.
    process::Program program = program_of(method, "data", "out");
    program.environment = process::plain_environment(place.temporary(), method.keep);
    program.folder = place.work();
    const auto count = static_cast<double>(replicates.size());
    process::Limits limits = method.limits;
    for (double* limit : {&limits.wall, &limits.file, &limits.folder, &limits.printed}) *limit *= count;
    const process::Ending ending = process::run_program(program, limits, place.log(), cancelled);

    AnswersRead read;
    read.fault = fault_of(ending);
    read.detail = ending.reason;
    if (read.fault == Fault::none) read = read_answers(place.out() / "answers.csv", replicates, batch);
    Start result;
    result.fault = read.fault;
    for (std::size_t i = 0; i < replicates.size(); ++i) {
        OutsideOutcome outcome{read.fault, read.detail, {}, {}, ending.seconds / count};
        if (read.fault == Fault::none) {
            outcome.fault = read.replicates[i].fault;
            outcome.detail = std::move(read.replicates[i].detail);
            outcome.answers = std::move(read.replicates[i].answers);
        }
        if (outcome.fault != Fault::none) outcome.log_tail = ending.log_tail;
        result.outcomes.push_back(std::move(outcome));
    }
    return result;
}

}  // namespace

std::vector<OutsideOutcome> run_outside(const OutsideMethod& method, std::span<const HandedReplicate> replicates,
                                        const fs::path& scratch, const std::function<bool()>& cancelled) {
    std::vector<OutsideOutcome> outcomes;
    for (std::size_t first = 0; first < replicates.size(); first += method.batch) {
        const auto group = replicates.subspan(first, std::min(method.batch, replicates.size() - first));
        Start all = start(method, group, scratch, cancelled);
        if (all.fault != Fault::none && group.size() > 1) {
            const double lost = all.outcomes.front().seconds;
            for (std::size_t i = 0; i < group.size(); ++i) {
                all.outcomes[i] = std::move(start(method, group.subspan(i, 1), scratch, cancelled).outcomes.front());
                all.outcomes[i].seconds += lost;
            }
        }
        std::move(all.outcomes.begin(), all.outcomes.end(), std::back_inserter(outcomes));
    }
    return outcomes;
}

}  // namespace vitrum::outside
