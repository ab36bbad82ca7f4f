// Is another law nearer to the sizes from x_min on than the power law? Likelihood ratios (Vuong 1989, Econometrica 57,
// 307; Clauset, Shalizi, Newman 2009, section 5), continuous sizes, y = x/x_min >= 1, every law normalised from 1 on:
//   exponential            exp(-lambda y)
//   log-normal             exp(-(ln y - mu)^2/(2 sigma^2))/y
//   stretched exponential  y^(beta - 1) exp(-lambda y^beta)
//   cut-off power law      y^-alpha exp(-lambda y), lambda >= 0: holds the power law itself
// R = sum over sizes of ln p(power law) - ln p(other): positive where the power law is nearer.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

enum class OtherLaw { exponential, log_normal, stretched_exponential, cut_off };
inline constexpr std::array other_laws{OtherLaw::exponential, OtherLaw::log_normal, OtherLaw::stretched_exponential,
                                       OtherLaw::cut_off};
[[nodiscard]] std::string_view name(OtherLaw law);

struct LawComparison {
    OtherLaw law = OtherLaw::exponential;
    double ratio = not_a_number;       // R
    double normalised = not_a_number;  // R/(sigma sqrt n), sigma the spread of the terms of R
    // Chance of a ratio so far from 0, of either sign, if both laws are equally near: erfc(|R|/(sigma sqrt(2 n))). Of
    // the cut-off law, which holds the power law at its end lambda = 0: chance of so much of a cut if there is none,
    // erfc(sqrt(-R))/2, and 1 where no cut is found.
    double p = not_a_number;
    std::array<double, 2> parameters{};    // lambda; mu, sigma; beta, lambda; alpha, lambda
    double log_likelihood = not_a_number;  // of y
};

// Sizes below x_min are left out. NaN where fewer than 10 remain or all are equal. Throws InputError: a size or x_min
// not positive and finite.
[[nodiscard]] std::vector<LawComparison> compare_laws(std::span<const double> sizes, double x_min);

// Rows likelihood_ratio and likelihood_ratio_p at the coordinate "law" of each.
[[nodiscard]] std::vector<Estimate> rows_of(const std::vector<LawComparison>& found);

}  // namespace vitrum::analysis
