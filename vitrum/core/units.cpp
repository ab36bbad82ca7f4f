#include "vitrum/core/units.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"

namespace vitrum {

namespace {

struct UnitRow {
    Dimension dimension;
    std::string_view unit;
    double factor;  // multiply on entry
};

// The first row of each dimension is the native unit.
constexpr std::array units_table{
    UnitRow{Dimension::time, "s", 1.0},
    UnitRow{Dimension::time, "fs", 1e-15},
    UnitRow{Dimension::time, "ps", 1e-12},
    UnitRow{Dimension::time, "ns", 1e-9},
    UnitRow{Dimension::time, "us", 1e-6},
    UnitRow{Dimension::time, "ms", 1e-3},
    UnitRow{Dimension::time, "min", 60.0},
    UnitRow{Dimension::time, "h", 3600.0},
    UnitRow{Dimension::frequency, "1/s", 1.0},
    UnitRow{Dimension::frequency, "Hz", 1.0},
    UnitRow{Dimension::frequency, "THz", 1e12},
    UnitRow{Dimension::temperature, "K", 1.0},
    UnitRow{Dimension::pressure, "GPa", 1.0},
    UnitRow{Dimension::pressure, "MPa", 1e-3},
    UnitRow{Dimension::pressure, "bar", 1e-4},
    UnitRow{Dimension::pressure, "kbar", 0.1},
    UnitRow{Dimension::length, "angstrom", 1.0},
    UnitRow{Dimension::length, "A", 1.0},
    UnitRow{Dimension::length, "nm", 10.0},
    UnitRow{Dimension::length, "um", 1e4},
    UnitRow{Dimension::length, "mm", 1e7},
    UnitRow{Dimension::length, "m", 1e10},
    UnitRow{Dimension::wavevector, "1/angstrom", 1.0},
    UnitRow{Dimension::wavevector, "1/A", 1.0},
    UnitRow{Dimension::wavevector, "1/nm", 0.1},
    UnitRow{Dimension::energy, "eV", 1.0},
    UnitRow{Dimension::energy, "meV", 1e-3},
    UnitRow{Dimension::energy, "keV", 1e3},
    UnitRow{Dimension::volume, "angstrom^3", 1.0},
    UnitRow{Dimension::volume, "A^3", 1.0},
    UnitRow{Dimension::volume, "nm^3", 1e3},
    UnitRow{Dimension::temperature_rate, "K/s", 1.0},
    UnitRow{Dimension::temperature_rate, "K/min", 1.0 / 60.0},
    UnitRow{Dimension::temperature_rate, "K/ns", 1e9},
    UnitRow{Dimension::temperature_rate, "K/ps", 1e12},
    UnitRow{Dimension::pressure_rate, "GPa/s", 1.0},
    UnitRow{Dimension::pressure_rate, "GPa/min", 1.0 / 60.0},
    UnitRow{Dimension::pressure_rate, "GPa/h", 1.0 / 3600.0},
    UnitRow{Dimension::pressure_rate, "GPa/ns", 1e9},
    UnitRow{Dimension::pressure_rate, "GPa/ps", 1e12},
    UnitRow{Dimension::velocity, "angstrom/s", 1.0},
    UnitRow{Dimension::velocity, "nm/s", 10.0},
    UnitRow{Dimension::velocity, "nm/min", 10.0 / 60.0},
    UnitRow{Dimension::velocity, "um/s", 1e4},
    UnitRow{Dimension::velocity, "um/h", 1e4 / 3600.0},
    UnitRow{Dimension::memory, "B", 1.0},
    UnitRow{Dimension::memory, "kB", 1e3},
    UnitRow{Dimension::memory, "MB", 1e6},
    UnitRow{Dimension::memory, "GB", 1e9},
    UnitRow{Dimension::memory, "TB", 1e12},
};

std::string_view trim(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return text;
}

}  // namespace

std::string_view native_unit(Dimension dimension) {
    for (const auto& row : units_table)
        if (row.dimension == dimension) return row.unit;
    return "";
}

std::string_view example(Dimension dimension) {
    switch (dimension) {
        case Dimension::time: return "0.1 s";
        case Dimension::frequency: return "1e13 1/s";
        case Dimension::temperature: return "300 K";
        case Dimension::pressure: return "5 GPa";
        case Dimension::length: return "2.7 angstrom";
        case Dimension::wavevector: return "2.7 1/angstrom";
        case Dimension::energy: return "0.8 eV";
        case Dimension::volume: return "4 angstrom^3";
        case Dimension::temperature_rate: return "5000 K/ns";
        case Dimension::pressure_rate: return "1 GPa/ps";
        case Dimension::velocity: return "5 nm/s";
        case Dimension::memory: return "2 GB";
    }
    return "";
}

std::vector<std::string> known_units(Dimension dimension) {
    std::vector<std::string> names;
    for (const auto& row : units_table)
        if (row.dimension == dimension) names.emplace_back(row.unit);
    return names;
}

double unit_factor(std::string_view unit, Dimension dimension, std::string_view what) {
    for (const auto& row : units_table)
        if (row.dimension == dimension && row.unit == unit) return row.factor;
    throw InputError(fmt::format("{}: unknown unit '{}'; use one of {}, as in \"{}\"", what, unit,
                                 fmt::join(known_units(dimension), ", "), example(dimension)));
}

double parse_with_unit(std::string_view text, Dimension dimension, std::string_view what) {
    const std::string_view body = trim(text);
    double number = 0;
    const auto [end, ec] = std::from_chars(body.data(), body.data() + body.size(), number);
    const std::string_view unit = trim(body.substr(static_cast<std::size_t>(end - body.data())));
    if (ec != std::errc() || unit.empty() || !std::isfinite(number))
        throw InputError(
            fmt::format("{}: '{}' is not a number with its unit; write it as \"{}\"", what, text, example(dimension)));
    const double value = number * unit_factor(unit, dimension, what);
    if (!std::isfinite(value) || (value != 0 && !std::isnormal(value)))
        throw InputError(
            fmt::format("{}: '{}' is beyond the numbers that can be computed with (2.3e-308 to 1.7e308 {})", what, text,
                        native_unit(dimension)));
    return value;
}

std::string with_unit(double value, Dimension dimension) { return fmt::format("{} {}", value, native_unit(dimension)); }

Scale readable_time(double seconds) {
    const double t = std::abs(seconds);
    if (!(t > 0)) return {1.0, "s"};
    if (t < 1e-9) return {1e12, "ps"};
    if (t < 1e-6) return {1e9, "ns"};
    if (t < 1e-3) return {1e6, "us"};
    return {1.0, "s"};
}

}  // namespace vitrum
