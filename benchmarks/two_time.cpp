// Two-time map of dense counts against one double-precision matrix product of the same triangle (Eigen), and of sparse
// events against the dense path. Ratios above 1 mean slower than the peer.
#include "analysis/correlation/two_time.hpp"

#include <Eigen/Core>
#include <benchmark/benchmark.h>
#include <boost/random/poisson_distribution.hpp>
#include <tbb/global_control.h>

#include "benchmarks/ratio.hpp"
#include "core/stream.hpp"

namespace {

using vitrum::SpeckleSeries;

SpeckleSeries counts(std::size_t frames, std::size_t pixels, double mean) {
    SpeckleSeries s;
    s.frames = frames;
    s.rows = 1;
    s.columns = pixels;
    s.counts.resize(frames * pixels);
    vitrum::Stream stream({1, 0, 0}, vitrum::Purpose::test, 0);
    boost::random::poisson_distribution<int> poisson(mean);
    for (float& v : s.counts) v = static_cast<float>(poisson(stream));
    return s;
}

SpeckleSeries events_of(const SpeckleSeries& dense) {
    SpeckleSeries s = dense;
    s.counts.clear();
    s.frame_ptr = {0};
    for (std::size_t f = 0; f < s.frames; ++f) {
        for (std::size_t p = 0; p < s.pixels(); ++p)
            if (const float k = dense.counts[f * s.pixels() + p]; k > 0) {
                s.index.push_back(static_cast<std::uint32_t>(p));
                s.intensity.push_back(static_cast<std::uint32_t>(k));
            }
        s.frame_ptr.push_back(s.index.size());
    }
    return s;
}

void dense_against_product(benchmark::State& state) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const auto s = counts(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)), 0.5);
    using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Map<const Matrix> x(s.counts.data(), static_cast<Eigen::Index>(s.frames),
                                     static_cast<Eigen::Index>(s.pixels()));
    const Eigen::MatrixXd wide = x.cast<double>();
    for (auto _ : state) {
        const auto pair = vitrum::benchmarks::compare([&] { benchmark::DoNotOptimize(vitrum::analysis::two_time(s)); },
                                                      [&] {
                                                          Eigen::MatrixXd c =
                                                              Eigen::MatrixXd::Zero(wide.rows(), wide.rows());
                                                          c.selfadjointView<Eigen::Upper>().rankUpdate(wide);
                                                          benchmark::DoNotOptimize(c);
                                                      });
        state.counters["seconds"] = pair.ours;
        state.counters["ratio_to_rank_update"] = pair.ratio();
    }
}
BENCHMARK(dense_against_product)->Args({1000, 4096})->Args({2000, 10000})->Iterations(1)->Unit(benchmark::kSecond);

void sparse_against_dense(benchmark::State& state) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const auto dense = counts(1000, 20000, 0.005);
    const auto sparse = events_of(dense);
    for (auto _ : state) {
        const auto pair =
            vitrum::benchmarks::compare([&] { benchmark::DoNotOptimize(vitrum::analysis::two_time(sparse)); },
                                        [&] { benchmark::DoNotOptimize(vitrum::analysis::two_time(dense)); });
        state.counters["seconds"] = pair.ours;
        state.counters["ratio_to_dense"] = pair.ratio();
    }
}
BENCHMARK(sparse_against_dense)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace

BENCHMARK_MAIN();
