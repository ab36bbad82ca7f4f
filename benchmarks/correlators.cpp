// Correlators against the peer or the physical limit of the same run: dense maps against OpenBLAS ssyrk at its fastest
// core type, multi-tau against reading the frames once, events by themselves. CPU seconds on one thread are compared,
// since the machine may be shared; best of several rounds, in which one thread and two take turns. Ratios above 1 mean
// slower than the peer. speedup: wall time of one thread over that of two, for an idle machine only. scratch_MB: most
// resident memory beyond input and output. Growth: names that begin with grow_, one size and its doubles.
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <limits>
#include <string>

#include <benchmark/benchmark.h>
#include <boost/random/geometric_distribution.hpp>
#include <fmt/format.h>
#include <malloc.h>
#include <tbb/global_control.h>

#include "benchmarks/ratio.hpp"
#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/analysis/chain/streamed_map.hpp"
#include "vitrum/analysis/correlation/multi_tau/multi_tau.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/core/data/data_set.hpp"
#include "vitrum/core/stream.hpp"

namespace {

using vitrum::SpeckleSeries;

struct Cost {
    double wall = 1e30;
    double cpu = 1e30;
    void add(const Cost& other) {
        wall = std::min(wall, other.wall);
        cpu = std::min(cpu, other.cpu);
    }
};

template <class Work>
Cost cost(Work&& work, std::size_t threads = 1) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    timespec a{};
    timespec b{};
    Cost own;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    own.wall = vitrum::benchmarks::seconds(work);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    own.cpu = static_cast<double>(b.tv_sec - a.tv_sec) + 1e-9 * static_cast<double>(b.tv_nsec - a.tv_nsec);
    return own;
}

// A line of /proc/self/status in bytes.
double memory_line(const char* format) {
    std::FILE* file = std::fopen("/proc/self/status", "r");
    double kilobytes = 0;
    for (std::array<char, 256> line{}; file && std::fgets(line.data(), line.size(), file);)
        if (std::sscanf(line.data(), format, &kilobytes) == 1) break;
    if (file) std::fclose(file);
    return 1024 * kilobytes;
}

// Most resident memory during work(), beyond what was resident before.
template <class Work>
double peak(Work&& work) {
    malloc_trim(0);
    std::FILE* file = std::fopen("/proc/self/clear_refs", "w");
    if (!file) return std::numeric_limits<double>::quiet_NaN();  // the peak would be that of the whole run
    std::fputs("5", file);                                       // the peak starts again from here
    std::fclose(file);
    const double before = memory_line("VmRSS: %lf");
    work();
    return memory_line("VmHWM: %lf") - before;
}

// One thread and two in turn, and memory; output: bytes that work() gives back.
template <class Work>
Cost measure(benchmark::State& state, int rounds, double output, Work&& work) {
    // First, while the heap holds no room from earlier rounds.
    state.counters["scratch_MB"] = 1e-6 * (peak(work) - output);
    Cost one;
    Cost two;
    for (int i = 0; i < rounds; ++i) {
        one.add(cost(work, 1));
        two.add(cost(work, 2));
    }
    state.counters["cpu_s"] = one.cpu;
    state.counters["wall_s"] = one.wall;
    state.counters["speedup"] = one.wall / two.wall;
    state.counters["cpu_of_two_s"] = two.cpu;
    return one;
}

