// Contrast and grain of the speckle from the optics, for planning. Every factor is the mean of |degree of coherence|^2
// over all pairs of points that light up together, of uniform illumination:
//   F(a) = 2 integral_0^1 (1-u) exp(-(a u)^2) du = sqrt(pi) erf(a)/a - (1 - exp(-a^2))/a^2
// 1 at a = 0, sqrt(pi)/a for large a.
#pragma once

#include <limits>

namespace vitrum::validation {

[[nodiscard]] double pair_mean(double a);  // F(a)

// A finite square pixel on speckle whose |mu|^2 is exp(-pi x^2/s^2) along each axis (integral s): F(sqrt(pi)/s) of
// both, s in pixels.
[[nodiscard]] double pixel_factor(double grain_radial, double grain_transverse);

// What of the contrast finite exposures leave, at lag 0: 2 integral_0^1 (1-u) exp(-2 (u e)^beta) du, e = exposure/tau.
[[nodiscard]] double exposure_factor(double exposure_over_tau, double beta);

// A slab of thickness W across a beam cut to D x D, seen at 2 theta through the slab.
struct ScatteringVolume {
    double wavelength = 1;  // [angstrom]
    double two_theta = 0;   // [rad]
    double beam_size = 1;   // D [um]
    double thickness = 0;   // W [um]
    double bandwidth = 0;   // relative, full width at half maximum of a Gaussian spectrum
    double coherence_length = std::numeric_limits<double>::infinity();  // xi [um]: |mu(x)| = exp(-x^2/(2 xi^2))
};

// Points x (in the plane of scattering, across the beam) and z (along it) apart have the path difference
//   P = x sin(2 theta) - z (1 - cos(2 theta))
// and the coherence |gamma|^2 = exp(-(k sigma P)^2), sigma the standard deviation of the relative wavelength, k = 2 pi/
// wavelength; times exp(-x^2/xi^2). The mean over all pairs, by quadrature; relative error below 1e-6.
[[nodiscard]] double in_plane_factor(const ScatteringVolume& volume);
// Across the plane of scattering: F(D/xi).
[[nodiscard]] double out_of_plane_factor(const ScatteringVolume& volume);

}  // namespace vitrum::validation
