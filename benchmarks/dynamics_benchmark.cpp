// All estimators of dynamics over 10000 atoms x 1000 frames (540 MB with its copy), and two of them against plain
// loops over the same pairs: frames outside, atoms inside, as one would write it down.
//   benchmark_dynamics_benchmark
#include <algorithm>
#include <cmath>
#include <numbers>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "benchmarks/ratio.hpp"
#include "vitrum/analysis/dynamics/hops.hpp"
#include "vitrum/analysis/dynamics/msd.hpp"
#include "vitrum/analysis/dynamics/nonaffine.hpp"
#include "vitrum/analysis/dynamics/overlap.hpp"
#include "vitrum/analysis/dynamics/strings.hpp"
#include "vitrum/analysis/dynamics/van_hove.hpp"
#include "vitrum/analysis/scattering/scattering_functions.hpp"
#include "vitrum/core/atoms/wavevectors.hpp"
#include "vitrum/model/atoms/paths.hpp"

namespace {

using namespace vitrum;            // NOLINT: a program of its own
using namespace vitrum::analysis;  // NOLINT

const Trajectory& large() {
    static const Trajectory t = [] {
        model::AtomPaths p;
        p.motion = model::Motion::cage;
        p.atoms = 10000;
        p.frames = 1000;
        p.edge = 56;
        p.elements = {"Cu", "Zr"};
        return model::generate(p, {1, 0, 0});
    }();
    return t;
}

// Processor time, best of five, one after the other in turn: others use this machine too.
template <class Ours, class Peer>
benchmarks::Pair on_one_thread(Ours&& ours, Peer&& peer) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    benchmarks::Pair best;
    for (int i = 0; i < 5; ++i) {
        best.ours = std::min(best.ours, benchmarks::processor_seconds(ours));
        best.peer = std::min(best.peer, benchmarks::processor_seconds(peer));
    }
    return best;
}

void everything(benchmark::State& state) {
    const Trajectory& t = large();
    for (auto _ : state) {
        double total = 0;
        const auto timed = [&](const char* name, auto&& work) {
            const double s = benchmarks::seconds(work);
            state.counters[name] = s;
            total += s;
        };
        Paths paths;
        timed("paths", [&] { paths = paths_of(t); });
        timed("msd", [&] { benchmark::DoNotOptimize(msd(paths, LagOptions{})); });
        timed("self_scattering", [&] { benchmark::DoNotOptimize(self_scattering(paths, {})); });
        timed("collective_scattering", [&] { benchmark::DoNotOptimize(collective_scattering(paths, {})); });
        timed("overlap", [&] {
            const OverlapCounts counts = overlap_counts(paths, LagOptions{}, 1);
            benchmark::DoNotOptimize(overlap(std::span(&counts, 1)));
        });
        timed("van_hove_self", [&] { benchmark::DoNotOptimize(van_hove_self(paths, {})); });
        timed("van_hove_distinct", [&] { benchmark::DoNotOptimize(van_hove_distinct(paths, {})); });
        timed("hops", [&] { benchmark::DoNotOptimize(find_hops(paths, {})); });
        timed("strings", [&] { benchmark::DoNotOptimize(string_motion(paths, {})); });
        timed("nonaffine", [&] { benchmark::DoNotOptimize(nonaffine(t)); });
        state.counters["all"] = total;
    }
}
BENCHMARK(everything)->Iterations(1)->Unit(benchmark::kSecond);

// The same sums over the same lags from frames x atoms x 3; one thread each.
void msd_against_plain_loops(benchmark::State& state) {
    model::AtomPaths p;
    p.atoms = 2000;
    p.frames = 500;
    const Trajectory t = model::generate(p, {1, 0, 0});
    const Paths paths = paths_of(t);
    const std::vector<std::size_t> lags = lags_of(paths.frames, {});
    for (auto _ : state) {
        const auto pair = on_one_thread([&] { benchmark::DoNotOptimize(msd(paths, LagOptions{})); },
                                        [&] {
                                            for (const std::size_t lag : lags) {
                                                double second = 0;
                                                double fourth = 0;
                                                for (std::size_t f = 0; f + lag < t.frames.size(); ++f)
                                                    for (std::size_t i = 0; i < t.atoms(); ++i) {
                                                        double r2 = 0;
                                                        for (std::size_t k = 0; k < 3; ++k) {
                                                            const double x =
                                                                p.edge * (t.frames[f + lag].fractional[3 * i + k] -
                                                                          t.frames[f].fractional[3 * i + k]);
                                                            r2 += x * x;
                                                        }
                                                        second += r2;
                                                        fourth += r2 * r2;
                                                    }
                                                benchmark::DoNotOptimize(second);
                                                benchmark::DoNotOptimize(fourth);
                                            }
                                        });
        state.counters["seconds"] = pair.ours;
        state.counters["time_over_plain_loops"] = pair.ratio();
    }
}
BENCHMARK(msd_against_plain_loops)->Iterations(1)->Unit(benchmark::kSecond);

// Cosines of the displacement, wavevector by wavevector: every pair costs a cosine.
void self_scattering_against_plain_loops(benchmark::State& state) {
    model::AtomPaths p;
    p.atoms = 200;
    p.frames = 200;
    const Trajectory t = model::generate(p, {1, 0, 0});
    const Paths paths = paths_of(t);
    ScatteringOptions o;
    o.self_wavevectors = 8;
    const std::vector<std::size_t> lags = lags_of(paths.frames, {});
    const std::vector<Wavevector> all = wavevectors(paths.reference, o.q_low, o.q_high);
    for (auto _ : state) {
        const auto pair = on_one_thread([&] { benchmark::DoNotOptimize(self_scattering(paths, o)); },
                                        [&] {
                                            for (std::size_t v = 0; v < 8; ++v)
                                                for (const std::size_t lag : lags) {
                                                    double sum = 0;
                                                    for (std::size_t f = 0; f + lag < t.frames.size(); ++f)
                                                        for (std::size_t i = 0; i < t.atoms(); ++i) {
                                                            double turn = 0;
                                                            for (std::size_t k = 0; k < 3; ++k)
                                                                turn += all[v * all.size() / 8].n[k] *
                                                                        (t.frames[f + lag].fractional[3 * i + k] -
                                                                         t.frames[f].fractional[3 * i + k]);
                                                            sum += std::cos(2 * std::numbers::pi * turn);
                                                        }
                                                    benchmark::DoNotOptimize(sum);
                                                }
                                        });
        state.counters["seconds"] = pair.ours;
        state.counters["time_over_plain_loops"] = pair.ratio();
    }
}
BENCHMARK(self_scattering_against_plain_loops)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
