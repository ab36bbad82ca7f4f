// What a planned measurement could see: replicates of it, simulated with known truth and analysed by the chain.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/validation/bounds/bound.hpp"
#include "vitrum/validation/measures/performance.hpp"
#include "vitrum/validation/plan/plan.hpp"
#include "vitrum/validation/plan/plan_size.hpp"
#include "vitrum/validation/study/study.hpp"

namespace vitrum::validation {

struct PlanOptions {
    std::size_t replicates = 40;
    std::uint64_t seed = 1;
    int threads = 0;  // 0 = all cores
    bool quiet = false;
};

// One quantity at one tau. Spread and reported error are of the experiment's size; limits are Monte Carlo ones.
struct Forecast {
    std::string quantity;
    std::string unit;
    double truth = not_a_number;
    std::size_t attempted = 0;
    std::size_t without = 0;  // replicates without an estimate
    Measure bias;
    Measure spread;    // standard deviation between scans
    Measure reported;  // root of the mean squared standard error
    Measure coverage;  // of the 95 % intervals
    Bound bound;       // Cramer-Rao, at the expected tau
};

struct ForecastAtTau {
    double tau = 0;  // [s]
    bool expected = false;
    std::vector<Forecast> quantities;  // tau, beta, contrast
};

struct EventForecast {
    double fraction = 0;  // of g1; 0 = no event: false alarms
    Measure seen;         // share of scans with event_search_p < 0.05, Wilson's limits
    std::size_t without = 0;
};

// Delta C of a homogeneous sample.
struct HeterogeneityForecast {
    std::size_t without = 0;
    Measure floor;   // mean heterogeneity_width
    Measure spread;  // of it, between scans
    // Least excess of Delta C over the floor, found with 80 % by a one-sided 5 % test, and the Delta C of the dynamics
    // that makes it if shapes are Gaussian: sqrt((floor + excess)^2 - floor^2).
    double excess = not_a_number;
    double smallest = not_a_number;
};

struct Plan {
    Experiment experiment;
    PlanSize size;
    PlanOptions options;
    std::string study;  // TOML, runs with `vitrum validate`
    std::vector<ForecastAtTau> forecasts;
    std::vector<EventForecast> events;
    HeterogeneityForecast heterogeneity;
    // Of tau between two such scans: relative_change(spread/tau), and its limits from those of the spread.
    double tau_change = not_a_number, tau_change_lower = not_a_number, tau_change_upper = not_a_number;
};

// (z_0.975 + z_0.8) sqrt(2) s: least relative change between two scans of relative error s each that a two-sided 5 %
// test finds with 80 %.
[[nodiscard]] double relative_change(double relative_spread);

// The study of an experiment: cells at tau/2, tau, 2 tau, then events in the middle of the run at the expected tau that
// take 0.1, 0.2, 0.5, 1 of g1. Everything is checked. Throws InputError.
[[nodiscard]] Study plan_study(const Experiment& experiment, const PlanSize& size, const PlanOptions& options);

// Runs it in a temporary folder; the same bits for any threads. Throws InputError, RunError, Interrupted.
[[nodiscard]] Plan make_plan(const Experiment& experiment, const PlanOptions& options);

}  // namespace vitrum::validation
