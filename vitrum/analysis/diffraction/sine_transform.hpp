// Between S(q), G(r) and g(r): sine transforms with named windows.
//
//   G(r) = (2/pi) int Q (S - 1) M(Q) sin(Q r) dQ = 4 pi r rho0 (g - 1)
//   S(q) = 1 + (1/q) int G(r) M(r) sin(q r) dr
// Windows: none M = 1; Lorch M = sin(pi x/x_max)/(pi x/x_max), x_max the end of the data. The full width at half
// maximum of a delta in G times Q_max is 3.791 without window and 5.437 with Lorch's. The integrand times its argument
// is taken as linear between points, and integrated exactly against the sine: grids need not be even. Sources: Warren,
// X-ray Diffraction (1969), ch. 10; Lorch, J. Phys. C 2 (1969) 229.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vitrum/core/data/curve.hpp"

namespace vitrum::analysis {

enum class Window { none, lorch };
[[nodiscard]] std::string_view name(Window window);
[[nodiscard]] Window window_from(std::string_view text);  // InputError

// What stands between q = 0 and the first point of S(q).
enum class LowQ {
    left_out,  // the integral begins at the first point
    constant,  // S keeps the value of the first point
    parabola,  // S(q) = S(0) + (S(q_1) - S(0)) (q/q_1)^2 with the S(0) given
};
[[nodiscard]] std::string_view name(LowQ low_q);
[[nodiscard]] LowQ low_q_from(std::string_view text);  // InputError

struct ToDistanceOptions {
    Window window = Window::lorch;
    double q_max = 0;  // [1/angstrom] data beyond it are not used; 0: all data
    LowQ low_q = LowQ::constant;
    double s_zero = 0;  // S(0) for parabola
    double r_max = 20;  // [angstrom]
    double r_step = 0.02;
};

struct Transformed {
    Curve curve;
    std::string note;  // window, its end, how low q was filled
};

// G(r) [1/angstrom^2] of a curve S(q) with q in 1/angstrom, increasing. Errors are propagated: from the covariance
// factor if there is one, else from y_error as independent. Throws InputError: fewer than 3 points, q not increasing or
// negative, values that are not finite, bad options.
[[nodiscard]] Transformed reduced_pair_distribution(const Curve& structure_factor, const ToDistanceOptions& options);

struct ToWavevectorOptions {
    Window window = Window::lorch;
    double r_max = 0;  // [angstrom] 0: all data
    double q_low = 0.5;
    double q_high = 10;
    double q_step = 0.05;
};

// S(q) of g(r) at the number density [1/angstrom^3] of all atoms; a partial g gives its Faber-Ziman partial. Below the
// first point of g the gap is taken as g = first value. Errors and exceptions as above.
[[nodiscard]] Transformed structure_factor_of(const Curve& pair_distribution, double density,
                                              const ToWavevectorOptions& options);

// g(r) = 1 + G/(4 pi r rho0), point by point with errors; r > 0.
[[nodiscard]] Curve pair_distribution_of(const Curve& reduced, double density);

}  // namespace vitrum::analysis
