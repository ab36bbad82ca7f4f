// A speckle pattern with grains, and how it moves over the detector: neighbouring pixels share speckle.
//
// Grain: <E(x1) E*(x2)> = mu(x1 - x2) at one time, mu real, a product of rows and columns. For a grain of s pixels
// along one axis
//   mu(x) = exp(-pi x^2/(2 s^2)),   integral of |mu(x)|^2 dx = s
// so s is the correlation length in Goodman's sense (Speckle Phenomena in Optics, 2007, section 4.4): lambda L/D for a
// beam of size D. What is drawn is a finite set of plane waves whose own mu (PlaneWaves) is the truth.
//
// Motion: at time t pixel x shows what stood at
//   x'(t) = x - d(t) - e(t) (x - c)
// d a shift [pixels]: steady, in steps, or a random walk; e a strain about the point c [pixels]: the pattern grows.
// All is counted from the beginning of the scan.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/core/stream.hpp"
#include "vitrum/model/field/sample_times.hpp"

namespace vitrum::model {

struct PatternAxis {
    double grain = 0;                  // s [pixels]; 0 on both axes = independent pixels
    double velocity = 0;               // of d [pixels/s]
    double walk = 0;                   // d is a random walk: standard deviation after 1 s [pixels]
    double strain_rate = 0;            // of e [1/s]
    double centre = 0;                 // c [pixels], from the first pixel; may lie far outside
    std::vector<double> step_sizes{};  // [pixels] at PatternOptions::step_times

    [[nodiscard]] bool moves() const { return velocity != 0 || walk != 0 || strain_rate != 0 || !step_sizes.empty(); }
};

struct PatternOptions {
    PatternAxis rows{};
    PatternAxis columns{};
    std::vector<double> step_times{};  // [s] age, increasing
    // Each pixel is the mean of so many points along each axis; 1 = its middle alone. Averaging lowers the contrast.
    std::size_t subpixels = 1;

    [[nodiscard]] bool any() const { return rows.grain > 0 || columns.grain > 0; }
    [[nodiscard]] bool moves() const { return rows.moves() || columns.moves(); }
    // Where the pattern stands depends on the lag alone: no steps and no walk.
    [[nodiscard]] bool steady() const { return rows.walk == 0 && columns.walk == 0 && step_times.empty(); }
};

// Throws InputError, one line.
void check(const PatternOptions& pattern);

// x' = scale x + offset at each instant, along one axis.
struct AxisView {
    std::vector<double> scale;
    std::vector<double> offset;  // [pixels]

    [[nodiscard]] double at(std::size_t instant, double x) const { return scale[instant] * x + offset[instant]; }
};

struct PatternView {
    AxisView rows;
    AxisView columns;
};

// The motion of one realisation at every instant. d [pixels] and e of the axis stand in offset and scale:
// scale = 1 - e, offset = e c - d.
[[nodiscard]] PatternView view_of(const PatternOptions& pattern, const SampleTimes& times, const StreamKey& key);

// The places inside a pixel, about its middle: -1/4, 1/4 for two.
[[nodiscard]] std::vector<double> places_in_pixel(std::size_t subpixels);

// What a flat detector on an arm sees, perpendicular to the scattered beam. `wavevector` [1/angstrom] is the middle of
// the region, theta its Bragg angle. The pattern at one wavelength is the pattern at another, stretched as 1/q is: a
// spectrum of relative width b (FWHM) smears it radially by 2 tan(theta) L b, and a strain of the sample, dq/q, moves
// it by 2 tan(theta) L dq/q. With the variance of a Gaussian spectrum taken twice (two intensities are compared)
//   s_transverse = lambda L/D
//   s_radial^2   = (lambda L/D)^2 + 4 pi (2 tan(theta) L b/2.3548)^2
// The thickness of the sample is left out: it narrows the first term alone.
struct PatternOptics {
    double wavelength = 0.5918;  // [angstrom]
    double wavevector = 2.87;    // [1/angstrom]
    double distance = 5;         // [m]
    double pixel_size = 75;      // [um]
    double beam_size = 8;        // D [um]
    double bandwidth = 1.4e-4;   // b, relative, full width at half maximum
};

// Throws InputError, one line.
void check(const PatternOptics& optics);

[[nodiscard]] double transverse_grain(const PatternOptics& optics);  // [pixels]
[[nodiscard]] double radial_grain(const PatternOptics& optics);      // [pixels]
[[nodiscard]] double radial_shift(const PatternOptics& optics);      // [pixels] for dq/q = 1: 2 tan(theta) L

// Grain along both axes, and the strain of a sample whose dq/q grows at `strain_rate` [1/s]; `radial_rows`: q grows
// with the rows, else with the columns. `middle_*` [pixels] is where the wavevector is that of the optics.
void set_optics(PatternOptions& pattern, const PatternOptics& optics, double strain_rate, bool radial_rows,
                double middle_row, double middle_column);

}  // namespace vitrum::model
