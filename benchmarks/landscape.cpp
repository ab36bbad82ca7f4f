// Flips per processor second of two-level systems by kinetic Monte Carlo against a naive binary tree of sums with the
// same random numbers, measured in turn; and an ensemble's relaxation function on 1000 times. Ratios above 1 mean more
// flips than the peer.
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "benchmarks/ratio.hpp"
#include "vitrum/core/uniform.hpp"
#include "vitrum/model/landscape/ensemble.hpp"
#include "vitrum/model/landscape/kinetics/kinetics.hpp"

namespace {

using namespace vitrum::model;

const Conditions room{400, 0};
constexpr std::uint64_t flips_asked = 2'000'000;

// Barriers over a range of rates of e^6, asymmetries of about kT.
std::vector<WellLaw> wells_of(std::size_t count) {
    vitrum::Stream stream({1, 2, 3}, vitrum::Purpose::test, 0);
    return drawn({.barriers = BoxBarriers{0.7, 0.9}, .asymmetry = {0, 0.035}}, count, stream).wells;
}

vitrum::Stream numbers() { return {{4, 5, 6}, vitrum::Purpose::test, 0}; }

// What anybody would write first.
class NaiveTree {
public:
    explicit NaiveTree(const std::vector<WellLaw>& wells)
        : leaves_(std::bit_ceil(wells.size())), sums_(2 * leaves_), sides_(wells.size()) {
        for (const WellLaw& w : wells) rates_.push_back(w.rates(room));
        for (std::size_t i = 0; i < rates_.size(); ++i) sums_[leaves_ + i] = rates_[i].to_right;
        for (std::size_t i = leaves_; i-- > 1;) sums_[i] = sums_[2 * i] + sums_[2 * i + 1];
    }
    double run(std::uint64_t flips, vitrum::Stream stream) {
        double time = 0;
        for (std::uint64_t i = 0; i < flips; ++i) {
            time -= std::log(vitrum::uniform(stream)) / sums_[1];
            double x = vitrum::uniform(stream) * sums_[1];
            std::size_t node = 1;
            while (node < leaves_) {
                node *= 2;
                if (x > sums_[node]) x -= sums_[node++];
            }
            const std::size_t well = std::min(node - leaves_, rates_.size() - 1);
            sides_[well] ^= 1U;
            node = leaves_ + well;
            sums_[node] = sides_[well] == 0 ? rates_[well].to_right : rates_[well].to_left;
            for (node /= 2; node >= 1; node /= 2) sums_[node] = sums_[2 * node] + sums_[2 * node + 1];
        }
        return time;
    }

private:
    std::size_t leaves_;
    std::vector<double> sums_;
    std::vector<std::uint8_t> sides_;
    std::vector<Rates> rates_;
};

void against_naive_tree(benchmark::State& state, const KineticsOptions& options, bool catalogue) {
    const auto count = static_cast<std::size_t>(state.range(0));
    const auto wells = wells_of(count);
    for (auto _ : state) {
        NaiveTree tree(wells);
        Kinetics ours(wells, Programme(room), std::vector<std::uint8_t>(count, 0), 0, numbers(), options);
        vitrum::benchmarks::Pair best;
        for (int round = 0; round < 5; ++round) {
            best.ours = std::min(best.ours, vitrum::benchmarks::processor_seconds([&] {
                                     vitrum::EventCatalogue events;
                                     ours.run(1e300, flips_asked, catalogue ? &events : nullptr);
                                     benchmark::DoNotOptimize(events.time.data());
                                 }));
            best.peer = std::min(best.peer, vitrum::benchmarks::processor_seconds(
                                                [&] { benchmark::DoNotOptimize(tree.run(flips_asked, numbers())); }));
        }
        state.counters["flips_per_second"] = static_cast<double>(flips_asked) / best.ours;
        state.counters["naive_per_second"] = static_cast<double>(flips_asked) / best.peer;
        state.counters["flips_over_naive"] = best.peer / best.ours;
    }
}

void uncoupled(benchmark::State& state) { against_naive_tree(state, {}, false); }
BENCHMARK(uncoupled)->Arg(100)->Arg(300)->Arg(1000)->Arg(10000)->Arg(100000)->Iterations(1);

void uncoupled_by_tree(benchmark::State& state) {
    against_naive_tree(state, {.selection = Selection::sum_tree}, false);
}
BENCHMARK(uncoupled_by_tree)->Arg(30)->Arg(100)->Arg(300)->Arg(10000)->Iterations(1);

void uncoupled_by_groups(benchmark::State& state) {
    against_naive_tree(state, {.selection = Selection::composition_rejection}, false);
}
BENCHMARK(uncoupled_by_groups)->Arg(10)->Arg(30)->Arg(100)->Arg(300)->Iterations(1);

void with_catalogue(benchmark::State& state) { against_naive_tree(state, {}, true); }
BENCHMARK(with_catalogue)->Arg(10000)->Arg(100000)->Iterations(1);

void coupled_with_catalogue(benchmark::State& state) { against_naive_tree(state, {.coupling = -0.02}, true); }
BENCHMARK(coupled_with_catalogue)->Arg(10000)->Arg(100000)->Iterations(1);

void relaxation_on_1000_times(benchmark::State& state, const Spectrum& spectrum) {
    std::vector<double> times(1000);
    for (std::size_t i = 0; i < times.size(); ++i) times[i] = std::pow(10, -3 + 0.008 * static_cast<double>(i));
    const RelaxationSpectrum s{spectrum, 300, 5e-14};
    for (auto _ : state) benchmark::DoNotOptimize(s.relaxation(times));
}
BENCHMARK_CAPTURE(relaxation_on_1000_times, exponential, ExponentialBarriers{.scale = 0.05, .from = 0.6})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(relaxation_on_1000_times, box, BoxBarriers{0.6, 1})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(relaxation_on_1000_times, gaussian, GaussianBarriers{0.8, 0.15})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(relaxation_on_1000_times, gamma, GammaRates{})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(relaxation_on_1000_times, stable, StableRates{})->Unit(benchmark::kMillisecond);

}  // namespace
