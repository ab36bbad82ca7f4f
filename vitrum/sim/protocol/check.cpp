#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/sim/protocol/cuzr.hpp"
#include "vitrum/sim/protocol/initial_state.hpp"
#include "vitrum/sim/protocol/potential.hpp"
#include "vitrum/sim/worker/worker_process.hpp"

namespace vitrum::sim {

namespace {

void positive(double value, const char* name, const char* unit) {
    if (!std::isfinite(value) || value <= 0)
        throw InputError(fmt::format("{} must be positive and finite [{}], not {}", name, unit, value));
}

void check_atoms(const CuZrOptions& options) {
    constexpr std::int64_t fewest = 128;  // 13 angstrom: fewer, and the peak has too few wavevectors
    constexpr std::int64_t most = 2 * 100 * 100 * 100;
    if (options.atoms < fewest || options.atoms > most)
        throw InputError(
            fmt::format("atoms must lie between {} and {}, not {}; 1024 is usual", fewest, most, options.atoms));
    if (cells_per_edge(options.atoms) != 0) return;
    const auto low = static_cast<std::int64_t>(std::floor(std::cbrt(static_cast<double>(options.atoms) / 2)));
    const std::int64_t high = low + 1;
    throw InputError(
        fmt::format("atoms = {} does not fill whole cells (2 n^3 atoms); the nearest that do are {} and {}",
                    options.atoms, 2 * low * low * low, 2 * high * high * high));
}

void check_composition(const CuZrOptions& options) {
    const double c = options.copper_fraction;
    if (!(c > 0 && c < 1))
        throw InputError(fmt::format("copper_fraction must lie between 0 and 1 (both excluded), not {}", c));
    const std::int64_t copper = copper_atoms(c, options.atoms);
    if (copper == 0 || copper == options.atoms)
        throw InputError(
            fmt::format("copper_fraction = {} of {} atoms leaves one element without an atom", c, options.atoms));
}

void check_times(const CuZrOptions& options) {
    positive(options.time_step, "time_step", "s");
    positive(options.melt_time, "melt_time", "s");
    positive(options.cooling_rate, "cooling_rate", "K/s");
    positive(options.compression_rate, "compression_rate", "GPa/s");
    positive(options.hold_time, "hold_time", "s");
    positive(options.equilibration_time, "equilibration_time", "s");
    positive(options.sampling_time, "sampling_time", "s");
    positive(options.sampling_interval, "sampling_interval", "s");
    positive(options.time_limit, "time_limit", "s");
    const double ratio = options.sampling_interval / options.time_step;
    if (ratio > 1e9 || std::abs(ratio - std::round(ratio)) > 1e-6 * ratio || std::round(ratio) < 1)
        throw InputError(fmt::format(
            "sampling_interval must be a whole number of time steps: {:.6g} s is {:.6g} of "
            "{:.6g} s; the nearest is {:.6g} s",
            options.sampling_interval, ratio, options.time_step, std::max(1.0, std::round(ratio)) * options.time_step));
    if (options.sampling_time / options.sampling_interval < 15.5)
        throw InputError(fmt::format("sampling_time holds {:.3g} intervals of {:.6g} s; at least 16 frames are needed",
                                     options.sampling_time / options.sampling_interval, options.sampling_interval));
    for (const double stage : {options.melt_time, options.hold_time, options.equilibration_time})
        if (stage / options.time_step < 19.5)
            throw InputError(
                fmt::format("melt_time, hold_time and equilibration_time need at least 20 time steps of "
                            "{:.6g} s; one of them has {:.3g}",
                            options.time_step, stage / options.time_step));
    const double time = options.melt_time + options.hold_time + options.equilibration_time + options.sampling_time +
                        std::abs(options.melt_temperature - options.temperature) / options.cooling_rate +
                        options.pressure / options.compression_rate;
    if (!(time / options.time_step < 1e9))
        throw InputError(fmt::format("the times and rates add up to {:.3g} steps, more than any run can do",
                                     time / options.time_step));
}

void check_wavevectors(const CuZrOptions& options) {
    const double width = options.wavevector_half_width;
    positive(width, "wavevector_half_width", "1/angstrom");
    if (width > 0.5)
        throw InputError(
            fmt::format("wavevector_half_width = {} 1/angstrom is wider than the peak; 0.06 is usual", width));
    // Half of the box's wavevectors in a shell at the peak of the alloy, some 18 angstrom^3 per atom.
    constexpr double peak = 2.7;
    const double expected =
        18 * static_cast<double>(options.atoms) * peak * peak * 2 * width / (4 * std::numbers::pi * std::numbers::pi);
    if (expected < 24)
        throw InputError(
            fmt::format("wavevector_half_width = {} 1/angstrom and {} atoms give only about {:.0f} "
                        "wavevectors near the peak; at least 24 are needed",
                        width, options.atoms, expected));
}

}  // namespace

void check(const CuZrOptions& options) {
    check_atoms(options);
    check_composition(options);
    positive(options.melt_temperature, "melt_temperature", "K");
    positive(options.temperature, "temperature", "K");
    if (!std::isfinite(options.pressure) || options.pressure < 0 || options.pressure > 500)
        throw InputError(fmt::format("pressure must lie between 0 and 500 GPa, not {}", options.pressure));
    check_wavevectors(options);
    check_times(options);
    (void)inspect_potential(find_potential(options.potential), {"Cu", "Zr"});
    (void)find_worker();
}

}  // namespace vitrum::sim
