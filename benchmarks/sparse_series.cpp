// A faint series drawn photon by photon: microseconds per photon and core, and against the dense way of the same
// pixels, whose transforms and normal variates go by pixel and frame.
#include "vitrum/model/speckle/sparse_series.hpp"

#include <algorithm>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "benchmarks/ratio.hpp"
#include "vitrum/model/speckle/series_generator.hpp"

namespace {

// 6000 frames of 0.1 s, 0.002 counts per pixel and frame. Arguments: modes, tau in frames, 100 beta.
void photon_by_photon(benchmark::State& state) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    vitrum::model::SpeckleOptions o;
    o.frames = 6000;
    o.frame_time = 0.1;
    o.rows = 16;
    o.columns = 64;
    o.mean_count = 0.002;
    o.modes = static_cast<int>(state.range(0));
    o.relaxation = {0.1 * static_cast<double>(state.range(1)), 0.01 * static_cast<double>(state.range(2))};
    auto dense = o;
    dense.output = vitrum::model::Output::dense;
    // The cap of a whole detector, 4 million pixels.
    auto whole = o;
    whole.rows = whole.columns = 2048;
    const vitrum::StreamKey key{1, 2, 0};
    const vitrum::model::SeriesGenerator sparse_maker(whole, key);
    const vitrum::model::SeriesGenerator dense_maker(dense, key);
    for (auto _ : state) {
        double photons = 0;
        vitrum::benchmarks::Pair pair;
        for (int round = 0; round < 3; ++round) {
            pair.ours = std::min(pair.ours, vitrum::benchmarks::processor_seconds([&] {
                                     const auto slab = sparse_maker.slab(0, o.rows * o.columns);
                                     photons = 0;
                                     for (const auto k : slab.intensity) photons += k;
                                 }));
            pair.peer = std::min(pair.peer, vitrum::benchmarks::processor_seconds([&] {
                                     benchmark::DoNotOptimize(dense_maker.slab(0, o.rows * o.columns / 8));
                                 }));
        }
        pair.peer *= 8;
        state.counters["us_per_photon"] = 1e6 * pair.ours / photons;
        state.counters["ratio_to_dense"] = pair.ratio();
    }
}
BENCHMARK(photon_by_photon)
    ->ArgNames({"modes", "tau", "beta"})
    ->Args({5, 25, 180})
    ->Args({5, 340, 180})
    ->Args({5, 3000, 180})
    ->Args({5, 340, 100})
    ->Args({5, 340, 200})
    ->Args({5, 340, 60})
    ->Args({30, 340, 180})
    ->Args({30, 3000, 180})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
