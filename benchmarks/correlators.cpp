// Correlators against the peer or the physical limit of the same run: dense maps against OpenBLAS ssyrk at its fastest
// core type, multi-tau against reading the frames once, events by themselves. CPU seconds are compared, since the
// machine may be shared; best of several rounds. Ratios above 1 mean slower than the peer.
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <string>

#include <benchmark/benchmark.h>
#include <boost/random/geometric_distribution.hpp>
#include <fmt/format.h>
#include <tbb/global_control.h>

#include "analysis/correlation/correlation_chain.hpp"
#include "analysis/correlation/multi_tau.hpp"
#include "analysis/correlation/streamed_map.hpp"
#include "analysis/correlation/two_time.hpp"
#include "benchmarks/ratio.hpp"
#include "core/parallel.hpp"
#include "core/stream.hpp"

namespace {

using vitrum::SpeckleSeries;

struct Cost {
    double wall = 1e30;
    double cpu = 1e30;
};

template <class Work>
Cost cost(Work&& work, int rounds = 3) {
    Cost best;
    for (int i = 0; i < rounds; ++i) {
        timespec a{};
        timespec b{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
        best.wall = std::min(best.wall, vitrum::benchmarks::seconds(work));
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
        best.cpu = std::min(
            best.cpu, static_cast<double>(b.tv_sec - a.tv_sec) + 1e-9 * static_cast<double>(b.tv_nsec - a.tv_nsec));
    }
    return best;
}

SpeckleSeries dense(std::size_t frames, std::size_t pixels, float scale) {
    SpeckleSeries s;
    s.frames = frames;
    s.rows = 1;
    s.columns = pixels;
    s.counts.resize(frames * pixels);
    for (std::size_t i = 0; i < s.counts.size(); ++i)
        s.counts[i] = scale * static_cast<float>((i * 2654435761U >> 7) % 11);  // mean 5
    return s;
}

SpeckleSeries sparse(std::size_t frames, std::size_t pixels, double rate) {
    SpeckleSeries s;
    s.frames = frames;
    s.rows = 1;
    s.columns = pixels;
    s.frame_ptr = {0};
    vitrum::Stream stream({1, 0, 0}, vitrum::Purpose::test, 0);
    boost::random::geometric_distribution<std::int64_t, double> gap(rate);
    for (std::size_t f = 0; f < frames; ++f) {
        for (auto p = static_cast<std::size_t>(gap(stream)); p < pixels;
             p += 1 + static_cast<std::size_t>(gap(stream))) {
            s.index.push_back(static_cast<std::uint32_t>(p));
            s.intensity.push_back(1);
        }
        s.frame_ptr.push_back(s.index.size());
    }
    return s;
}

// OpenBLAS at the core type that is fastest here.
Cost ssyrk(std::size_t frames, std::size_t pixels, std::string& core) {
    Cost best;
    for (const char* type : {"Haswell", "Zen", "SkylakeX", "Cooperlake"}) {
        const auto command = fmt::format("OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE={} {} libopenblas.so.0 {} {} 2",
                                         type, VITRUM_SSYRK_PEER, frames, pixels);
        std::FILE* pipe = popen(command.c_str(), "r");
        Cost own;
        std::array<char, 64> name{};
        if (pipe && std::fscanf(pipe, "%lf %lf %63s", &own.wall, &own.cpu, name.data()) == 3 && own.cpu < best.cpu) {
            best = own;
            core = name.data();
        }
        if (pipe) pclose(pipe);
    }
    return best;
}

void report(benchmark::State& state, const Cost& own) {
    state.counters["wall_s"] = own.wall;
    state.counters["cpu_s"] = own.cpu;
}

void dense_map(benchmark::State& state, float scale) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(2)));
    const auto s = dense(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)), scale);
    for (auto _ : state) {
        std::string core;
        const Cost before = state.range(3) ? ssyrk(s.frames, s.pixels(), core) : Cost{};
        const Cost own = cost([&] { benchmark::DoNotOptimize(vitrum::analysis::two_time(s)); });
        report(state, own);
        if (!state.range(3)) continue;
        const Cost after = ssyrk(s.frames, s.pixels(), core);
        state.counters["ssyrk_cpu_s"] = std::min(before.cpu, after.cpu);
        state.counters["ratio_to_ssyrk"] = own.cpu / std::min(before.cpu, after.cpu);
        state.SetLabel("OpenBLAS " + core);
    }
}
void map_of_counts(benchmark::State& state) { dense_map(state, 1); }
void map_of_intensities(benchmark::State& state) { dense_map(state, 0.37F); }

