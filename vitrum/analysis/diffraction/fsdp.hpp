// First sharp diffraction peak of S(q), simulated or measured: position, height, width and area, by a named method.
//
// parabola: least squares through the points above 1 - `fraction` of the highest one; position and height of its top.
// centre_of_mass: centroid in q of the part of the peak above the level (1 - fraction) S_top, lines between points;
//   height S_top. The centroid of the part above 50 % and of 20 % differ for a skew peak: that is no error.
// double_sigmoid: S = y0 + A s1 (1 - s2), s1 = 1/(1 + exp(-(q - qc + w1/2)/w2)), s2 = 1/(1 + exp(-(q - qc - w1/2)/w3)),
//   fitted in the window; position, height and width of the fitted curve, area int (S - y0) dq over all q.
// Width of the first two: full width at half of S_top (not of S_top - 1), lines between points; area: int S dq between
// those points. Sources: Cornet et al. 2024 (double sigmoid, centre of mass of the top half).
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/findings.hpp"

namespace vitrum::analysis {

enum class PeakMethod { parabola, centre_of_mass, double_sigmoid };
[[nodiscard]] std::string_view name(PeakMethod method);
[[nodiscard]] PeakMethod peak_method_from(std::string_view text);  // InputError

struct FsdpOptions {
    PeakMethod method = PeakMethod::parabola;
    double fraction = 0;  // of the height, from the top; 0: 0.2 for parabola, 0.5 for centre_of_mass
    // [1/angstrom] where the highest point is looked for; 0, 0: anywhere
    double search_low = 0;
    double search_high = 0;
    // [1/angstrom] points of the double sigmoid's fit; 0, 0: 0.8 to 1.25 of the highest point's q
    double fit_low = 0;
    double fit_high = 0;
};

struct DoubleSigmoid {
    double y0 = 0, a = 0, qc = 0, w1 = 0, w2 = 0, w3 = 0;
    [[nodiscard]] double operator()(double q) const;
};

// Position of the top, its height (y0 included), full width at half of (top - y0), area without y0; lengths by search,
// area by quadrature to 1e-10.
struct PeakShape {
    double position = 0, height = 0, width = 0, area = 0;
};
[[nodiscard]] PeakShape shape(const DoubleSigmoid& law);

// Estimates fsdp_position, fsdp_height, fsdp_width, fsdp_area; of double_sigmoid the curve "fsdp_fit".
// Errors: propagated from the curve's (its covariance, else independent errors of the points); of the fit those of its
// weights 1/error^2, without errors from the scatter about the fit. Status no_data: the highest point is at an edge, or
// a flank is not in the data; not_converged: the fit. Throws InputError for q not increasing, an empty search range, a
// fraction outside 0 .. 1.
[[nodiscard]] Findings fsdp(const Curve& structure_factor, const FsdpOptions& options = {});

}  // namespace vitrum::analysis
