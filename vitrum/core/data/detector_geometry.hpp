// Where a flat detector stood, in the convention of pyFAI (Kieffer and Karkoulis 2013,
// https://doi.org/10.1088/1742-6596/425/20/202012): the point of normal incidence and three rotations.
#pragma once

#include <limits>

namespace vitrum {

inline constexpr double kev_angstrom = 12.398419843;  // energy times wavelength of photons

// NaN = not known. Axis 1 runs along the columns (from row to row), axis 2 along a row. Lengths count from the outer
// corner of pixel (0, 0), whose middle lies half a pixel inside.
struct DetectorGeometry {
    double pixel_1 = std::numeric_limits<double>::quiet_NaN();     // [m]
    double pixel_2 = std::numeric_limits<double>::quiet_NaN();     // [m]
    double distance = std::numeric_limits<double>::quiet_NaN();    // [m] sample to the point of normal incidence
    double poni_1 = std::numeric_limits<double>::quiet_NaN();      // [m]
    double poni_2 = std::numeric_limits<double>::quiet_NaN();      // [m]
    double wavelength = std::numeric_limits<double>::quiet_NaN();  // [angstrom]
    double rotation_1 = 0;                                         // [rad]
    double rotation_2 = 0;
    double rotation_3 = 0;
};

}  // namespace vitrum
