// Apparent activation volume between neighbouring pressures, kT ln(tau2/tau1)/(P2 - P1) [angstrom^3] (Zhang et al.
// 2023, DeltaV = kT d(ln tau)/dP).
#pragma once

#include <limits>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct ActivationVolumeOptions {
    double temperature = 300;  // [K]
    // [GPa] pressures that are used, both ends with them: on one side of a crossover.
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    double rejection_level = vitrum::rejection_level;  // of the straight line's p
};

// tau: x = pressure [GPa], y = tau in any one time unit, y_error. Points need not be sorted. One row per pair of
// neighbours, at abscissa pressure = their mean, index 0 from the lowest pair. Not finite or non-positive tau: no_data.
// activation_volume_slope: kT times the weighted straight line of ln tau through all pressures, of three or more, as
// Zhang et al. draw it; law_rejected where that line does not hold.
// activation_volume_p: chi^2 of ln tau about one straight line, that is whether one volume serves all pressures; of
// three or more tau. The volume between two neighbours assumes no law and is never rejected.
[[nodiscard]] std::vector<Estimate> activation_volume(const Curve& tau, const ActivationVolumeOptions& options);

}  // namespace vitrum::analysis
