// Structure of atoms. g(r) against a cell-list twin in the usual manner: cells as wide as the cutoff, every atom looks
// through the 27 cells around it, each pair is wrapped to its nearest image, kept as a bond, then binned. Processor
// time of one thread, the two in turn; ratios above 1 mean slower than the twin. Then the time per frame of every
// estimator at 10000 atoms.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "benchmarks/ratio.hpp"
#include "vitrum/analysis/diffraction/structure_factor.hpp"
#include "vitrum/analysis/structure/bond_order.hpp"
#include "vitrum/analysis/structure/connections.hpp"
#include "vitrum/analysis/structure/coordination.hpp"
#include "vitrum/analysis/structure/pair_counts.hpp"
#include "vitrum/analysis/structure/pair_distribution.hpp"
#include "vitrum/analysis/structure/voronoi.hpp"
#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/atoms/neighbours.hpp"
#include "vitrum/model/atoms/configurations.hpp"

namespace {

using namespace vitrum;

// A disordered crystal of 2 L^3 atoms at the density of Cu50Zr50, two elements.
Trajectory sample(int cells, std::size_t frames) {
    const double a = std::cbrt(2 / 0.0557);
    Trajectory t = model::perturbed(model::lattice(model::Lattice::b2, a, {cells, cells, cells}), 0.3, frames, {1});
    t.elements = {"Cu", "Zr"};
    return t;
}

struct Bond {
    std::uint32_t i, j;
    double r;
};

std::vector<std::uint64_t> twin(const AtomFrame& frame, double r_max, std::size_t bins) {
    const std::size_t atoms = frame.fractional.size() / 3;
    const double edge = frame.box[0];
    const int n = std::max(3, static_cast<int>(edge / r_max));
    std::vector<int> head(static_cast<std::size_t>(n * n * n), -1);
    std::vector<int> next(atoms, -1);
    std::vector<Vector3> r(atoms);
    std::vector<std::array<int, 3>> cell(atoms);
    for (std::size_t i = 0; i < atoms; ++i) {
        for (std::size_t k = 0; k < 3; ++k) {
            const double s = frame.fractional[3 * i + k] - std::floor(frame.fractional[3 * i + k]);
            r[i][k] = s * edge;
            cell[i][k] = std::min(n - 1, static_cast<int>(s * n));
        }
        const auto c = static_cast<std::size_t>((cell[i][0] * n + cell[i][1]) * n + cell[i][2]);
        next[i] = head[c];
        head[c] = static_cast<int>(i);
    }
    std::vector<std::uint64_t> counts(bins, 0);
    std::vector<Bond> bonds;
    for (std::size_t i = 0; i < atoms; ++i) {
        bonds.clear();
        for (int x = -1; x <= 1; ++x)
            for (int y = -1; y <= 1; ++y)
                for (int z = -1; z <= 1; ++z) {
                    const int cx = (cell[i][0] + x + n) % n;
                    const int cy = (cell[i][1] + y + n) % n;
                    const int cz = (cell[i][2] + z + n) % n;
                    for (int j = head[static_cast<std::size_t>((cx * n + cy) * n + cz)]; j >= 0;
                         j = next[static_cast<std::size_t>(j)]) {
                        if (static_cast<std::size_t>(j) == i) continue;
                        double r2 = 0;
                        for (std::size_t k = 0; k < 3; ++k) {
                            double d = r[static_cast<std::size_t>(j)][k] - r[i][k];
                            d -= edge * std::nearbyint(d / edge);
                            r2 += d * d;
                        }
                        if (r2 < r_max * r_max)
                            bonds.push_back(
                                {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), std::sqrt(r2)});
                    }
                }
        for (const Bond& b : bonds) ++counts[static_cast<std::size_t>(b.r / r_max * static_cast<double>(bins))];
    }
    return counts;
}

void pair_histogram(benchmark::State& state) {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const Trajectory t = sample(static_cast<int>(state.range(0)), 1);
    const double r_max = static_cast<double>(state.range(1));
    constexpr std::size_t bins = 500;
    for (auto _ : state) {
        std::vector<std::uint64_t> ours;
        std::vector<std::uint64_t> theirs;
        benchmarks::Pair pair;
        for (int round = 0; round < 3; ++round) {
            const auto count = [&] { ours = analysis::pair_counts(t.frames[0], t.species, 2, r_max, bins); };
            pair.ours = std::min(pair.ours, benchmarks::processor_seconds(count));
            pair.peer =
                std::min(pair.peer, benchmarks::processor_seconds([&] { theirs = twin(t.frames[0], r_max, bins); }));
        }
        double pairs = 0;
        for (const auto c : ours) pairs += static_cast<double>(c);
        double all = 0;
        for (const auto c : theirs) all += static_cast<double>(c);
        state.counters["atoms"] = static_cast<double>(t.atoms());
        state.counters["pairs_per_second"] = pairs / pair.ours;
        state.counters["ratio_to_twin"] = pair.ratio();
        state.counters["pairs_over_twin"] = 2 * pairs / all;  // 1: the same pairs
    }
}
BENCHMARK(pair_histogram)->Args({17, 8})->Args({17, 12})->Args({32, 12})->Iterations(1)->Unit(benchmark::kSecond);

template <class Work>
void per_frame(benchmark::State& state, std::size_t frames, Work&& work) {
    const Trajectory t = sample(17, frames);
    for (auto _ : state)
        state.counters["seconds_per_frame"] = benchmarks::seconds([&] { work(t); }) / static_cast<double>(frames);
}

void estimators(benchmark::State& state) {
    switch (state.range(0)) {
        case 0:
            state.SetLabel("pair_distribution");
            per_frame(state, 20, [](const Trajectory& t) { benchmark::DoNotOptimize(analysis::pair_distribution(t)); });
            break;
        case 1:
            state.SetLabel("structure_factor");
            per_frame(state, 8, [](const Trajectory& t) { benchmark::DoNotOptimize(analysis::structure_factor(t)); });
            break;
        case 2:
            state.SetLabel("voronoi");
            per_frame(state, 4, [](const Trajectory& t) { benchmark::DoNotOptimize(analysis::voronoi(t)); });
            break;
        case 3:
            state.SetLabel("coordination");
            per_frame(state, 20, [](const Trajectory& t) {
                analysis::CoordinationOptions options;
                options.cutoff = 3.8;
                benchmark::DoNotOptimize(analysis::coordination(t, options));
            });
            break;
        case 4:
            state.SetLabel("bond_order");
            per_frame(state, 8, [](const Trajectory& t) {
                analysis::BondOrderOptions options;
                options.cutoff = 3.8;
                benchmark::DoNotOptimize(analysis::bond_order(t, options));
            });
            break;
        default:
            state.SetLabel("connections");
            per_frame(state, 8, [](const Trajectory& t) {
                analysis::ConnectionOptions options;
                options.first_shell = 3.8;
                options.second_shell = 6;
                benchmark::DoNotOptimize(analysis::connections(t, options));
            });
    }
}
BENCHMARK(estimators)->DenseRange(0, 5)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
