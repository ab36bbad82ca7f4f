// Rearrangements while a sample is compressed, decompressed or sheared in steps, from its inherent structures: what
// each step dissipates is the work done on the sample less the rise of its energy,
//   drop = -(P_before + P_after)/2 (V_after - V_before) + V (s_before + s_after)/2 (g_after - g_before)
//          - (E_after - E_before)                                     trapezoid rule; s shear stress, g shear strain
// On an elastic branch dE = -P dV + V s dg, so drop = -(E'''/12) dV^3 (or dg^3), third order in the step; a
// rearrangement shows as a drop. P and E are those of the minimised configurations (0 K), of the whole sample. Drops
// above the threshold are avalanches; their sizes go to the exponent of a power law.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/data/event_catalogue.hpp"
#include "vitrum/core/data/findings.hpp"

namespace vitrum::analysis {

struct StrainStep {
    double pressure = 0;      // [GPa] of the inherent structure
    double energy = 0;        // [eV] of the whole sample
    double volume = 0;        // [angstrom^3] of the whole sample
    double shear_stress = 0;  // [GPa] positive where it resists positive strain
    double shear_strain = 0;
};

struct EnergyDropOptions {
    // [eV] 0: five robust standard deviations (1.4826 times the median distance from the median) above the median of
    // all steps, at least 1e-6 eV; wrong where most steps rearrange: then give one. And at least twice the most that a
    // step seems to gain: a step cannot, so that is noise, or the error of the trapezoid rule.
    double threshold = 0;
    bool bias_corrected = true;  // of the exponent
};

struct EnergyDrops {
    std::vector<double> dissipated;             // [eV] of each step, one fewer than rows
    double threshold = 0;                       // [eV] that was used
    std::vector<std::size_t> rows;              // the row after each drop
    EventCatalogue all;                         // sizes [eV] in the order of rows
    EventCatalogue compression, decompression;  // by the sign of the change of volume; shear: forwards, back
    Findings result;                            // the catalogue `all` as "drops", too
};

// Curve dissipated_energy [eV] against step; estimates energy_drop_count, energy_drop_mean (standard error over drops),
// dissipated_energy, stress_drop_mean (the fall of the stress, or of the pressure where there is no shear, against
// the modulus of the steps without: their median), and power_law_exponent with x_min = threshold (no_data below 3
// drops). Throws InputError: fewer than two rows, values that are not finite, volumes not positive, a negative
// threshold.
[[nodiscard]] EnergyDrops energy_drops(const std::vector<StrainStep>& rows, const EnergyDropOptions& options = {});

}  // namespace vitrum::analysis
