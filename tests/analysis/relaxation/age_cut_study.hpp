// Cuts through the maps of generated speckle that ages as tau = 34 s exp(t/2300 s): the fit of one age, and of a scan.
#pragma once

#include <cmath>
#include <vector>

#include "vitrum/analysis/correlation/g2.hpp"
#include "vitrum/analysis/correlation/two_time.hpp"
#include "vitrum/analysis/relaxation/age_cuts.hpp"
#include "vitrum/model/speckle/speckle_source.hpp"

namespace vitrum::age_study {

inline constexpr double tau0 = 34;
inline constexpr double tau_star = 2300;

struct TauBeta {
    double tau = 0, beta = 0;
};

struct Spread {
    std::vector<double> values;
    [[nodiscard]] double mean() const {
        double sum = 0;
        for (const double v : values) sum += v;
        return sum / static_cast<double>(values.size());
    }
    [[nodiscard]] double error() const {  // of the mean
        double squares = 0;
        for (const double v : values) squares += (v - mean()) * (v - mean());
        const auto n = static_cast<double>(values.size());
        return std::sqrt(squares / (n - 1) / n);
    }
};

// One age: tau/20 between frames, lags up to 3 tau after the frame of that age and 1.5 tau before it.
struct Design {
    double beta = 1.8;
    double age = 0;   // [s]
    double scan = 0;  // [s] > 0: a whole scan of this length from `age` on, instead of cuts
    static constexpr std::size_t frames_per_tau = 20, before = 31, after = 60;

    [[nodiscard]] double tau(double at) const { return tau0 * std::exp(at / tau_star); }
    [[nodiscard]] model::SpeckleOptions options(std::size_t side) const {
        model::SpeckleOptions o;
        o.rows = o.columns = side;
        o.modes = 1;
        o.mean_count = 20;
        o.relaxation.beta = beta;
        o.dynamics.clock = {.kind = model::ClockKind::ageing, .tau0 = tau0, .tau_star = tau_star};
        o.frame_time = scan > 0 ? scan / 300 : tau(age) / frames_per_tau;
        o.frames = scan > 0 ? 300 : before + after + 1;
        o.scan_start = scan > 0 ? age : age - static_cast<double>(before) * o.frame_time;
        return o;
    }
    // Unweighted least squares of exp(-2 (lag/tau)^beta), contrast 1 and baseline 1 known.
    [[nodiscard]] TauBeta fit(const Curve& g2) const {
        analysis::KwwOptions kww;
        kww.weights = analysis::KwwWeights::equal;
        kww.baseline = 1.0;
        kww.contrast = 1.0;
        kww.max_lag = 3 * tau(scan > 0 ? age + scan / 2 : age);
        const auto found = analysis::fit_kww(g2, kww);
        return {found.tau, found.beta};
    }
    [[nodiscard]] TauBeta of_map(const TwoTimeMap& map, analysis::AgeCut cut) const {
        if (scan > 0) return fit(analysis::g2_values(map));
        analysis::AgeOptions o;
        o.cut = cut;
        o.windows = {{before, before + 1}};
        o.max_lag = after;
        return fit(analysis::g2_by_age(map, o).at(0).g2);
    }
    // The same cut of the map without noise.
    [[nodiscard]] TauBeta exact(analysis::AgeCut cut) const {
        const auto o = options(2);
        const auto kernel = model::kernel_of(o, {});
        const auto times = model::sample_times(o).all();
        TwoTimeMap map{o.frames, std::vector<double>(o.frames * o.frames), o.frame_time, "s", true};
        for (std::size_t i = 0; i < o.frames; ++i)
            for (std::size_t j = 0; j < o.frames; ++j) map(i, j) = 1 + std::pow(kernel(times[i], times[j]), 2);
        return of_map(map, cut);
    }
};

struct Measured {
    Spread tau, beta;
};

// Forward and centred cuts of the same generated maps; of a scan both are the scan's g2.
struct Cuts {
    Measured forward, centred;
};
inline Cuts measure(const Design& design, std::size_t side, std::size_t replicates, std::uint64_t seed) {
    Cuts cuts;
    const auto o = design.options(side);
    for (std::size_t r = 0; r < replicates; ++r) {
        const auto made = model::generate(o, {seed, cell_id("age cuts"), r});
        const auto map = analysis::two_time(made.data, {});
        const auto add = [](Measured& to, const TauBeta& found) {
            to.tau.values.push_back(found.tau);
            to.beta.values.push_back(found.beta);
        };
        add(cuts.forward, design.of_map(map, analysis::AgeCut::forward));
        if (design.scan == 0) add(cuts.centred, design.of_map(map, analysis::AgeCut::centred));
    }
    return cuts;
}

}  // namespace vitrum::age_study
