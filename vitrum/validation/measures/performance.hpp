// Performance measures of an estimator over replicates, each with its Monte Carlo standard error (MCSE).
// Morris, White, Crowther 2019, Stat. Med. 38, 2074 (doi 10.1002/sim.8086); the same definitions as simsum and rsimsum.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::validation {

// One entry a replicate whose estimate is a number. A missing standard error or limit is NaN: such a replicate counts
// for bias and spread, and is left out where an error is needed.
struct Replicates {
    std::vector<double> estimate;
    std::vector<double> standard_error;
    std::vector<double> lower, upper;  // of the interval; empty = estimate -+ z standard_error
    std::vector<double> truth;         // of each replicate; empty = not known

    void add(double value, double error, double low, double high, double true_value);
    // After the last add(): no truth unless every replicate has one, no limits unless one has.
    void complete();
};

struct Measure {
    std::string name;
    double value = not_a_number;
    double mcse = not_a_number;
    // 95 % limits: value -+ 1.96 MCSE, Wilson's for shares.
    double lower = not_a_number, upper = not_a_number;
    std::size_t replicates = 0;  // that it rests on
};

// Those that the data allow, in this order:
//   mean, bias, relative_bias, empirical_se (sd of estimate - truth), mse, rmse,
//   model_se (root of the mean squared standard error), model_se_error [%] = 100 (model_se/empirical_se - 1),
//   coverage (of the truth by intervals at `level`), bias_eliminated_coverage (of truth + bias), power (intervals
//   that leave out 0), pull_mean and pull_width of (estimate - truth)/standard_error, interval_width.
// The MCSE of empirical_se is s/sqrt(2(n-1)), right for Gaussian estimates; empirical_se_kurtosis repeats it with
// s sqrt((kurtosis - 1)/(4n)).
[[nodiscard]] std::vector<Measure> performance(const Replicates& replicates, double level = 0.95);

// Gain in precision [%] of B against A, 100 ((s_A/s_B)^2 - 1), from errors estimate - truth of the same replicates.
[[nodiscard]] Measure precision_gain(const std::vector<double>& errors_a, const std::vector<double>& errors_b);

// Mean difference of the errors of B and A on the same replicates.
[[nodiscard]] Measure paired_difference(const std::vector<double>& errors_a, const std::vector<double>& errors_b);

// Both, of errors of two methods on the same replicates; none of fewer than two.
[[nodiscard]] std::vector<Measure> against(const std::vector<double>& errors_a, const std::vector<double>& errors_b);

// A share k/n with Wilson's 95 % limits.
[[nodiscard]] Measure share(std::string name, std::size_t k, std::size_t n);

}  // namespace vitrum::validation
