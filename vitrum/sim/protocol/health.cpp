#include "vitrum/sim/protocol/health.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/atoms/xray_peak.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/core/units.hpp"

namespace vitrum::sim {

namespace {

// Deviations beyond this many standard errors are reported; the errors themselves are known to some 30 %.
constexpr double many = 4;

std::vector<double> column(const StageOutput& output, double Row::*member, std::size_t first = 0) {
    std::vector<double> values;
    for (std::size_t i = first; i < output.rows.size(); ++i) values.push_back(output.rows[i].*member);
    return values;
}

// Mean square displacement [angstrom^2] between two frames of one stage.
double mean_square_displacement(const Frame& a, const Frame& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.fractional.size(); ++i) {
        const double step = (b.fractional[i] - a.fractional[i]) * b.box[4 * (i % 3)];
        sum += step * step;
    }
    return 3 * sum / static_cast<double>(a.fractional.size());
}

// Largest intensity per atom, every atom scattering alike, over all wavevectors below 4 per angstrom. A crystal of N
// atoms reaches a good part of N; a liquid with S < 4 stays below 4 ln(number of wavevectors) or so.
bool has_bragg_peaks(const Frame& frame) {
    const std::vector<int> alike(frame.fractional.size() / 3, 0);
    const std::vector<Wavevector> vectors = wavevectors(frame.box, 1.0, 4.0);
    const std::vector<std::complex<double>> amplitudes =
        xray_amplitudes(std::span(&frame, 1), alike, std::span(&copper, 1), vectors);
    const auto atoms = static_cast<double>(alike.size());
    double largest = 0;
    for (std::size_t k = 0; k < vectors.size(); ++k) {
        const double f = std::norm(amplitudes[k]) / atoms / std::pow(copper(vectors[k].q), 2);
        largest = std::max(largest, f);
    }
    return largest > std::max(0.1 * atoms, 4 * std::log(static_cast<double>(vectors.size())) + 20);
}

}  // namespace

std::vector<std::string> melt_warnings(const StageOutput& melt) {
    constexpr double neighbour = 2.7;  // [angstrom]
    if (melt.frames.size() < 2) return {};
    const double moved = std::sqrt(mean_square_displacement(melt.frames.front(), melt.frames.back()));
    if (has_bragg_peaks(melt.frames.back()))
        return {
            "the sample did not melt: Bragg peaks at the end of the melt stage; raise melt_temperature or melt_time"};
    if (moved < neighbour / 2)
        return {
            fmt::format("the melt hardly flows: atoms moved {:.2f} angstrom (root mean square) in the second half of "
                        "the melt stage; the start may be remembered",
                        moved)};
    return {};
}

std::vector<std::string> sample_warnings(const StageOutput& hold, const StageOutput& equilibrate,
                                         const StageOutput& sample, double wanted_temperature, double wanted_pressure) {
    std::vector<std::string> warnings;
    if (sample.frames.empty()) return warnings;
    const auto atoms = static_cast<double>(sample.frames.front().fractional.size() / 3);
    if (has_bragg_peaks(sample.frames.back()))
        warnings.emplace_back("the sample crystallised: Bragg peaks in the last frame");

    const std::vector<double> volumes = column(hold, &Row::volume, hold.rows.size() / 2);
    const BlockedMean volume = blocked_mean(volumes);
    const BlockedMean pressure = blocked_mean(column(sample, &Row::pressure));
    const BlockedMean temperature = blocked_mean(column(sample, &Row::temperature));
    const BlockedMean energy_before =
        blocked_mean(column(equilibrate, &Row::total_energy, equilibrate.rows.size() / 2));

    // The volume was averaged over a finite time: its error, times the stiffness K/V = kT / var V, is one of pressure.
    double variance = 0;
    for (const double v : volumes)
        variance += (v - volume.mean) * (v - volume.mean) / static_cast<double>(volumes.size());
    const double from_volume = variance > 0 ? boltzmann_gpa_a3 * wanted_temperature / variance * volume.error : 0.0;
    const double pressure_error = std::hypot(pressure.error, from_volume);
    if (std::abs(pressure.mean - wanted_pressure) > many * pressure_error)
        warnings.push_back(
            fmt::format("mean pressure {:.3f} GPa is off its target of {:g} GPa by more than {:g} "
                        "standard errors ({:.3f} GPa)",
                        pressure.mean, wanted_pressure, many, pressure_error));

    // Energy was set to a mean with this error; a heat capacity of 3 k per atom is the least a dense system has.
    const double from_energy = energy_before.error / (3 * boltzmann_ev * atoms);
    const double temperature_error = std::hypot(temperature.error, from_energy);
    if (std::abs(temperature.mean - wanted_temperature) > many * temperature_error)
        warnings.push_back(
            fmt::format("mean temperature {:.1f} K is off its target of {:g} K by more than {:g} "
                        "standard errors ({:.1f} K)",
                        temperature.mean, wanted_temperature, many, temperature_error));

    // Drift of the conserved energy, as the heating it amounts to: 1 % of the temperature is too much.
    if (sample.rows.size() >= 4) {
        const std::size_t quarter = sample.rows.size() / 4;
        const std::vector<double> energy = column(sample, &Row::total_energy);
        const double drift =
            (blocked_mean(std::span(energy).last(quarter)).mean - blocked_mean(std::span(energy).first(quarter)).mean) *
            4.0 / 3.0 / atoms;
        const double allowed = 0.01 * 3 * boltzmann_ev * wanted_temperature;
        if (std::abs(drift) > allowed)
            warnings.push_back(
                fmt::format("total energy drifts by {:.2g} eV per atom while sampling, more than {:.2g}; "
                            "use a shorter time_step",
                            drift, allowed));
    }
    return warnings;
}

std::vector<std::string> health_warnings(const CuZrOptions& options, const FinishedStages& stages) {
    std::vector<std::string> warnings = melt_warnings(stages.melt);
    for (auto& text :
         sample_warnings(stages.hold, stages.equilibrate, stages.sample, options.temperature, options.pressure))
        warnings.push_back(std::move(text));
    if (stages.lammps_versions.size() > 1)
        warnings.push_back(fmt::format("stages were run by different LAMMPS versions ({}): the run does not repeat",
                                       fmt::join(stages.lammps_versions, ", ")));
    return warnings;
}

}  // namespace vitrum::sim
