// Where the pixels of a flat detector look. The sample is the origin, the beam runs along z. The detector stands at
// `distance` on an arm that is turned by `arm_angle` in the plane of the rows, its surface perpendicular to the arm:
//   x(row, column) = L (sin a, 0, cos a) + p (column - c0) (cos a, 0, -sin a) + p (row - r0) (0, 1, 0)
//   q = (4 pi/lambda) sin(theta), 2 theta the angle between x and the beam; no small-angle form anywhere
//   azimuth = angle of x about the beam, from the direction in which the arm turns (columns) towards growing rows
// Whole numbers of rows and columns are the middles of the pixels. (r0, c0) may lie outside the detector.
#pragma once

#include <cstddef>
#include <vector>

namespace vitrum::model {

struct DetectorGeometry {
    double energy = 20.95;     // [keV] of the beam
    double distance = 5;       // [m] from the sample to the surface, along the arm
    double pixel_size = 75;    // [um] square pixels
    double centre_row = 0;     // where the arm's axis meets the surface; the direct beam if arm_angle = 0
    double centre_column = 0;  //
    double arm_angle = 0;      // [degrees]
};

// Throws InputError, one line: nothing but positive, finite numbers; an arm between -170 and 170 degrees.
void check(const DetectorGeometry& geometry);

[[nodiscard]] double wavelength(double energy_kev);  // [angstrom] hc/E

struct PixelDirection {
    double q = 0;        // [1/angstrom]
    double azimuth = 0;  // [degrees] in (-180, 180]
};
[[nodiscard]] PixelDirection direction(const DetectorGeometry& geometry, double row, double column);

// Of every pixel, row by row.
[[nodiscard]] std::vector<PixelDirection> directions(const DetectorGeometry& geometry, std::size_t rows,
                                                     std::size_t columns);

}  // namespace vitrum::model