void multi_tau(benchmark::State& state) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(2)));
    const auto s = dense(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)), 1);
    for (auto _ : state) {
        const Cost own = cost([&] { benchmark::DoNotOptimize(vitrum::analysis::multi_tau(s)); }, 5);
        const Cost read = cost(
            [&] {
                std::array<float, 16> sum{};
                for (std::size_t i = 0; i + 16 <= s.counts.size(); i += 16)
                    for (std::size_t k = 0; k < 16; ++k) sum[k] += s.counts[i + k];
                benchmark::DoNotOptimize(sum);
            },
            5);
        report(state, own);
        state.counters["ratio_to_reading"] = own.cpu / read.cpu;
    }
}

// Rows into a float triangle whose memory is warm.
void map_of_events(benchmark::State& state) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(3)));
    const auto s = sparse(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)),
                          1e-5 * static_cast<double>(state.range(2)));
    std::vector<float> triangle(s.frames * (s.frames + 1) / 2, 1.0F);
    const vitrum::analysis::StreamOptions options;
    for (auto _ : state) {
        report(state, cost([&] { vitrum::analysis::two_time_triangle(s, options, triangle); }, 5));
        state.counters["events"] = static_cast<double>(s.index.size());
    }
}

void chain(benchmark::State& state) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    vitrum::DataSet data;
    data.data = state.range(2)
                    ? sparse(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)),
                             1e-5 * static_cast<double>(state.range(2)))
                    : dense(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)), 1);
    for (auto _ : state)
        report(state, cost([&] { benchmark::DoNotOptimize(vitrum::analysis::correlate(data, {})); }, 2));
}

constexpr auto once = [](benchmark::internal::Benchmark* b) { b->Iterations(1)->Unit(benchmark::kSecond); };

// frames, pixels, threads, with the peer
BENCHMARK(map_of_counts)
    ->Args({3000, 30000, 1, 1})
    ->Args({3000, 30000, 2, 0})
    ->Args({1500, 30000, 1, 0})
    ->Args({3000, 15000, 1, 0})
    ->Apply(once);
BENCHMARK(map_of_intensities)
    ->Args({3000, 30000, 1, 1})
    ->Args({3000, 30000, 2, 0})
    ->Args({1500, 30000, 1, 0})
    ->Args({3000, 15000, 1, 0})
    ->Apply(once);
BENCHMARK(multi_tau)
    ->Args({3000, 30000, 1})
    ->Args({3000, 30000, 2})
    ->Args({1500, 30000, 1})
    ->Args({3000, 15000, 1})
    ->Apply(once);
// frames, pixels, counts in 1e-5 per pixel and frame, threads
BENCHMARK(map_of_events)
    ->Args({6000, 100000, 1000, 1})
    ->Args({14000, 100000, 200, 1})
    ->Args({6000, 100000, 1000, 2})
    ->Args({14000, 100000, 200, 2})
    ->Args({6000, 100000, 500, 1})
    ->Args({6000, 50000, 1000, 1})
    ->Args({3000, 100000, 1000, 1})
    ->Apply(once);
BENCHMARK(chain)->Args({3000, 30000, 0})->Args({6000, 100000, 1000})->Apply(once);

}  // namespace

BENCHMARK_MAIN();
