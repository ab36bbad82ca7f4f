// What the machinery of a study costs: `run_study` with its journal, and the whole way to the result file, against the
// same replicates in a bare loop. Processor seconds of one thread, best of several rounds, and wall seconds beside;
// outside_percent is what a study's own clock sees outside of its replicates, up to the result file.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <tbb/global_control.h>

#include "benchmarks/ratio.hpp"
#include "vitrum/pipeline/run/replicate.hpp"
#include "vitrum/validation/study/assess.hpp"
#include "vitrum/validation/study/study_run.hpp"
#include "vitrum/validation/study_report/study_figures.hpp"
#include "vitrum/validation/study_report/study_file.hpp"

namespace {

namespace fs = std::filesystem;
namespace v = vitrum::validation;

// A replicate of some 10 ms (frames as given), seven quantities judged.
std::string study_text(long frames, long replicates) {
    return fmt::format(R"([study]
seed = 3
replicates = {}
[source.speckle]
kind = "speckle"
tau = "6 s"
beta = 1.5
modes = 5
mean_count = 0.5
frames = {}
frame_time = "1 s"
rows = 16
columns = 16
[methods.chain]
heterogeneity = false
[judge.tau]
bias = "5 %"
[judge.beta]
bias = "5 %"
[judge.contrast]
bias = "5 %"
[judge.g2]
lags = [1, 2, 5, 10]
coverage = [0.9, 0.99]
)",
                       replicates, frames);
}

class Folder {
public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "study_overhead_XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
        path = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    fs::path path;
};

// Processor and wall seconds of one call, each the smallest so far.
struct Cost {
    double processor = std::numeric_limits<double>::infinity();
    double wall = std::numeric_limits<double>::infinity();
    template <class Work>
    void take(Work&& work) {
        double cpu = 0;
        wall = std::min(wall, vitrum::benchmarks::seconds([&] { cpu = vitrum::benchmarks::processor_seconds(work); }));
        processor = std::min(processor, cpu);
    }
};

void overhead(benchmark::State& state) {
    const Folder base;
    std::ofstream(base.path / "study.toml") << study_text(state.range(0), state.range(1));
    const v::Study study = v::read_study(base.path / "study.toml", {});
    const v::Ranks ranks;
    for (auto _ : state) {
        Cost bare;
        Cost run;
        Cost whole;
        double outside = std::numeric_limits<double>::infinity();  // wall time not spent in replicates, relative
        for (int round = 0; round < 3; ++round) {
            bare.take([&] {
                const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
                for (std::uint64_t r = 0; r < study.replicates; ++r)
                    for (const auto& cell : study.cells)
                        benchmark::DoNotOptimize(vitrum::pipeline::replicate(
                            cell.scenario, cell.methods, {study.seed, cell.identity, r}, base.path));
            });
            const fs::path folder = base.path / fmt::format("round{}", round);
            fs::create_directory(folder);
            v::Outcomes outcomes;
            Cost once;
            const auto study_of_round = [&] {
                run.take([&] { outcomes = v::run_study(study, folder, {}, ranks, {1, true, {}}); });
                const auto assessment = v::assess(study, outcomes);
                v::write_study(folder / "study.h5", study, outcomes, assessment,
                               v::figures_of(study, outcomes, assessment));
            };
            once.take(study_of_round);
            whole.processor = std::min(whole.processor, once.processor);
            whole.wall = std::min(whole.wall, once.wall);
            double inside = 0;
            for (const auto& r : outcomes.replicates) inside += r.seconds;
            outside = std::min(outside, once.wall / inside - 1);
        }
        const double n = static_cast<double>(study.replicates * study.cells.size());
        state.counters["ms_per_replicate"] = 1e3 * bare.processor / n;
        state.counters["journal_cpu_percent"] = 100 * (run.processor / bare.processor - 1);
        state.counters["journal_wall_percent"] = 100 * (run.wall / bare.wall - 1);
        state.counters["whole_cpu_percent"] = 100 * (whole.processor / bare.processor - 1);
        state.counters["outside_percent"] = 100 * outside;
        state.counters["whole_wall_percent"] = 100 * (whole.wall / bare.wall - 1);
    }
}
BENCHMARK(overhead)->ArgNames({"frames", "replicates"})->Args({80, 300})->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
