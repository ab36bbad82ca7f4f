#include "vitrum/sim/protocol/cuzr.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/atoms/form_factors.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/sim/protocol/health.hpp"
#include "vitrum/sim/protocol/stages.hpp"
#include "vitrum/sim/scattering/reference.hpp"
#include "vitrum/sim/scattering/scattering.hpp"

namespace vitrum::sim {

namespace {

constexpr double gram_per_mol_a3 = 1.66053906660;  // 1 g/mol per angstrom^3 in g/cm^3: 1e24 / Avogadro

std::vector<double> column(const StageOutput& output, double Row::*member, std::size_t first, double factor) {
    std::vector<double> values;
    for (std::size_t i = first; i < output.rows.size(); ++i) values.push_back(output.rows[i].*member * factor);
    return values;
}

TimeSeries trace(const char* name, const char* unit, const StageOutput& sample, double time_step,
                 std::vector<double> values) {
    TimeSeries series{name, unit, {}, std::move(values)};
    for (const Row& row : sample.rows) series.time.push_back(row.step * time_step);
    return series;
}

void store_means(const CuZrOptions& options, const FinishedStages& stages, double mass, CuZrRun& run) {
    const StageOutput& sample = stages.sample;
    const BlockedMean volume = blocked_mean(column(stages.hold, &Row::volume, stages.hold.rows.size() / 2, 1.0));
    run.density = mass * gram_per_mol_a3 / volume.mean;
    run.density_error = run.density * volume.error / volume.mean;

    const std::vector<double> temperature = column(sample, &Row::temperature, 0, 1.0);
    const std::vector<double> pressure = column(sample, &Row::pressure, 0, 1.0);
    const std::vector<double> energy =
        column(sample, &Row::potential_energy, 0, 1.0 / static_cast<double>(options.atoms));
    const auto set = [](std::span<const double> values, double& mean, double& error) {
        const BlockedMean blocked = blocked_mean(values);
        mean = blocked.mean;
        error = blocked.error;
    };
    set(temperature, run.mean_temperature, run.mean_temperature_error);
    set(pressure, run.mean_pressure, run.mean_pressure_error);
    set(energy, run.potential_energy, run.potential_energy_error);
    run.traces = {trace("temperature", "K", sample, options.time_step, temperature),
                  trace("pressure", "GPa", sample, options.time_step, pressure),
                  trace("potential energy", "eV/atom", sample, options.time_step, energy)};
}

Trajectory trajectory_of(std::vector<Frame> frames, const std::vector<int>& species, const std::vector<double>& masses,
                         double frame_time) {
    Trajectory t;
    t.elements = {"Cu", "Zr"};
    for (std::size_t i = 0; i < species.size(); ++i) {
        t.species.push_back(species[i] - 1);
        t.id.push_back(static_cast<std::int64_t>(i) + 1);
    }
    t.mass = masses;
    t.frames = std::move(frames);
    for (std::size_t f = 0; f < t.frames.size(); ++f) t.frames[f].time = static_cast<double>(f) * frame_time;
    return t;
}

std::vector<double> masses_of(const std::vector<int>& species) {
    std::vector<double> masses;
    for (const int s : species) masses.push_back(s == 1 ? copper.mass : zirconium.mass);
    return masses;
}

}  // namespace

double steps(const CuZrOptions& options) { return steps(protocol_of(options)); }

void scatter(std::vector<Frame> frames, const std::vector<int>& species, double frame_time, double half_width,
             const WorkerPlace& place, CuZrRun& result) {
    const std::vector<double> masses = masses_of(species);
    result.frames = frames.size();
    result.frame_time = frame_time;
    if (place.progress) place.progress(1.0, "scattering");
    remove_drift(frames, masses);
    const XrayPeak peak = first_peak(frames, species);
    if (!peak.inside)
        result.warnings.push_back(
            fmt::format("S(q) has no clear peak between 2.0 and 3.6 per angstrom; wavevectors "
                        "around {:.2f} are used",
                        peak.q));
    result.peak = peak.q;
    const std::vector<Wavevector> vectors = wavevectors(frames.front().box, peak.q - half_width, peak.q + half_width);
    if (vectors.size() < 16)
        throw RunError(
            fmt::format("only {} wavevectors of the box lie within {} of the peak at {:.3f} 1/angstrom; use "
                        "more atoms or a larger wavevector_half_width",
                        vectors.size(), half_width, peak.q));
    const std::vector<std::complex<double>> amplitudes = xray_amplitudes(frames, species, vectors);
    if (place.cancelled && place.cancelled()) throw Interrupted();
    const QBins bins = make_bins(vectors);
    for (const Wavevector& v : vectors) {
        result.q.push_back(v.q);
        result.miller.push_back(v.n);
    }
    result.intensity = speckle_intensity(amplitudes, frames.size(), bins);
    result.reference = reference(amplitudes, frames.size(), bins, result.frame_time);
    result.wavevectors = vectors;
    result.trajectory = trajectory_of(std::move(frames), species, masses, result.frame_time);
}

CuZrRun run(const CuZrOptions& options, const WorkerPlace& place) {
    check(options);
    FinishedStages stages = run_stages(options, place);
    CuZrRun result;
    result.warnings = health_warnings(options, stages);
    if (!stages.lammps_versions.empty()) result.lammps_version = stages.lammps_versions.back();
    double mass = 0;
    for (const double m : masses_of(stages.species)) mass += m;
    store_means(options, stages, mass, result);
    scatter(std::move(stages.sample.frames), stages.species,
            std::round(options.sampling_interval / options.time_step) * options.time_step,
            options.wavevector_half_width, place, result);
    return result;
}

}  // namespace vitrum::sim