SpeckleSeries dense(std::size_t frames, std::size_t pixels, std::size_t mean, float scale) {
    SpeckleSeries s;
    s.frames = frames;
    s.rows = 1;
    s.columns = pixels;
    s.counts.resize(frames * pixels);
    for (std::size_t i = 0; i < s.counts.size(); ++i)
        s.counts[i] = scale * static_cast<float>((i * 2654435761U >> 7) % (2 * mean + 1));
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

// OpenBLAS at the core type that is fastest here; no core type where it is not installed.
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

std::size_t argument(const benchmark::State& state, std::size_t i) { return static_cast<std::size_t>(state.range(i)); }

// frames, pixels, mean count
SpeckleSeries dense_of(const benchmark::State& state, float scale = 1) {
    return dense(argument(state, 0), argument(state, 1), argument(state, 2), scale);
}

// frames, pixels, mean count in 1e-5
SpeckleSeries sparse_of(const benchmark::State& state) {
    return sparse(argument(state, 0), argument(state, 1), 1e-5 * static_cast<double>(state.range(2)));
}

void dense_map(benchmark::State& state, float scale, bool peer) {
    const auto s = dense_of(state, scale);
    for (auto _ : state) {
        std::string core;
        Cost limit = peer ? ssyrk(s.frames, s.pixels(), core) : Cost{};
        if (peer && core.empty()) {
            state.SkipWithError("no OpenBLAS to compare with: install the package libopenblas0-pthread");
            break;
        }
        const Cost own = measure(state, peer ? 3 : 1, static_cast<double>(s.frames * s.frames * sizeof(double)),
                                 [&] { benchmark::DoNotOptimize(vitrum::analysis::two_time(s)); });
        if (!peer) continue;
        limit.add(ssyrk(s.frames, s.pixels(), core));
        state.counters["ssyrk_cpu_s"] = limit.cpu;
        state.counters["ratio_to_ssyrk"] = own.cpu / limit.cpu;
        state.SetLabel("OpenBLAS " + core);
    }
}
void map_of_counts(benchmark::State& state) { dense_map(state, 1, true); }
void map_of_intensities(benchmark::State& state) { dense_map(state, 0.37F, true); }
void grow_map_of_counts(benchmark::State& state) { dense_map(state, 1, false); }
void grow_map_of_intensities(benchmark::State& state) { dense_map(state, 0.37F, false); }

void multi_tau(benchmark::State& state) {
    const auto s = dense_of(state);
    for (auto _ : state) {
        const Cost own = measure(state, 5, 0, [&] { benchmark::DoNotOptimize(vitrum::analysis::multi_tau(s)); });
        Cost read;
        for (int i = 0; i < 5; ++i)
            read.add(cost([&] {
                std::array<float, 16> sum{};
                for (std::size_t v = 0; v + 16 <= s.counts.size(); v += 16)
                    for (std::size_t k = 0; k < 16; ++k) sum[k] += s.counts[v + k];
                benchmark::DoNotOptimize(sum);
            }));
        state.counters["ratio_to_reading"] = own.cpu / read.cpu;
    }
}
void grow_multi_tau(benchmark::State& state) { multi_tau(state); }

// A float triangle whose memory is warm.
void map_of_events(benchmark::State& state) {
    const auto s = sparse_of(state);
    std::vector<float> triangle(s.frames * (s.frames + 1) / 2, 1.0F);
    for (auto _ : state) {
        measure(state, 4, 0, [&] { vitrum::analysis::two_time_triangle(s, {}, triangle); });
        state.counters["events"] = static_cast<double>(s.index.size());
    }
}
void grow_map_of_events(benchmark::State& state) { map_of_events(state); }

void multi_tau_of_events(benchmark::State& state) {
    const auto s = sparse_of(state);
    for (auto _ : state) measure(state, 3, 0, [&] { benchmark::DoNotOptimize(vitrum::analysis::multi_tau(s)); });
}

// The whole analysis: map, g2 with errors, fit, heterogeneity.
void chain_of(benchmark::State& state, SpeckleSeries s) {
    vitrum::DataSet data;
    const auto map = static_cast<double>(s.frames * s.frames * sizeof(double));
    data.data = std::move(s);
    for (auto _ : state)
        measure(state, 1, map, [&] { benchmark::DoNotOptimize(vitrum::analysis::correlate(data.data, {})); });
}
void chain_of_counts(benchmark::State& state) { chain_of(state, dense_of(state)); }
void chain_of_events(benchmark::State& state) { chain_of(state, sparse_of(state)); }

constexpr auto once = [](benchmark::internal::Benchmark* b) { b->Iterations(1)->Unit(benchmark::kSecond); };
constexpr auto grow_counts = [](benchmark::internal::Benchmark* b) {
    once(b);
    for (const auto& size : {std::array<std::int64_t, 3>{1500, 15000, 5},
                             {3000, 15000, 5},
                             {6000, 15000, 5},
                             {1500, 30000, 5},
                             {1500, 60000, 5},
                             {1500, 15000, 10},
                             {1500, 15000, 20},
                             {1500, 15000, 60}})
        b->Args({size[0], size[1], size[2]});
};
constexpr auto grow_events = [](benchmark::internal::Benchmark* b) {
    once(b);
    for (const auto& size : {std::array<std::int64_t, 3>{3500, 100000, 200},
                             {7000, 100000, 200},
                             {14000, 100000, 200},
                             {3500, 200000, 200},
                             {3500, 400000, 200},
                             {3500, 100000, 400},
                             {3500, 100000, 800},
                             {3500, 100000, 1600}})
        b->Args({size[0], size[1], size[2]});
};

BENCHMARK(map_of_counts)->Args({3000, 30000, 5})->Apply(once);
BENCHMARK(map_of_intensities)->Args({3000, 30000, 5})->Apply(once);
BENCHMARK(multi_tau)->Args({3000, 30000, 5})->Apply(once);
BENCHMARK(map_of_events)->Args({6000, 100000, 1000})->Args({14000, 100000, 200})->Apply(once);
BENCHMARK(multi_tau_of_events)->Args({6000, 100000, 1000})->Args({14000, 100000, 200})->Apply(once);
BENCHMARK(chain_of_counts)->Args({3000, 30000, 5})->Apply(once);
BENCHMARK(chain_of_events)->Args({6000, 100000, 1000})->Apply(once);
BENCHMARK(grow_map_of_counts)->Apply(grow_counts);
BENCHMARK(grow_map_of_intensities)->Apply(grow_counts);
BENCHMARK(grow_multi_tau)->Apply(grow_counts);
BENCHMARK(grow_map_of_events)->Apply(grow_events);

}  // namespace
