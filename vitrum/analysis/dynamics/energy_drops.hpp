// Rearrangements while a sample is compressed or decompressed in steps, from its inherent structures: what each step
// dissipates is the work done on the sample less the rise of its energy,
//   drop = -(P_before + P_after)/2 (V_after - V_before) - (E_after - E_before)      trapezoid rule
// On an elastic branch dE = -P dV, so drop = -(E'''/12) dV^3, third order in the step; a rearrangement shows as a drop.
// P and E are those of the minimised configurations (0 K), of the whole sample.
// Drops above the threshold are avalanches; their sizes go to the exponent of a power law.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/analysis/dynamics/jackknife.hpp"
#include "vitrum/analysis/dynamics/nonaffine.hpp"
#include "vitrum/core/data/event_catalogue.hpp"
#include "vitrum/core/data/trajectory.hpp"

namespace vitrum::analysis {

struct StrainStep {
    double pressure = 0;  // [GPa] of the inherent structure
    double energy = 0;    // [eV] of the whole sample
    double volume = 0;    // [angstrom^3] of the whole sample
};

struct EnergyDropOptions {
    // [eV] 0: five robust standard deviations (1.4826 times the median distance from the median) above the median of
    // all steps, at least 1e-6 eV; wrong where most steps rearrange: then give one.
    double threshold = 0;
    bool bias_corrected = true;  // of the exponent
};

struct EnergyDrops {
    std::vector<double> dissipated;             // [eV] of each step, one fewer than rows
    double threshold = 0;                       // [eV] that was used
    std::vector<std::size_t> rows;              // the row after each drop
    EventCatalogue all;                         // sizes [eV] in the order of rows
    EventCatalogue compression, decompression;  // by the sign of the change of volume
    Findings result;
};

// Curve dissipated_energy [eV] against step; estimates energy_drop_count, energy_drop_mean (standard error over drops),
// dissipated_energy, and power_law_exponent with x_min = threshold (no_data below 3 drops). Throws InputError: fewer
// than two rows, values that are not finite, volumes not positive, a negative threshold.
[[nodiscard]] EnergyDrops energy_drops(const std::vector<StrainStep>& rows, const EnergyDropOptions& options = {});

// Atoms whose D2min per neighbour exceeds options.threshold across each drop; one frame per row. The options' frames
// are not used. Throws InputError where frames and rows differ.
[[nodiscard]] std::vector<std::size_t> drop_participation(const Trajectory& inherent, const EnergyDrops& drops,
                                                          const NonaffineOptions& options = {});

// drop_participation: the mean over drops with its standard error; no_data without drops.
[[nodiscard]] Estimate mean_participation(const std::vector<std::size_t>& atoms);

}  // namespace vitrum::analysis
