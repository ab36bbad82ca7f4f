// X-ray atomic form factors f(q) of the elements used here.
//
// Cromer-Mann: f(q) = c + sum_i a_i exp(-b_i s^2), s = q / (4 pi); valid for q below about 25 1/angstrom.
// Source of the coefficients: International Tables for Crystallography C, table 6.1.1.4 (neutral atoms).
// Anomalous terms f', f'' are left out: away from absorption edges they change weights by a few percent.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace vitrum {

struct FormFactor {
    std::string_view element;
    int atomic_number;
    double mass;  // [g/mol], standard atomic weight
    std::array<double, 4> a;
    std::array<double, 4> b;  // [angstrom^2]
    double c;

    // f in electrons at q [1/angstrom].
    [[nodiscard]] double operator()(double q) const;
};

inline constexpr FormFactor copper{
    "Cu", 29, 63.546, {13.3380, 7.16760, 5.61580, 1.67350}, {3.58280, 0.24700, 11.3966, 64.8126}, 1.19100};
inline constexpr FormFactor zirconium{
    "Zr", 40, 91.224, {17.8765, 10.9480, 5.41732, 3.65721}, {1.27618, 11.9160, 0.117622, 87.6627}, 2.06929};

// All elements of the table, in order of atomic number.
[[nodiscard]] std::span<const FormFactor> form_factors();

// "Cu"; throws InputError for an element that is not in the table.
[[nodiscard]] const FormFactor& find_form_factor(std::string_view element);

// Faber-Ziman weight of the copper-copper partial in the x-ray total S(q): (c f_Cu)^2 / <f>^2.
[[nodiscard]] double copper_copper_weight(double copper_fraction, double q);

}  // namespace vitrum
