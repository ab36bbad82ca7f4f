// Numbers as a physicist writes them: rounded to two digits of the error, one unit and power of ten for a whole row.
#pragma once

#include <string>
#include <string_view>

namespace vitrum::report {

// How all numbers of one row are written: multiplied by `factor` (into `unit`), divided by 10^power, with `decimals`.
struct NumberStyle {
    double factor = 1;
    int power = 0;
    int decimals = 0;
    std::string unit;         // for display: "ps", "Å³", "" if dimensionless
    bool trim_zeros = false;  // without an error no digit is known to be significant
};

// The style for a value and its error [unit]; either may be NaN. Times get the prefix that reads best.
[[nodiscard]] NumberStyle number_style(double value, double error, std::string_view unit);

// The number alone, in this style; "—" if it is not finite.
[[nodiscard]] std::string number(const NumberStyle& style, double value);
// As number(), with its sign always shown.
[[nodiscard]] std::string signed_number(const NumberStyle& style, double value);

// The style's unit as a table shows it: "ps", "10⁴ s", "× 10⁻⁵", "".
[[nodiscard]] std::string unit_label(const NumberStyle& style);

// "12.34 ± 0.56 ps", "(3.21 ± 0.12) × 10⁻⁵ Å³"; without a finite error "12.34 ps".
[[nodiscard]] std::string number_text(double value, double error, std::string_view unit);

// "10⁻¹²".
[[nodiscard]] std::string power_of_ten(int exponent);

// A unit as it is printed: "angstrom^3" -> "Å³", "1/s" -> "s⁻¹".
[[nodiscard]] std::string display_unit(std::string_view unit);

// A quantity's symbol as it is printed, from its name: "tau" -> "τ"; the name itself if nobody defined it.
[[nodiscard]] std::string display_symbol(std::string_view quantity);

}  // namespace vitrum::report
