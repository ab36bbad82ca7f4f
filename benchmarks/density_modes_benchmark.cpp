// Density modes rho(q) of 10000 atoms against three limits measured in the same run on one thread: a plain complex
// multiply-add for each atom and wavevector from the nearest cache, without sums over lanes; the sine and cosine of
// each phase; and reading the phases from memory. Fractions above 1 mean faster than that limit: n_z and -n_z share
// products.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "benchmarks/ratio.hpp"
#include "vitrum/core/atoms/density_modes.hpp"

namespace {

using vitrum::benchmarks::processor_seconds;

// Seconds of one complex multiply-add: eight of them in flight, operands of 256 atoms in cache.
double multiply_add_seconds() {
    constexpr std::size_t atoms = 256;
    constexpr std::size_t repeats = 40000;
    static std::array<std::array<double, atoms>, 4> x;
    for (std::size_t i = 0; i < atoms; ++i)
        for (std::size_t k = 0; k < 4; ++k) x[k][i] = std::sin(static_cast<double>(i + 300 * k));
#ifdef __AVX__
    using Wide = double __attribute__((vector_size(32)));
#else
    using Wide = double __attribute__((vector_size(16)));
#endif
    constexpr std::size_t width = sizeof(Wide) / sizeof(double);
    std::array<Wide, 8> sum{};
    const double spent = processor_seconds([&] {
        for (std::size_t r = 0; r < repeats; ++r) {
            benchmark::ClobberMemory();
            for (std::size_t j = 0; j < atoms; j += 2 * width)
                for (std::size_t l = 0; l < 2; ++l) {
                    const auto wide = [&](std::size_t k) -> const Wide& {
                        return *reinterpret_cast<const Wide*>(&x[k][j + width * l]);
                    };
                    // Contracted to fused multiply-adds in this file alone: see CMakeLists.txt.
                    sum[l] += wide(0) * wide(2);
                    sum[2 + l] += wide(1) * wide(3);
                    sum[4 + l] += wide(0) * wide(3);
                    sum[6 + l] += wide(1) * wide(2);
                }
        }
    });
    for (const Wide& s : sum) benchmark::DoNotOptimize(s[0]);
    return spent / static_cast<double>(repeats * atoms);
}

double sine_cosine_seconds() {
    constexpr std::size_t count = 200000;
    double sum = 0;
    const double spent = processor_seconds([&] {
        for (std::size_t i = 0; i < count; ++i) {
            const double phase = 0.37 * static_cast<double>(i % 1000);
            sum += std::cos(phase) + std::sin(phase);
        }
    });
    benchmark::DoNotOptimize(sum);
    return spent / static_cast<double>(count);
}

// Sixteen bytes of each atom's plane phase and as many of its n_z phase, from memory.
double memory_seconds() {
    constexpr std::size_t doubles = std::size_t{1} << 25;
    static const std::vector<double> data(doubles, 1.0);
    double sum = 0;
    const double spent = processor_seconds([&] {
        std::array<double, 32> part{};
        for (std::size_t i = 0; i < doubles; i += part.size())
            for (std::size_t l = 0; l < part.size(); ++l) part[l] += data[i + l];
        for (const double p : part) sum += p;
    });
    benchmark::DoNotOptimize(sum);
    return spent / static_cast<double>(doubles) * 4;
}

void density_modes(benchmark::State& state) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    constexpr std::size_t atoms = 10000;
    std::mt19937 random(1);
    std::uniform_real_distribution<double> inside;
    std::vector<vitrum::AtomFrame> frames(1);
    frames[0].box = {56, 0, 0, 0, 56, 0, 0, 0, 56};
    std::vector<int> species;
    for (std::size_t i = 0; i < atoms; ++i) {
        species.push_back(static_cast<int>(i % 2));
        for (int k = 0; k < 3; ++k) frames[0].fractional.push_back(inside(random));
    }
    const double low = static_cast<double>(state.range(0)) / 100;
    const double high = static_cast<double>(state.range(1)) / 100;
    const auto vectors = vitrum::wavevectors(frames[0].box, low, high);
    const auto products = static_cast<double>(atoms * vectors.size());
    for (auto _ : state) {
        double ours = 1e300;
        double multiply_add = 1e300;
        double sine_cosine = 1e300;
        double memory = 1e300;
        for (int round = 0; round < 5; ++round) {
            ours = std::min(ours, processor_seconds([&] {
                                      benchmark::DoNotOptimize(vitrum::density_modes(frames, species, 2, vectors));
                                  }) / products);
            multiply_add = std::min(multiply_add, multiply_add_seconds());
            sine_cosine = std::min(sine_cosine, sine_cosine_seconds());
            memory = std::min(memory, memory_seconds());
        }
        state.counters["wavevectors"] = static_cast<double>(vectors.size());
        state.counters["products_per_second"] = 1 / ours;
        state.counters["fraction_of_multiply_add"] = multiply_add / ours;
        state.counters["fraction_of_sine_cosine"] = sine_cosine / ours;
        state.counters["fraction_of_memory"] = memory / ours;
    }
}
BENCHMARK(density_modes)->Args({275, 285})->Args({5, 300})->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
