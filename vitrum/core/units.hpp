// Units at every boundary: seconds, kelvin, gigapascal, angstrom, inverse angstrom, electronvolt.
// Text such as "5000 K/ns" is turned into these on entry; nothing else is stored.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vitrum {

// Boltzmann constant [GPa angstrom^3 / K] and [eV / K] (exact SI values); kT(300 K) = 4.1419 GPa A^3 = 0.025852 eV.
inline constexpr double boltzmann_gpa_a3 = 0.01380649;
inline constexpr double boltzmann_ev = 8.617333262145179e-5;
inline constexpr double ev_per_gpa_a3 = boltzmann_ev / boltzmann_gpa_a3;

enum class Dimension {
    time,              // [s]
    frequency,         // [1/s]
    temperature,       // [K]
    pressure,          // [GPa]
    length,            // [angstrom]
    wavevector,        // [1/angstrom]
    energy,            // [eV]
    volume,            // [angstrom^3]
    temperature_rate,  // [K/s]
    pressure_rate,     // [GPa/s]
    velocity,          // [angstrom/s]
    memory,            // [B]
};

// The unit that Vitrum stores this dimension in, as written in brackets: "s", "GPa", "1/angstrom".
[[nodiscard]] std::string_view native_unit(Dimension dimension);

// An example of the accepted form, for messages: "0.1 s".
[[nodiscard]] std::string_view example(Dimension dimension);

// Units accepted for this dimension.
[[nodiscard]] std::vector<std::string> known_units(Dimension dimension);

// Parse "NUMBER UNIT" into the native unit. Throws InputError saying which form is wanted; `what` names the key.
[[nodiscard]] double parse_with_unit(std::string_view text, Dimension dimension, std::string_view what);

// Factor from `unit` to the native unit of any dimension that has it; throws InputError on an unknown unit.
[[nodiscard]] double unit_factor(std::string_view unit, Dimension dimension, std::string_view what);

// "20 s": the shortest text that parses back to the same double.
[[nodiscard]] std::string with_unit(double value, Dimension dimension);

// A time in the prefix that reads best: {3.2e-12} -> {1e12, "ps"}: multiply by the factor.
struct Scale {
    double factor;
    std::string unit;
};
[[nodiscard]] Scale readable_time(double seconds);

}  // namespace vitrum
