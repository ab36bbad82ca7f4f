// Two-time map of dense counts against one double-precision matrix product of the same triangle (Eigen), and of sparse
// events against the dense path. Ratios above 1 mean slower than the peer.
#include "vitrum/analysis/correlation/two_time.hpp"

#include <Eigen/Core>
#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "benchmarks/ratio.hpp"
#include "tests/analysis/test_series.hpp"

namespace {

void dense_against_product(benchmark::State& state) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const auto s = vitrum::test::white_noise(static_cast<std::size_t>(state.range(0)), 1,
                                             static_cast<std::size_t>(state.range(1)), 0.5);
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
    const auto dense = vitrum::test::white_noise(1000, 1, 20000, 0.005);
    const auto sparse = vitrum::test::sparse_twin(dense);
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
