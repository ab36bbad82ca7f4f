// Generation of a photon series against its own limit: the same Fourier transforms, or the same blocked product in
// single precision, and the same number of normal variates, nothing else.
#include "vitrum/model/speckle/speckle_source.hpp"

#include <Eigen/Core>
#include <benchmark/benchmark.h>
#include <boost/random/normal_distribution.hpp>
#include <fftw3.h>
#include <tbb/global_control.h>

#include "benchmarks/ratio.hpp"

namespace {

void generation_against_its_limit(benchmark::State& state) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    vitrum::model::SpeckleOptions o;
    o.relaxation = {25, 1.8};
    const std::size_t paths = o.rows * o.columns * static_cast<std::size_t>(o.modes);
    constexpr int length = 2048;  // embedding of 1000 frames
    fftw_complex* data = fftw_alloc_complex(length);
    const fftw_plan plan = fftw_plan_dft_1d(length, data, data, FFTW_FORWARD, FFTW_ESTIMATE);
    for (auto _ : state) {
        const auto pair = vitrum::benchmarks::compare(
            [&] {
                benchmark::DoNotOptimize(vitrum::model::generate(o, {1, 2, 0}));
            },
            [&] {
                vitrum::Stream stream({1, 0, 0}, vitrum::Purpose::test, 0);
                boost::random::normal_distribution<double> normal;
                for (std::size_t p = 0; p < paths; ++p) {
                    for (int k = 0; k < length; ++k) {
                        data[k][0] = normal(stream);
                        data[k][1] = normal(stream);
                    }
                    fftw_execute(plan);
                }
            },
            3);
        state.counters["seconds"] = pair.ours;
        state.counters["ratio_to_transforms_and_normals"] = pair.ratio();
    }
    fftw_destroy_plan(plan);
    fftw_free(data);
}
BENCHMARK(generation_against_its_limit)->Iterations(1)->Unit(benchmark::kSecond);

void cholesky_against_its_limit(benchmark::State& state) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    vitrum::model::SpeckleOptions o;
    o.relaxation = {25, 1.8};
    o.dynamics.clock = {.kind = vitrum::model::ClockKind::ageing, .tau0 = 20, .tau_star = 700};
    const auto frames = static_cast<Eigen::Index>(o.frames);
    constexpr Eigen::Index columns = 128;
    const std::size_t blocks = 2 * o.rows * o.columns * static_cast<std::size_t>(o.modes) / columns;
    Eigen::MatrixXf factor = Eigen::MatrixXf::Random(frames, frames);
    Eigen::MatrixXf noise(frames, columns);
    Eigen::MatrixXf field(frames, columns);
    for (auto _ : state) {
        const auto pair = vitrum::benchmarks::compare(
            [&] {
                benchmark::DoNotOptimize(vitrum::model::generate(o, {1, 2, 0}));
            },
            [&] {
                vitrum::Stream stream({1, 0, 0}, vitrum::Purpose::test, 0);
                boost::random::normal_distribution<double> normal;
                for (std::size_t b = 0; b < blocks; ++b) {
                    for (float& value : noise.reshaped()) value = static_cast<float>(normal(stream));
                    field.noalias() = factor.triangularView<Eigen::Lower>() * noise;
                    benchmark::DoNotOptimize(field.data());
                }
            },
            3);
        state.counters["seconds"] = pair.ours;
        state.counters["ratio_to_product_and_normals"] = pair.ratio();
    }
}
BENCHMARK(cholesky_against_its_limit)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
