// From a measured intensity on an arbitrary scale to S(q): Krogh-Moe and Norman's integral, the density from the slope
// of G(r) below the shortest distance, and Eggert's iterations.
//
// The intensity is (I_coh + C)/alpha per atom, C the Compton scattering, all other background taken off before.
//   alpha = [-2 pi^2 rho0 + int (<f^2> + C) Q^2/<f>^2 dQ]/int I Q^2/<f>^2 dQ
//   S = [alpha I - C - (<f^2> - <f>^2)]/<f>^2
// Below r_min there are no pairs: G(r) = -4 pi rho0 r. If rho0 is not known it is the least-squares slope of G (Lorch's
// window) between 2 pi/Q_max and r_min - 2 pi/Q_max, and alpha and rho0 are found in turn until neither changes. Then
//   S <- S [1 - (1/Q) int_0^r_min (G + 4 pi rho0 r) sin(Q r) dr]
// until it does not change. Sources: Krogh-Moe, Acta Cryst. 9 (1956) 951; Norman, Acta Cryst. 10 (1957) 370; Eggert,
// Weck, Loubeyre, Mezouar, Phys. Rev. B 65 (2002) 174105.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/data/findings.hpp"

namespace vitrum::analysis {

struct NormalisationOptions {
    std::vector<std::pair<std::string, double>> composition;  // element and share of atoms; they sum to 1
    double density = 0;                                       // [1/angstrom^3] 0: found
    double r_min = 0;                                         // [angstrom] no pair is nearer; must be given
    double q_max = 0;                                         // [1/angstrom] 0: all data
    int most_iterations = 10000;
    double tolerance = 1e-5;  // largest change of S in an iteration at which they end
};

// Curves "structure_factor_xray" (refined), "structure_factor_unrefined"; estimates intensity_scale, number_density,
// without errors.
struct Normalised : Findings {
    int iterations = 0;
    double residual = 0;  // [1/angstrom^2] root mean square of G + 4 pi rho0 r below r_min in the end
};

// intensity: q [1/angstrom], increasing, from near 0. compton: C(q) per atom [electron units] on any grid that covers
// the intensity's, or a curve without points: none left in the data. Throws InputError: composition, r_min shorter than
// 8 pi/Q_max (no room for the slope), points, elements without form factor.
[[nodiscard]] Normalised normalise_intensity(const Curve& intensity, const Curve& compton,
                                             const NormalisationOptions& options);

}  // namespace vitrum::analysis
