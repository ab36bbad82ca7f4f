// Third-order Birch-Murnaghan equation of state through points (V, P):
//   P = (3/2) K [x^(7/3) - x^(5/3)] [1 + (3/4) (K' - 4) (x^(2/3) - 1)], x = V0/V,
// with V0, K and K' at P = 0. Source: Birch, Phys. Rev. 71 (1947) 809.
//
// Least squares in P with volumes taken as exact. All three free: P V^(5/3) is a quadratic in V^(-2/3), solved at once;
// with K' fixed the solution is iterated (Gauss-Newton).
#pragma once

#include <optional>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/core/estimate/fit_quality.hpp"

namespace vitrum::analysis {

struct EquationOfStateOptions {
    std::optional<double> fixed_derivative{};          // K' is this, not fitted
    double rejection_level = vitrum::rejection_level;  // of the law's p
};

struct EquationOfState {
    double volume = not_a_number;      // V0, unit of the volumes
    double modulus = not_a_number;     // K [GPa]
    double derivative = not_a_number;  // K'
    Status status = Status::no_data;
    FitQuality quality;
    // equilibrium_volume, bulk_modulus, bulk_modulus_derivative (without error if it was fixed), equation_of_state_p.
    std::vector<Estimate> estimates;
    Curve fit;  // "equation_of_state": P [GPa] against V at the points
};

// points: x = volume in any unit (positive), y = pressure [GPa], y_error where known. Errors of the parameters: those
// of the points, else from the scatter about the law. no_data: fewer different volumes than parameters (one more
// without errors of the points); not_converged: no law with positive V0 and K; law_rejected: p below the level, or a
// point beyond the spinodal of the fitted law, where -V dP/dV is not positive and no equilibrium is. Throws InputError
// for a volume that is not positive.
[[nodiscard]] EquationOfState equation_of_state(const Curve& points, const EquationOfStateOptions& options = {});

// P [GPa] of the law.
[[nodiscard]] double birch_murnaghan(double volume, double v0, double modulus, double derivative);

// Bulk modulus between neighbouring volumes, K = -(P2 - P1)/ln(V2/V1): rows local_bulk_modulus [GPa] at abscissa
// pressure (mean of both), from the lowest. It is -V dP/dV between the two up to terms of second order in the step.
// Errors from those of P (and of V, relative_volume_error, where known); without them no error. not_resolved where the
// error is as large as the value. Throws InputError: two points at one volume, a volume that is not positive.
[[nodiscard]] std::vector<Estimate> local_bulk_modulus(const Curve& points,
                                                       const std::vector<double>& relative_volume_error = {});

}  // namespace vitrum::analysis
